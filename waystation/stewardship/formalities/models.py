"""Formal transfers of membership, and the activity card of mobile members."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Left, Length
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.fields import KeyField
from waystation.kernel.ids import new_id
from waystation.organizations.models import Mandate, Unit
from waystation.organizations.permissions import ROLES, Permission
from waystation.stewardship.people.models import Person

_TRACKING = [key for key, role in ROLES.items() if Permission.TRANSFER_TRACK in role.permissions]


def _issued_from(units) -> Exists:
    """Whether whoever issued a transfer spoke for its branch by a mandate in one of these units on that day."""
    mandates = Mandate.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=OuterRef("issued_at__date")),
        user=OuterRef("issued_by"), unit__in=units, role__in=_TRACKING, starts_on__lte=OuterRef("issued_at__date"),
    )  # fmt: skip
    above = mandates.annotate(head=Left(OuterRef("origin_path"), Length("unit__path")))
    return Exists(above.filter(unit__path=F("head")))


class TransferQuerySet(models.QuerySet):
    def within(self, reach):
        """Of both branches, and of whoever has the member in care; acting on a letter asks for more."""
        mine = reach.path_q("origin_path") | reach.path_q("to_path")
        return self.filter(mine | reach.caring.path_q("person__stay_path"))

    def sent_from(self, reach):
        """What a branch in reach issued."""
        return self.filter(reach.path_q("origin_path"))

    def to_be_received_in(self, reach):
        """Sent to a branch in reach, by another side: a county over both branches does not answer its own letter.

        From an organization elsewhere the receipt comes back by post to who issued the letter.
        """
        theirs = reach.path_q("to_path") & ~_issued_from(reach.units)
        return self.filter(theirs | Q(to=None) & reach.path_q("origin_path"))

    def open(self):
        return self.filter(state=Transfer.State.ISSUED)

    def overdue(self, day):
        """Letters of which the receipt should have come back by now."""
        return self.open().filter(receipt_due_on__lt=day)


class Transfer(models.Model):
    """The formal relation of a member is on its way to another branch, by letter or online (组织关系转接).

    Laws: one open transfer a person; the branch that issued it answers for the member until the receipt is
    recorded (条例 2019, art. 25), which is the only act that moves the membership; a receipt within the validity.
    `filed_as` is the file on which it was issued, so that it finds back when a merge is undone.
    """

    class State(models.TextChoices):
        ISSUED = "issued", pgettext_lazy("transfer", "On its way")
        RECEIVED = "received", pgettext_lazy("transfer", "Received")
        EXPIRED = "expired", pgettext_lazy("transfer", "Expired")
        WITHDRAWN = "withdrawn", pgettext_lazy("transfer", "Withdrawn")

    class Channel(models.TextChoices):
        LETTER = "letter", _("Paper letter")
        ONLINE = "online", _("Online, in the national system")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="transfers")
    filed_as = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=16, choices=State, default=State.ISSUED)
    channel = models.CharField(_("Way"), max_length=8, choices=Channel)
    number = KeyField(_("Letter no."), max_length=40, default="", blank=True)
    origin = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    origin_path = KeyField(max_length=255)
    to = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    to_path = KeyField(max_length=255, default="")
    to_text = models.CharField(_("Receiving organization"), max_length=100, default="", blank=True)
    reason = models.CharField(_("Reason"), max_length=200, default="", blank=True)
    dues_paid_to = KeyField(_("Dues paid to"), max_length=7, default="", blank=True)
    issued_on = models.DateField(_("Issued on"))
    valid_days = models.PositiveSmallIntegerField(_("Valid for days"))
    expires_on = models.DateField()  # the last day on which it is valid
    receipt_due_on = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    received_on = models.DateField(_("Received on"), null=True)
    handled_by = models.CharField(_("Handled by"), max_length=50, default="", blank=True)
    handler_phone = models.CharField(_("Telephone of the office"), max_length=30, default="", blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closing_reason = models.CharField(max_length=200, default="", blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["origin_path", "state"], name="transfer_origin"),
            models.Index(fields=["to_path", "state"], name="transfer_to"),
            models.Index(fields=["expires_on"], name="transfer_expiring", condition=Q(state="issued")),
        ]
        constraints = [
            models.UniqueConstraint(name="one_open_transfer_a_person", fields=["person"], condition=Q(state="issued")),
            models.CheckConstraint(name="transfer_names_where_it_goes", condition=Q(to__isnull=False) | ~Q(to_text="")),
            models.CheckConstraint(name="transfer_changes_the_branch", condition=Q(to=None) | ~Q(to=F("origin"))),
            models.CheckConstraint(name="transfer_letter_has_a_number", condition=Q(channel="online") | ~Q(number="")),
            models.CheckConstraint(
                name="transfer_is_valid_from_its_issue", condition=Q(expires_on__gte=F("issued_on"))
            ),
            models.CheckConstraint(
                name="transfer_is_closed_iff_not_on_its_way",
                condition=Q(state="issued", closed_at=None, closed_by=None)
                | ~Q(state="issued") & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="transfer_has_a_receipt_iff_received",
                condition=Q(state="received", received_on__isnull=False, closed_by__isnull=False)
                | ~Q(state="received") & Q(received_on=None),
            ),
            models.CheckConstraint(
                name="transfer_is_received_while_valid",
                condition=Q(received_on=None) | Q(received_on__gte=F("issued_on"), received_on__lte=F("expires_on")),
            ),
            models.CheckConstraint(
                name="transfer_withdrawal_has_a_reason", condition=~Q(state="withdrawn") | ~Q(closing_reason="")
            ),
        ]

    @property
    def to_name(self) -> str:
        """The receiving organization in words."""
        return self.to.name if self.to_id is not None else self.to_text


class ActivityCardQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("branch_path") | reach.caring.path_q("person__stay_path"))

    def valid(self):
        return self.filter(state=ActivityCard.State.VALID)


class ActivityCard(models.Model):
    """The activity card of a mobile member (流动党员活动证): numbered by the county, issued by the branch, free.

    Laws: one valid card a person; a number is given once in a county. What was lost or withdrawn stays in the
    register of issue. It is not the card with the code that the station prints.
    """

    class State(models.TextChoices):
        VALID = "valid", pgettext_lazy("activity card", "Valid")
        LOST = "lost", pgettext_lazy("activity card", "Lost")
        WITHDRAWN = "withdrawn", pgettext_lazy("activity card", "Withdrawn")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="activity_cards")
    filed_as = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    number = KeyField(_("Activity card no."), max_length=30)
    county = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    branch = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    branch_path = KeyField(max_length=255)
    state = models.CharField(max_length=16, choices=State, default=State.VALID)
    issued_on = models.DateField(pgettext_lazy("activity card", "Issued on"))
    reason = models.CharField(_("Reason for leaving"), max_length=100, default="", blank=True)
    place = models.CharField(_("Place gone to"), max_length=200, default="", blank=True)
    left = KeyField(_("Left on"), max_length=10, default="", blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closing_reason = models.CharField(max_length=200, default="", blank=True)

    objects = ActivityCardQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["branch_path", "state"], name="activity_card_branch")]
        constraints = [
            models.UniqueConstraint(
                name="one_valid_activity_card_a_person", fields=["person"], condition=Q(state="valid")
            ),
            models.UniqueConstraint(name="activity_card_number_is_unique_in_a_county", fields=["county", "number"]),
            models.CheckConstraint(
                name="activity_card_is_valid_or_closed",
                condition=Q(state="valid", closed_on=None, closed_at=None, closed_by=None, closing_reason="")
                | ~Q(state="valid")
                & Q(closed_on__isnull=False, closed_at__isnull=False, closed_by__isnull=False)
                & ~Q(closing_reason=""),
            ),
        ]


class CardCheck(models.Model):
    """The yearly check of an activity card (年审), once a year, done by whoever saw the card."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    card = models.ForeignKey(ActivityCard, models.PROTECT, related_name="checks")
    year = models.PositiveSmallIntegerField()
    checked_on = models.DateField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    remark = models.CharField(_("Remark"), max_length=200, default="", blank=True)
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="one_check_a_card_and_year", fields=["card", "year"])]
