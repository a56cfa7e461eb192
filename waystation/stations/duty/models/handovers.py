"""What passes from one shift to the next."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stations.duty.models.items import OpenItem
from waystation.stations.duty.models.rotas import Shift


class Handover(models.Model):
    """The brief that a closing shift leaves: a short note; its list is made of the steps of the items.

    Law: a closed shift has exactly one, and it waits until somebody of a later shift has read it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(Unit, models.PROTECT, related_name="handovers")
    shift = models.OneToOneField(Shift, models.PROTECT, related_name="handover")
    note = models.CharField(max_length=400, default="", blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    read_on_shift = models.ForeignKey(Shift, models.PROTECT, null=True, related_name="briefs_read")

    class Meta:
        indexes = [models.Index(fields=["station"], name="handover_unread", condition=Q(read_at=None))]
        constraints = [
            models.CheckConstraint(
                name="handover_is_read_by_somebody_or_unread",
                condition=Q(read_at=None, read_by=None, read_on_shift=None)
                | Q(read_at__isnull=False, read_on_shift__isnull=False),
            )
        ]


class ItemStep(models.Model):
    """An open item changed hands inside its unit: to a shift, onto a later day, or back to the unit."""

    class Kind(models.TextChoices):
        HANDED = "handed", pgettext_lazy("item", "Handed on")
        PARKED = "parked", pgettext_lazy("item", "Parked")
        TAKEN = "taken", pgettext_lazy("item", "Taken back by the unit")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(OpenItem, models.PROTECT, related_name="steps")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    from_shift = models.ForeignKey(Shift, models.PROTECT, null=True, related_name="steps_out")
    to_shift = models.ForeignKey(Shift, models.PROTECT, null=True, related_name="steps_in")
    parked_until = models.DateField(null=True)
    note = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "at"], name="step_unit")]
        constraints = [
            models.CheckConstraint(
                name="a_step_says_where_to",
                condition=Q(kind="handed", to_shift__isnull=False, parked_until=None)
                | Q(kind="parked", to_shift=None, parked_until__isnull=False)
                | Q(kind="taken", to_shift=None, parked_until=None),
            )
        ]
