"""What a station spends: an entry with its voucher, approved by another, never edited."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from waystation.kernel.ids import new_id
from waystation.kernel.models import StoredFile
from waystation.kernel.money import MoneyField
from waystation.stations.funds.models.accounts import Account, BudgetLine
from waystation.stations.funds.models.decisions import State, decided_by_another


class ExpenseQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("account__station__path"))

    def waiting(self):
        return self.filter(state=State.ENTERED)

    def booked(self):
        return self.filter(state=State.BOOKED)


class Expense(models.Model):
    """Money spent from a budget line, or the reversal of such an entry; `number` is the voucher's in its year.

    Laws: maker is not checker; no line overspends; an entry is reversed at most once, with a reason.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="expenses")
    number = models.PositiveIntegerField(_("Voucher no."))
    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="expenses")
    amount = MoneyField(_("Amount"))
    spent_on = models.DateField(_("Spent on"))
    payee = models.CharField(_("Payee"), max_length=100)
    purpose = models.CharField(_("What for"), max_length=200)
    voucher = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="reversals")
    reason = models.CharField(_("Reason"), max_length=200, default="", blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.ENTERED)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=200, default="", blank=True)
    booked_on = models.DateField(_("Booked on"), null=True)

    objects = ExpenseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["account", "state", "booked_on"], name="expense_account"),
            models.Index(fields=["line", "state"], name="expense_line"),
        ]
        constraints = [
            models.UniqueConstraint(name="voucher_number_is_unique_in_a_year", fields=["account", "number"]),
            models.CheckConstraint(
                name="expense_has_a_voucher_and_its_reversal_a_reason",
                condition=Q(reverses=None, amount__gt=0, voucher__isnull=False)
                | Q(reverses__isnull=False, amount__lt=0) & ~Q(reason=""),
            ),
            decided_by_another("expense_is_decided_by_another"),
            models.CheckConstraint(
                name="expense_has_a_day_iff_booked",
                condition=Q(state="booked", booked_on__isnull=False) | ~Q(state="booked") & Q(booked_on=None),
            ),
            models.UniqueConstraint(
                name="expense_is_reversed_once",
                fields=["reverses"],
                condition=Q(reverses__isnull=False) & ~Q(state="returned"),
            ),
        ]

    @property
    def voucher_no(self):
        return f"{self.account.year}-{self.number:03d}"
