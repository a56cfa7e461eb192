"""A round of appraisal and the criteria that are published with it."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.fields import LAST_CODE_POINT, KeyField
from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stewardship.people.models import Stay


class Grade(models.TextChoices):
    """The four grades of the yearly appraisal (支部工作条例 2018), the best first."""

    EXCELLENT = "excellent", pgettext_lazy("grade", "Excellent")
    QUALIFIED = "qualified", pgettext_lazy("grade", "Qualified")
    BASIC = "basic", pgettext_lazy("grade", "Basically qualified")
    UNQUALIFIED = "unqualified", pgettext_lazy("grade", "Not qualified")


GRADES = list(Grade.values)


class RoundQuerySet(models.QuerySet):
    def within(self, reach):
        """Rounds of units in reach; those that appraise a member of an origin or station in reach; and published
        ones whose area has such a member in care, so that the criteria are known before anybody is appraised."""
        people = self.model._meta.get_field("appraisals").related_model.objects.filter(round=OuterRef("pk"))
        appraised = [Exists(people.filter(reach.path_q(path))) for path in ("station_path", "origin_path")]
        below = {
            "station_path__gte": OuterRef("unit_path"),
            "station_path__lt": Concat(OuterRef("unit_path"), Value(LAST_CODE_POINT)),
        }
        caring = Stay.objects.open().within(reach).filter(**below)
        published = Q(state=AppraisalRound.State.PUBLISHED)
        return self.filter(reach.path_q("unit_path") | Q(*appraised, _connector=Q.OR) | published & Exists(caring))

    def running(self):
        return self.exclude(state__in=[AppraisalRound.State.CLOSED, AppraisalRound.State.WITHDRAWN])


class AppraisalRound(models.Model):
    """The yearly appraisal of the members in care of a station or of a wider unit.

    Laws: standards, demands, goals, method, criteria and weights are published before anybody scores and never
    change after (the database refuses it); scores are read by nobody before a person unseals the round.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("round", "Draft")
        PUBLISHED = "published", pgettext_lazy("round", "Published")
        SCORING = "scoring", pgettext_lazy("round", "Assessments being handed in")
        UNSEALED = "unsealed", pgettext_lazy("round", "Unsealed")
        REPLIES = "replies", pgettext_lazy("round", "Open for replies")
        DECIDED = "decided", pgettext_lazy("round", "Decided")
        CLOSED = "closed", pgettext_lazy("round", "Closed")
        WITHDRAWN = "withdrawn", pgettext_lazy("round", "Withdrawn")

    class Mutual(models.TextChoices):
        NONE = "none", _("No mutual assessment")
        NAMED = "named", _("By named members")
        BALLOT = "ballot", _("By anonymous ballot")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="appraisal_rounds")
    unit_path = KeyField(max_length=255)
    year = models.PositiveSmallIntegerField(_("Year"))
    title = models.CharField(_("Title"), max_length=100)
    standards = models.TextField(_("Standards"), max_length=2000)
    demands = models.TextField(_("Demands"), max_length=2000)
    goals = models.TextField(_("Goals"), max_length=2000)
    method = models.TextField(_("Method"), max_length=2000)
    mutual = models.CharField(_("Mutual assessment"), max_length=8, choices=Mutual, default=Mutual.NAMED)
    peers = models.PositiveSmallIntegerField(_("Members who assess each member"), default=2)
    weight_self = models.PositiveSmallIntegerField(_("Weight of the self-assessment"), default=10)
    weight_mutual = models.PositiveSmallIntegerField(_("Weight of the mutual assessment"), default=20)
    weight_station = models.PositiveSmallIntegerField(_("Weight of the station"), default=35)
    weight_origin = models.PositiveSmallIntegerField(_("Weight of the origin"), default=35)
    excellent_from = models.PositiveSmallIntegerField(_("Excellent from"), default=90)
    qualified_from = models.PositiveSmallIntegerField(_("Qualified from"), default=75)
    basic_from = models.PositiveSmallIntegerField(_("Basically qualified from"), default=60)
    cutoff_on = models.DateField(_("Members in care on"))
    due_on = models.DateField(_("Assessments until"))
    reply_days = models.PositiveSmallIntegerField(default=0)  # frozen from the rules at publication, as the next two
    excellent_limit = models.CharField(max_length=20, default="", blank=True)
    ballot_points = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opening = models.UUIDField(null=True)  # the job that opens it, while it is published
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    unsealed_at = models.DateTimeField(null=True)
    unsealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    unsealing_reason = models.CharField(max_length=300, default="", blank=True)  # only if something was missing
    replies_at = models.DateTimeField(null=True)
    replies_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reply_until = models.DateField(null=True)
    excess_reason = models.CharField(max_length=300, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawal_reason = models.CharField(max_length=300, default="", blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["unit_path", "year"], name="appraisal_round_unit")]
        constraints = [
            models.UniqueConstraint(
                name="one_appraisal_round_a_unit_and_year", fields=["unit", "year"], condition=~Q(state="withdrawn")
            ),
            models.CheckConstraint(
                name="appraisal_sides_weigh_one_hundred",
                condition=Q(
                    weight_self=100 - F("weight_mutual") - F("weight_station") - F("weight_origin"),
                ),
            ),
            models.CheckConstraint(
                name="mutual_assessment_weighs_nothing_iff_there_is_none",
                condition=Q(mutual="none", weight_mutual=0) | ~Q(mutual="none") & Q(weight_mutual__gt=0),
            ),
            models.CheckConstraint(
                name="appraisal_grades_descend",
                condition=Q(excellent_from__lte=100)
                & Q(qualified_from__lt=F("excellent_from"))
                & Q(basic_from__lt=F("qualified_from")),
            ),
            models.CheckConstraint(name="appraisal_is_due_after_its_cutoff", condition=Q(due_on__gte=F("cutoff_on"))),
            models.CheckConstraint(
                name="round_is_published_iff_not_a_draft",
                condition=Q(state="draft", published_at=None, published_by=None)
                | Q(state="withdrawn")
                | ~Q(state__in=["draft", "withdrawn"]) & Q(published_at__isnull=False, published_by__isnull=False),
            ),
            models.CheckConstraint(
                name="round_is_opened_iff_beyond_publication",
                condition=Q(state__in=["draft", "published", "withdrawn"], opened_at=None, opened_by=None)
                | ~Q(state__in=["draft", "published", "withdrawn"])
                & Q(opened_at__isnull=False, opened_by__isnull=False),
            ),
            models.CheckConstraint(
                name="round_is_unsealed_iff_beyond_scoring",
                condition=Q(
                    state__in=["draft", "published", "withdrawn", "scoring"], unsealed_at=None, unsealed_by=None
                )
                | Q(state__in=["unsealed", "replies", "decided", "closed"])
                & Q(unsealed_at__isnull=False, unsealed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="round_has_a_reply_window_iff_opened_for_replies",
                condition=Q(state__in=["replies", "decided", "closed"])
                & Q(replies_at__isnull=False, replies_by__isnull=False, reply_until__isnull=False)
                | ~Q(state__in=["replies", "decided", "closed"])
                & Q(replies_at=None, replies_by=None, reply_until=None),
            ),
            models.CheckConstraint(
                name="round_is_decided_with_a_decider",
                condition=Q(state__in=["decided", "closed"], decided_at__isnull=False, decided_by__isnull=False)
                | ~Q(state__in=["decided", "closed"]) & Q(decided_at=None, decided_by=None),
            ),
            models.CheckConstraint(
                name="round_is_closed_with_a_closer",
                condition=Q(state="closed", closed_at__isnull=False, closed_by__isnull=False)
                | ~Q(state="closed") & Q(closed_at=None, closed_by=None),
            ),
            models.CheckConstraint(
                name="round_withdrawal_has_a_reason", condition=~Q(state="withdrawn") | ~Q(withdrawal_reason="")
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_sealed(self) -> bool:
        """Nobody reads a score yet."""
        return self.unsealed_at is None

    def grade_of(self, points) -> str:
        """The grade that so many points mean by the published method; a suggestion of arithmetic, never a result."""
        if points >= self.excellent_from:
            return Grade.EXCELLENT
        if points >= self.qualified_from:
            return Grade.QUALIFIED
        return Grade.BASIC if points >= self.basic_from else Grade.UNQUALIFIED


class Criterion(models.Model):
    """One criterion of a round. The weights of a published round add up to 100 (the database sees to it)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(AppraisalRound, models.CASCADE, related_name="criteria")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(_("Criterion"), max_length=60)
    explanation = models.CharField(_("What is looked at"), max_length=300, default="", blank=True)
    weight = models.PositiveSmallIntegerField(_("Weight"))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_criterion_a_place", fields=["round", "order"]),
            models.CheckConstraint(name="criterion_weighs_something", condition=Q(weight__gte=1, weight__lte=100)),
        ]

    def __str__(self):
        return self.title
