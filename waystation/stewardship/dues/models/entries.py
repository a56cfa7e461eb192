"""What was paid where, recorded and never taken; and where each member stands."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.ids import new_id
from waystation.kernel.money import MoneyField
from waystation.organizations.models import Unit
from waystation.stewardship.people.models import Person


class DuesEntryQuerySet(models.QuerySet):
    def live(self):
        """Payments that hold: neither reversed nor reversals."""
        return self.filter(reverses=None, reversals=None)


class DuesEntry(models.Model):
    """A payment that a branch or a station received on paper, or the reversal of such a row.

    Laws: rows are only added; a wrong one is reversed once, with a reason. `original` is the file that it was
    entered for; `person` follows when files are merged.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="dues_entries")
    original = models.ForeignKey(Person, models.PROTECT, related_name="+")
    amount = MoneyField(_("Amount"))
    paid_on = models.DateField(_("Paid on"))
    first_month = models.DateField(_("For the months from"))
    last_month = models.DateField(pgettext_lazy("months", "to"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    receipt_no = models.CharField(_("Receipt no."), max_length=40, default="", blank=True)
    brought_by = models.CharField(_("Brought by"), max_length=40, default="", blank=True)
    remark = models.CharField(_("Remark"), max_length=200, default="", blank=True)
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="reversals")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = DuesEntryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "first_month"], name="dues_entry_person")]
        constraints = [
            models.CheckConstraint(
                name="dues_entry_adds_and_its_reversal_takes",
                condition=Q(reverses=None, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0) & ~Q(remark=""),
            ),
            models.CheckConstraint(name="dues_months_are_in_order", condition=Q(last_month__gte=F("first_month"))),
            models.UniqueConstraint(
                name="dues_entry_is_reversed_once", fields=["reverses"], condition=Q(reverses__isnull=False)
            ),
        ]


class DuesStanding(models.Model):
    """Up to which month a member has paid or is exempt, kept beside the ledger so that lists can ask by it.

    Always what `queries.standing.reckon` says of the member's rows; `owes_from` is the first month after it.
    """

    person = models.OneToOneField(Person, models.PROTECT, related_name="dues_standing", primary_key=True)
    since = models.DateField()
    settled_to = models.DateField(null=True)
    owes_from = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["owes_from"], name="standing_owes")]
