"""One member in a round, what each side said of the member, and the consultation of the two sides."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.fields import KeyField, SealedField
from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stewardship.appraisals.models.rounds import AppraisalRound, Grade
from waystation.stewardship.people.models import Person, Stay


def _points():
    return models.DecimalField(max_digits=5, decimal_places=2, null=True)


class AppraisalQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("station_path") | reach.path_q("origin_path"))


class Appraisal(models.Model):
    """A member who was in care on the cut-off day of a round.

    Laws: a probationary member takes part and gets no grade; no grade before the member has answered the proposal
    or the time to answer is over; none over a gap between station and origin that they have not talked about; the
    one who decides scored for neither side and did not propose the grade. `was_decided_alone` marks what one and the
    same person proposed and decided before that was refused; no action sets it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(AppraisalRound, models.PROTECT, related_name="appraisals")
    person = models.ForeignKey(Person, models.PROTECT, related_name="appraisals")
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="appraisals")
    station = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    station_path = KeyField(max_length=255)
    origin = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    origin_path = KeyField(max_length=255)
    is_probationary = models.BooleanField()
    is_excused = models.BooleanField()  # nothing is required of the member, who stands outside the ratios
    # Written when the round is unsealed, and empty until then.
    self_points = _points()
    mutual_points = _points()
    station_points = _points()
    origin_points = _points()
    points = _points()
    gap = models.PositiveSmallIntegerField(default=0)  # grades between station and origin
    consulted_at = models.DateTimeField(null=True)
    proposed_grade = models.CharField(_("Proposed grade"), max_length=12, choices=Grade, default="", blank=True)
    proposal_reason = SealedField()
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reply_until = models.DateField(null=True)
    reply_agrees = models.BooleanField(null=True)
    reply = SealedField()
    reply_on_behalf = models.BooleanField(default=False)
    replied_at = models.DateTimeField(null=True)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    grade = models.CharField(_("Grade"), max_length=12, choices=Grade, default="", blank=True)
    decision_reason = SealedField()
    decided_on = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    was_decided_alone = models.BooleanField(default=False)
    station_scorer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    origin_scorer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = AppraisalQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["station_path", "grade"], name="appraisal_station"),
            models.Index(fields=["origin_path", "grade"], name="appraisal_origin"),
            models.Index(fields=["round", "station_path"], name="appraisal_round_station"),
            models.Index(fields=["round", "origin_path"], name="appraisal_round_origin"),
        ]
        constraints = [
            models.UniqueConstraint(name="one_appraisal_a_stay_and_round", fields=["round", "stay"]),
            models.CheckConstraint(
                name="probationary_member_gets_no_grade",
                condition=Q(is_probationary=False) | Q(grade="", proposed_grade=""),
            ),
            models.CheckConstraint(
                name="appraisal_proposal_is_dated",
                condition=Q(proposed_grade="", proposed_at=None, proposed_by=None)
                | ~Q(proposed_grade="") & Q(proposed_at__isnull=False, proposed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="appraisal_reply_answers_a_proposal",
                condition=Q(replied_at=None, replied_by=None, reply_agrees=None)
                | Q(replied_at__isnull=False, replied_by__isnull=False, reply_agrees__isnull=False)
                & Q(reply_until__isnull=False)
                & ~Q(proposed_grade=""),
            ),
            models.CheckConstraint(
                name="appraisal_grade_is_decided_by_a_person",
                condition=Q(grade="", decided_at=None, decided_by=None, decided_on=None)
                | ~Q(grade="") & Q(decided_at__isnull=False, decided_by__isnull=False, decided_on__isnull=False),
            ),
            models.CheckConstraint(
                name="no_grade_before_the_reply_window",
                condition=Q(decided_on=None)
                | Q(replied_at__isnull=False)
                | Q(reply_until__isnull=False) & Q(decided_on__gt=F("reply_until")),
            ),
            models.CheckConstraint(
                name="no_grade_over_a_gap_without_consultation",
                condition=Q(decided_on=None) | Q(gap=0) | Q(consulted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="who_decides_scored_for_neither_side",
                condition=Q(decided_by=None)
                | (Q(station_scorer=None) | ~Q(decided_by=F("station_scorer")))
                & (Q(origin_scorer=None) | ~Q(decided_by=F("origin_scorer"))),
            ),
            models.CheckConstraint(
                name="who_decides_did_not_propose",
                condition=Q(decided_by=None)
                | Q(proposed_by=None)
                | Q(was_decided_alone=True)
                | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="two_sides_are_scored_by_two_people",
                condition=Q(station_scorer=None) | Q(origin_scorer=None) | ~Q(station_scorer=F("origin_scorer")),
            ),
        ]

    @property
    def consultation(self):
        """The record of the last consultation, None without one."""
        return self.consultations.order_by("-recorded_at", "-pk").first()


class AssessmentQuerySet(models.QuerySet):
    def missing(self):
        """What is required and not handed in, whatever the step of the round."""
        return self.filter(handed_in_at=None, is_required=True)

    def due(self):
        """What is still to be handed in and required, in rounds that take it."""
        return self.missing().filter(round__state=AppraisalRound.State.SCORING)


class Assessment(models.Model):
    """What one side says of one member: points and reasons for each criterion, sealed as soon as they are written.

    Laws: handed in once and only while the round takes assessments; until the round is unsealed nobody reads it,
    whoever handed it in neither.
    """

    class Side(models.TextChoices):
        SELF = "self", pgettext_lazy("side", "Self")
        MUTUAL = "mutual", pgettext_lazy("side", "Mutual")
        STATION = "station", pgettext_lazy("side", "Station")
        ORIGIN = "origin", pgettext_lazy("side", "Origin")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(AppraisalRound, models.PROTECT, related_name="assessments")
    appraisal = models.ForeignKey(Appraisal, models.PROTECT, related_name="assessments")
    side = models.CharField(max_length=8, choices=Side)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")  # of whom
    assessor = models.ForeignKey(Person, models.PROTECT, null=True, related_name="assessments")
    unit_path = KeyField(max_length=255, null=True)  # of the station or origin that hands it in, for its list
    is_required = models.BooleanField(default=True)
    sheet = SealedField()
    on_behalf = models.BooleanField(default=False)
    handed_in_at = models.DateTimeField(null=True)
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["round", "side"], name="assessment_due", condition=Q(handed_in_at=None)),
            models.Index(
                fields=["unit_path", "side", "round"],
                name="assessment_due_of_unit",
                condition=Q(handed_in_at=None, is_required=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_assessment_a_side", fields=["appraisal", "side"], condition=~Q(side="mutual")
            ),
            models.UniqueConstraint(
                name="one_mutual_assessment_a_member", fields=["appraisal", "assessor"], condition=Q(side="mutual")
            ),
            models.CheckConstraint(
                name="assessment_is_sealed_iff_handed_in",
                condition=Q(handed_in_at=None, handed_in_by=None, sheet=None)
                | Q(handed_in_at__isnull=False, handed_in_by__isnull=False, sheet__isnull=False),
            ),
            models.CheckConstraint(
                name="members_assess_themselves_or_another",
                condition=Q(side="self", assessor=F("person"))
                | Q(side="mutual", assessor__isnull=False) & ~Q(assessor=F("person"))
                | Q(side__in=["station", "origin"], assessor=None),
            ),
        ]


class Consultation(models.Model):
    """Station and origin met because they are a grade or more apart: who came, what was said (sealed), and the
    grade that both think right. Whoever manages the round writes it; the origin confirms it or objects.

    Laws: the origin answers once, and not by whoever wrote the record; of the records of one member at most one
    stands, an objected one being history.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appraisal = models.ForeignKey(Appraisal, models.PROTECT, related_name="consultations")
    held_on = models.DateField(_("Held on"))
    station_people = models.CharField(_("Present for the station"), max_length=200)
    origin_people = models.CharField(_("Present for the origin"), max_length=200)
    text = SealedField()
    conclusion = models.CharField(_("Grade that both sides propose"), max_length=12, choices=Grade)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    agrees = models.BooleanField(null=True)  # what the origin says of the record
    answer = SealedField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_standing_consultation_a_member", fields=["appraisal"], condition=~Q(agrees=False)
            ),
            models.CheckConstraint(
                name="consultation_answer_is_dated",
                condition=Q(agrees=None, answered_at=None, answered_by=None, answer=None)
                | Q(agrees__isnull=False, answered_at__isnull=False, answered_by__isnull=False),
            ),
            models.CheckConstraint(
                name="objection_to_a_consultation_has_a_word",
                condition=Q(agrees=None) | Q(agrees=True) | Q(answer__isnull=False),
            ),
            models.CheckConstraint(
                name="who_wrote_a_consultation_does_not_answer_it",
                condition=Q(answered_by=None) | Q(recorded_by=None) | ~Q(answered_by=F("recorded_by")),
            ),
            models.CheckConstraint(
                name="both_sides_attend_a_consultation", condition=~Q(station_people="") & ~Q(origin_people="")
            ),
        ]
