"""A model with sealed columns for the tests; it is in no app registry and in no migration."""

from django.db import connection, models
from django.test.utils import isolate_apps

from waystation.kernel.fields import BlindIndexField, KeyField, SealedField
from waystation.kernel.ids import new_id


def last_four(text):
    return text[-4:] if len(text) >= 4 else None


with isolate_apps("waystation.kernel"):

    class Secret(models.Model):
        id = models.UUIDField(primary_key=True, default=new_id)
        path = KeyField(max_length=50, default="")
        id_number = SealedField()
        phone = SealedField()
        id_index = BlindIndexField(source="id_number", label="id_number", normalise=str.upper)
        phone_index = BlindIndexField(source="phone")
        phone_last = BlindIndexField(source="phone", label="phone_last4", normalise=last_four)

        class Meta:
            app_label = "kernel"
            db_table = "test_secret"


def make_table():
    pk = "uuid" if connection.vendor == "postgresql" else "char(32)"
    collation = 'COLLATE "C"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE test_secret (id {pk} PRIMARY KEY, path varchar(50) {collation}, "
            "id_number text, phone text, id_index varchar(64), phone_index varchar(64), "
            "phone_last varchar(64))"
        )
