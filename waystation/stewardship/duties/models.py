"""The duty sheet: who answers for what of a stay."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.fields import KeyField
from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stewardship.people.models import Stay


class DutyQuerySet(models.QuerySet):
    def on(self, day):
        """The rows that hold on the day: of each stay and kind the last one begun."""
        later = Duty.objects.filter(
            stay=OuterRef("stay"), kind=OuterRef("kind"), starts_on__gt=OuterRef("starts_on"), starts_on__lte=day
        )
        return self.filter(~Exists(later), starts_on__lte=day)


class Duty(models.Model):
    """From a day on one unit answers for one duty of a stay, until the next row of the same stay and kind begins.

    The law is the shape of the table: no row has an end, so on every day of a stay from its first row on,
    every duty has exactly one accountable unit. The first row of each kind starts with the stay.
    `took_effect_at` is when the open items of the duty moved to the unit; None while that day is to come.
    """

    class Kind(models.TextChoices):
        DUES = "dues", pgettext_lazy("topic", "Dues")
        LIFE = "life", pgettext_lazy("topic", "Organization life")
        TALK = "talk", pgettext_lazy("topic", "Talk")
        EDUCATION = "education", pgettext_lazy("topic", "Education")
        APPRAISAL = "appraisal", pgettext_lazy("topic", "Appraisal")
        SERVICE = "service", pgettext_lazy("topic", "Service")
        CONTACT = "contact", pgettext_lazy("topic", "Contact")

    stay = models.ForeignKey(Stay, models.PROTECT, related_name="duties", db_index=False)
    kind = models.CharField(max_length=16, choices=Kind)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    unit_path = KeyField(max_length=255)
    starts_on = models.DateField()
    took_effect_at = models.DateTimeField(null=True)
    proposal = models.ForeignKey("Proposal", models.PROTECT, null=True, related_name="duties", db_index=False)

    objects = DutyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["unit_path", "kind"], name="duty_unit"),
            models.Index(fields=["starts_on"], name="duty_to_come", condition=Q(took_effect_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(name="one_unit_a_duty_and_first_day", fields=["stay", "kind", "starts_on"]),
        ]


class ProposalQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=Proposal.State.OPEN)

    def within(self, reach):
        """Those whose present or future unit, or that of the proposer, is in reach."""
        return self.filter(reach.path_q("holder_path") | reach.path_q("taker_path") | reach.path_q("proposer_path"))

    def waiting_for(self, user, reach):
        """Those that a unit in reach has still to agree to; never by whoever agreed for the other side."""
        holder = Q(holder_agreed_by=None) & reach.path_q("holder_path") & ~_said(user, "taker_agreed_by")
        taker = Q(taker_agreed_by=None) & reach.path_q("taker_path") & ~_said(user, "holder_agreed_by")
        return self.open().filter(holder | taker)


def _said(user, field: str) -> Q:
    """The user stands in the column; a plain negation would lose the rows where nobody does."""
    return Q(**{field: user, f"{field}__isnull": False})


class Proposal(models.Model):
    """Somebody proposes that a duty of a stay passes to another unit on a day.

    Laws: one open proposal a duty; agreed by the unit that holds the duty and by the one that takes it, by two
    different people; a refusal has a written reason; what is closed stays closed.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("proposal", "Waiting for agreement")
        AGREED = "agreed", pgettext_lazy("proposal", "Agreed")
        REFUSED = "refused", pgettext_lazy("proposal", "Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "Withdrawn")
        LAPSED = "lapsed", pgettext_lazy("proposal", "Lapsed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="proposals")
    kind = models.CharField(_("Duty"), max_length=16, choices=Duty.Kind)
    holder = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    holder_path = KeyField(max_length=255)
    taker = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    taker_path = KeyField(max_length=255)
    proposer = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    proposer_path = KeyField(max_length=255)
    starts_on = models.DateField(_("Takes effect on"))
    reason = models.CharField(_("Reason"), max_length=200)
    state = models.CharField(max_length=16, choices=State, default=State.OPEN)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    holder_agreed_at = models.DateTimeField(null=True)
    holder_agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    taker_agreed_at = models.DateTimeField(null=True)
    taker_agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closing_reason = models.CharField(max_length=200, default="", blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["holder_path"], name="proposal_holder", condition=Q(state="open")),
            models.Index(fields=["taker_path"], name="proposal_taker", condition=Q(state="open")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_open_proposal_a_duty", fields=["stay", "kind"], condition=Q(state="open")
            ),
            models.CheckConstraint(name="proposal_changes_the_unit", condition=~Q(holder=F("taker"))),
            models.CheckConstraint(name="proposal_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="proposal_is_open_or_closed",
                condition=Q(state="open", closed_at=None, closed_by=None)
                | ~Q(state="open") & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="proposal_refusal_has_a_reason", condition=~Q(state="refused") | ~Q(closing_reason="")
            ),
            models.CheckConstraint(
                name="proposal_is_agreed_by_both_units",
                condition=~Q(state="agreed") | Q(holder_agreed_by__isnull=False, taker_agreed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="proposal_is_agreed_by_two_people",
                condition=Q(holder_agreed_by=None)
                | Q(taker_agreed_by=None)
                | ~Q(holder_agreed_by=F("taker_agreed_by")),
            ),
            models.CheckConstraint(
                name="proposal_holder_agreement_is_dated",
                condition=Q(holder_agreed_by=None, holder_agreed_at=None)
                | Q(holder_agreed_by__isnull=False, holder_agreed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="proposal_taker_agreement_is_dated",
                condition=Q(taker_agreed_by=None, taker_agreed_at=None)
                | Q(taker_agreed_by__isnull=False, taker_agreed_at__isnull=False),
            ),
        ]


class StayTransferQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=StayTransfer.State.OPEN)

    def within(self, reach):
        return self.filter(reach.path_q("station_path") | reach.path_q("to_path"))


class StayTransfer(models.Model):
    """A station asks another to take a member over; the stay passes when the other accepts.

    Laws: one open request a stay; accepted by somebody else than who asked; a refusal has a written reason.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("stay transfer", "Waiting for the other station")
        ACCEPTED = "accepted", pgettext_lazy("stay transfer", "Taken over")
        REFUSED = "refused", pgettext_lazy("stay transfer", "Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("stay transfer", "Withdrawn")
        LAPSED = "lapsed", pgettext_lazy("stay transfer", "Lapsed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="transfers")
    station = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    station_path = KeyField(max_length=255)
    to = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    to_path = KeyField(max_length=255)
    destination = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("Reason"), max_length=200)
    state = models.CharField(max_length=16, choices=State, default=State.OPEN)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closing_reason = models.CharField(max_length=200, default="", blank=True)
    new_stay = models.OneToOneField(Stay, models.PROTECT, null=True, related_name="came_by")

    objects = StayTransferQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["to_path"], name="stay_transfer_to", condition=Q(state="open")),
            models.Index(fields=["station_path"], name="stay_transfer_from", condition=Q(state="open")),
        ]
        constraints = [
            models.UniqueConstraint(name="one_open_transfer_a_stay", fields=["stay"], condition=Q(state="open")),
            models.CheckConstraint(name="stay_transfer_changes_the_station", condition=~Q(station=F("to"))),
            models.CheckConstraint(name="stay_transfer_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="stay_transfer_is_open_or_closed",
                condition=Q(state="open", closed_at=None, closed_by=None)
                | ~Q(state="open") & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="stay_transfer_refusal_has_a_reason", condition=~Q(state="refused") | ~Q(closing_reason="")
            ),
            models.CheckConstraint(
                name="stay_transfer_is_accepted_by_another",
                condition=~Q(state="accepted")
                | Q(new_stay__isnull=False, closed_by__isnull=False) & ~Q(closed_by=F("asked_by")),
            ),
        ]
