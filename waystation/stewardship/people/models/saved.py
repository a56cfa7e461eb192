"""Lists of people that somebody named and comes back to."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit


class SavedListQuerySet(models.QuerySet):
    def seen_by(self, user, units):
        """The user's own, and those shared with a unit in which the user holds a mandate."""
        return self.filter(models.Q(owner=user) | models.Q(unit__in=list(units)))


class SavedList(models.Model):
    """Filters under a name. It holds no people: whoever opens it sees whom the filters find in their own reach."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_lists")
    name = models.CharField(_("Name of the list"), max_length=40)
    filters = models.JSONField()  # words, and units by their id, as `queries.saved.packed` writes them
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # with whom it is shared
    created_at = models.DateTimeField()

    objects = SavedListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="saved_list_name_is_unique_for_its_owner", fields=["owner", "name"])
        ]

    def __str__(self):
        return self.name
