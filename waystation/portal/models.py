"""The portal keeps no people of its own; only how often somebody unknown has knocked."""

from django.db import models

from waystation.kernel.fields import KeyField


class Bucket(models.Model):
    """Tokens left for one visitor at one door. `key` is a keyed digest, never the address itself."""

    key = KeyField(primary_key=True, max_length=64)
    tokens = models.FloatField()
    filled_at = models.DateTimeField(db_index=True)
