"""A station's account of a year, the money granted to it, and how its budget divides the money."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.ids import new_id
from waystation.kernel.money import MoneyField
from waystation.organizations.models import Unit
from waystation.stations.funds.models.decisions import State, decided_by_another


class AccountQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("station__path"))

    def open(self):
        return self.filter(closed_at=None)


class Account(models.Model):
    """The money of one station in one year. Its row is the lock of everything that is booked in it.

    Law: after it is closed nothing more is entered; what is left goes into the account of the next year.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(Unit, models.PROTECT, related_name="fund_accounts")
    year = models.PositiveSmallIntegerField(
        pgettext_lazy("fund", "Year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_account_a_station_and_year", fields=["station", "year"]),
            models.CheckConstraint(name="account_year_is_a_year", condition=Q(year__gte=2000, year__lte=2100)),
            models.CheckConstraint(
                name="account_is_closed_by_somebody",
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
        ]

    @property
    def is_open(self):
        return self.closed_at is None


class Appropriation(models.Model):
    """Money granted to a station by a document, and when it came. A reversal takes one back, by two people.

    Laws: never edited; `received_on` is set once; an appropriation is reversed at most once, with a reason.
    """

    class Source(models.TextChoices):
        CITY = "city", pgettext_lazy("fund", "City grant")
        COUNTY = "county", pgettext_lazy("fund", "County match")
        OTHER = "other", pgettext_lazy("fund", "Other income")
        CARRIED = "carried", pgettext_lazy("fund", "Carried over")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="appropriations")
    source = models.CharField(pgettext_lazy("fund", "Source"), max_length=16, choices=Source)
    document_no = models.CharField(_("Document no."), max_length=60, default="", blank=True)
    amount = MoneyField(_("Amount"))
    granted_on = models.DateField(_("Granted on"))
    received_on = models.DateField(_("Money received on"), null=True)
    remark = models.CharField(_("Remark"), max_length=200, default="", blank=True)
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="reversals")
    reason = models.CharField(_("Reason"), max_length=200, default="", blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.BOOKED)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "received_on"], name="appropriation_account")]
        constraints = [
            models.CheckConstraint(
                name="appropriation_adds_and_its_reversal_takes",
                condition=Q(reverses=None, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0) & ~Q(reason=""),
            ),
            decided_by_another("appropriation_reversal_is_decided_by_another", needing=Q(reverses__isnull=False)),
            models.UniqueConstraint(
                name="appropriation_is_reversed_once",
                fields=["reverses"],
                condition=Q(reverses__isnull=False) & ~Q(state="returned"),
            ),
            models.UniqueConstraint(
                name="a_year_is_carried_over_once",
                fields=["account"],
                condition=Q(source="carried", reverses=None),
            ),
        ]


class BudgetLine(models.Model):
    """What a part of the year's money is for. Its allotment is the sum of the approved changes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="lines")
    title = models.CharField(_("Budget line"), max_length=60)
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="line_title_is_unique_in_a_year", fields=["account", "title"])]

    def __str__(self):
        return self.title


class BudgetChange(models.Model):
    """Money allotted to a line, moved between two lines, or given back: proposed by one, approved by another.

    Laws: nothing is allotted that is not granted; no line loses what is spent; never edited.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="changes")
    giver = models.ForeignKey(BudgetLine, models.PROTECT, null=True, related_name="given")
    taker = models.ForeignKey(BudgetLine, models.PROTECT, null=True, related_name="taken")
    amount = MoneyField(_("Amount"))
    reason = models.CharField(_("Reason"), max_length=200)
    state = models.CharField(max_length=16, choices=State, default=State.ENTERED)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["account"], name="change_waiting", condition=Q(state="entered"))]
        constraints = [
            models.CheckConstraint(
                name="change_moves_money_between_two_places",
                condition=Q(amount__gt=0)
                & (Q(giver__isnull=False) | Q(taker__isnull=False))
                & (Q(giver=None) | Q(taker=None) | ~Q(giver=F("taker"))),
            ),
            decided_by_another("change_is_decided_by_another"),
        ]
