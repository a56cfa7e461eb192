"""By what a member's dues are reckoned, and what is taken off in hardship."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.fields import SealedField
from waystation.kernel.ids import new_id
from waystation.kernel.money import MoneyField
from waystation.stewardship.dues.months import plus
from waystation.stewardship.dues.rates import Category
from waystation.stewardship.people.models import Person


class DuesBase(models.Model):
    """The base of a member's dues from a month on, until the next base begins.

    A base has no end of its own, so that every day has exactly one live base once there is a first.
    Laws: one live base a member and month; a wrong one is withdrawn with a reason, never edited. The income is
    sealed and never shown again; pages show what is owed. `original` is the file that it was set for.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="dues_bases")
    original = models.ForeignKey(Person, models.PROTECT, related_name="+")
    category = models.CharField(pgettext_lazy("dues", "Reckoned by"), max_length=16, choices=Category)
    income = SealedField()
    agreed = MoneyField(_("Agreed amount a month"), null=True)
    starts_on = models.DateField(_("From month"))
    basis = models.CharField(_("Seen papers"), max_length=100, default="", blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_reason = models.CharField(_("Reason"), max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_live_dues_base_a_member_and_month",
                fields=["person", "starts_on"],
                condition=Q(withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="dues_base_is_withdrawn_with_a_reason",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason=""),
            ),
        ]


class DuesReduction(models.Model):
    """A member in hardship pays less or nothing for some months: the branch asks, the committee above approves.

    Laws: who asks does not approve; it has dates and a reason; no two approved ones of a member overlap. The
    reason may tell of illness or need, so it is sealed.
    """

    class Kind(models.TextChoices):
        LOWER = "lower", pgettext_lazy("dues", "Pays less")
        EXEMPT = "exempt", pgettext_lazy("dues", "Pays nothing")

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("reduction", "Waiting for approval")
        APPROVED = "approved", pgettext_lazy("reduction", "Approved")
        REFUSED = "refused", pgettext_lazy("reduction", "Refused")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="dues_reductions")
    original = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind)
    amount = MoneyField(_("Amount a month"))
    reason = SealedField()
    starts_on = models.DateField(_("From month"))
    ends_on = models.DateField(_("Until month (excluded)"))
    state = models.CharField(max_length=16, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decision = models.CharField(_("Remark of the decision"), max_length=200, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["person"], name="reduction_waiting", condition=Q(state="asked"))]
        constraints = [
            models.CheckConstraint(
                name="reduction_is_decided_by_another",
                condition=Q(state="asked", decided_at=None, decided_by=None)
                | Q(state__in=["approved", "refused"], decided_at__isnull=False, decided_by__isnull=False)
                & ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="reduction_refusal_has_a_reason", condition=~Q(state="refused") | ~Q(decision="")
            ),
            models.CheckConstraint(name="reduction_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="reduction_leaves_something_or_nothing",
                condition=Q(kind="lower", amount__gt=0) | Q(kind="exempt", amount=0),
            ),
            models.UniqueConstraint(
                name="one_approved_reduction_begins_a_month",
                fields=["person", "starts_on"],
                condition=Q(state="approved", ends_on__gt=F("starts_on")),
            ),
        ]

    @property
    def last_month(self):
        """The last month in which it holds."""
        return plus(self.ends_on, -1)
