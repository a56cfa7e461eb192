"""What happens to a person's file: corrections, merges, cards."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from waystation.kernel.fields import KeyField, SealedField
from waystation.kernel.ids import new_id
from waystation.stewardship.people.models.persons import PartyStatus, Person


class Correction(models.Model):
    """Somebody corrected a field of a person's file; what stood there before is kept. Never edited."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="corrections")
    field = models.CharField(max_length=32)
    before = SealedField()
    after = SealedField()
    reason = models.CharField(max_length=200)
    corrected_at = models.DateTimeField()
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")


class Merge(models.Model):
    """Two files were one person: `loser` lives on as an alias of `winner`. Can be undone once.

    `before` is the sealed state of both files and the rows that moved, so that the undo restores exactly it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    winner = models.ForeignKey(Person, models.PROTECT, related_name="merges")
    loser = models.ForeignKey(Person, models.PROTECT, related_name="+")
    before = SealedField()
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="merge_undo_is_dated",
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
            )
        ]


class StatusChange(models.Model):
    """Somebody recorded a decision on the party status of a member, or a death. Never edited: a mistake is corrected
    by another one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="status_changes")
    before = models.CharField(max_length=10, choices=PartyStatus)
    status = models.CharField(_("Party status"), max_length=10, choices=PartyStatus)
    decided_on = models.DateField(_("Decided on"))
    document = models.CharField(_("Document no."), max_length=60)
    note = models.CharField(_("Remark"), max_length=200, default="", blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="party_status_changes", condition=~Q(status=F("before"))),
            models.CheckConstraint(name="party_status_has_a_document", condition=~Q(document="")),
        ]


class Card(models.Model):
    """A member card: its signed QR opens the file for those who may, and says "valid" to others."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="cards")
    number = KeyField(max_length=20, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_valid_card_a_person", fields=["person"], condition=Q(revoked_at=None)),
            models.CheckConstraint(
                name="card_revocation_is_dated",
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]
