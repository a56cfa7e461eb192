"""What a unit has to do."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.fields import KeyField
from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stations.duty.models.rotas import Shift

NO_DAY = date(9999, 12, 31)  # where an item without a day stands in the order of days


class OpenItemQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("unit_path"))

    def open(self):
        return self.filter(done_at=None)


class OpenItem(models.Model):
    """Something that a unit has to do until a day, told by the app that knows why.

    Laws: an open item has exactly one holder: the unit, or one of its shifts to which it was handed, while a
    parked one rests with the unit until its day; no closed shift holds one; one open item a `key`. `bundle`
    names what it belongs to ("stay:<id>"), so that all items of a stay move together when another unit takes
    over.
    """

    class Topic(models.TextChoices):
        ARRIVAL = "arrival", pgettext_lazy("topic", "Arrival")
        CONTACT = "contact", pgettext_lazy("topic", "Contact")
        TALK = "talk", pgettext_lazy("topic", "Talk")
        LIFE = "life", pgettext_lazy("topic", "Organization life")
        EDUCATION = "education", pgettext_lazy("topic", "Education")
        APPRAISAL = "appraisal", pgettext_lazy("topic", "Appraisal")
        DUES = "dues", pgettext_lazy("topic", "Dues")
        SERVICE = "service", pgettext_lazy("topic", "Service")
        TRANSFER = "transfer", pgettext_lazy("topic", "Formal transfer")
        CARD = "card", pgettext_lazy("topic", "Activity card")
        LOST = "lost", pgettext_lazy("topic", "Lost contact")
        OTHER = "other", pgettext_lazy("topic", "Other matter")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="open_items")
    unit_path = KeyField(max_length=255)
    topic = models.CharField(max_length=16, choices=Topic)
    title = models.CharField(_("What is to be done"), max_length=200)
    key = KeyField(max_length=120, default="", blank=True)
    bundle = KeyField(max_length=64, default="", blank=True)
    link = models.CharField(max_length=64, default="", blank=True)  # the name of an address, "contacts:lost"
    link_pk = KeyField(max_length=64, default="", blank=True)
    due_on = models.DateField(null=True)
    # The same, or the last day there is: lists are sorted by it.
    due_key = models.GeneratedField(
        expression=Coalesce("due_on", Value(NO_DAY, output_field=models.DateField())),
        output_field=models.DateField(),
        db_persist=True,
    )
    shift = models.ForeignKey(Shift, models.PROTECT, null=True, related_name="items")
    parked_until = models.DateField(null=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(pgettext_lazy("item", "Outcome"), max_length=200, default="", blank=True)

    objects = OpenItemQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["unit_path", "due_on"], name="item_unit", condition=Q(done_at=None)),
            models.Index(fields=["unit", "due_key"], name="item_due", condition=Q(done_at=None)),
            models.Index(fields=["unit", "done_at"], name="item_done", condition=Q(done_at__isnull=False)),
            models.Index(fields=["shift"], name="item_shift", condition=Q(done_at=None, shift__isnull=False)),
            models.Index(fields=["bundle"], name="item_bundle", condition=Q(done_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(name="one_open_item_a_key", fields=["key"], condition=Q(done_at=None) & ~Q(key="")),
            models.CheckConstraint(
                name="item_is_done_with_an_outcome_or_open",
                condition=Q(done_at=None, done_by=None, outcome="") | Q(done_at__isnull=False) & ~Q(outcome=""),
            ),
            models.CheckConstraint(
                name="item_rests_in_one_place",
                condition=Q(shift=None) | Q(parked_until=None),
            ),
            models.CheckConstraint(
                name="a_done_item_is_held_by_nobody",
                condition=Q(done_at=None) | Q(shift=None, parked_until=None),
            ),
        ]
