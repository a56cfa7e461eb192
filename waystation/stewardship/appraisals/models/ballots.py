"""The anonymous ballot. Nothing here joins a voter with a ballot: see docs/adr/0009."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from waystation.kernel.fields import KeyField, SealedField
from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stewardship.appraisals.models.appraisals import Appraisal
from waystation.stewardship.appraisals.models.rounds import AppraisalRound


class BallotBox(models.Model):
    """Where the members of a station or grid grade each other without a name.

    `tally` holds only sums, sealed and read by nobody before the box is closed. Law: no row, time, order or event
    tells of a single ballot.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(AppraisalRound, models.PROTECT, related_name="boxes")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    unit_path = KeyField(max_length=255)
    tally = SealedField()
    printed = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ballots = models.PositiveIntegerField(null=True)  # only once closed

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_ballot_box_a_round_and_unit", fields=["round", "unit"]),
            models.CheckConstraint(
                name="ballots_are_counted_iff_the_box_is_closed",
                condition=Q(closed_at=None, closed_by=None, ballots=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False, ballots__isnull=False),
            ),
        ]


class BallotVoter(models.Model):
    """A member on the voters' list of a box, who is also graded by it. `has_taken` says that the member was given a
    paper; it is written for many at once, and neither the time nor the paper is kept."""

    appraisal = models.OneToOneField(Appraisal, models.PROTECT, primary_key=True, related_name="voter")
    box = models.ForeignKey(BallotBox, models.PROTECT, related_name="voters")
    has_taken = models.BooleanField(default=False)


class BallotPaper(models.Model):
    """The keyed digest of the code of a paper that has not been used. The row goes when the paper is used."""

    digest = KeyField(max_length=64, primary_key=True)
    box = models.ForeignKey(BallotBox, models.CASCADE, related_name="papers")


class PaperCount(models.Model):
    """The count of ballots filled in on paper, typed by two people apart from each other. Law: two people."""

    box = models.OneToOneField(BallotBox, models.PROTECT, primary_key=True, related_name="paper_count")
    first = SealedField()
    first_at = models.DateTimeField(null=True)
    first_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    second = SealedField()
    second_at = models.DateTimeField(null=True)
    second_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="paper_ballots_are_counted_by_two_people",
                condition=Q(first_by=None) | Q(second_by=None) | ~Q(first_by=F("second_by")),
            ),
            models.CheckConstraint(
                name="paper_counts_are_dated",
                condition=(
                    Q(first_at=None, first_by=None, first=None)
                    | Q(first_at__isnull=False, first_by__isnull=False, first__isnull=False)
                )
                & (
                    Q(second_at=None, second_by=None, second=None)
                    | Q(second_at__isnull=False, second_by__isnull=False, second__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="paper_counts_agree_only_if_both_are_typed",
                condition=Q(agreed_at=None) | Q(first_at__isnull=False, second_at__isnull=False),
            ),
        ]
