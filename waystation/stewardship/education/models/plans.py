"""The yearly plan of organization life."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.fields import KeyField
from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stewardship.education.models.kinds import Kind


class PlanQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("unit_path"))


class Plan(models.Model):
    """What a station, a grid or a branch intends for a year. Laws: one plan a unit and year; approved by a person."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("plan", "Draft")
        APPROVED = "approved", pgettext_lazy("plan", "Approved")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="life_plans")
    unit_path = KeyField(max_length=255)
    year = models.PositiveSmallIntegerField(_("Year"))
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = PlanQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["unit_path", "year"], name="plan_unit_year")]
        constraints = [
            models.UniqueConstraint(name="one_plan_a_unit_and_year", fields=["unit", "year"]),
            models.CheckConstraint(name="plan_year_is_a_year", condition=Q(year__gte=2000, year__lte=2100)),
            models.CheckConstraint(
                name="plan_is_approved_by_somebody_or_a_draft",
                condition=Q(state="draft", approved_at=None, approved_by=None)
                | Q(state="approved", approved_at__isnull=False, approved_by__isnull=False),
            ),
        ]


class PlanItem(models.Model):
    """One occasion intended: in a month, on a day once it is known, for everybody, a grid or a functional group.

    `group_key` and `group_title` name a functional group; never together with a grid.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="items")
    kind = models.CharField(_("Kind"), max_length=16, choices=Kind)
    month = models.PositiveSmallIntegerField(_("Month"))
    day = models.DateField(_("Day"), null=True, blank=True)
    topic = models.CharField(_("Topic"), max_length=200, default="", blank=True)
    lead = models.CharField(pgettext_lazy("occasion", "Led by"), max_length=50, default="", blank=True)
    grid = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    group_key = models.UUIDField(null=True, blank=True)
    group_title = models.CharField(_("Functional group"), max_length=100, default="", blank=True)
    dropped_at = models.DateTimeField(null=True)
    dropped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    drop_reason = models.CharField(_("Reason"), max_length=200, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["plan", "month"], name="plan_item_month")]
        constraints = [
            models.CheckConstraint(name="plan_item_month_is_a_month", condition=Q(month__gte=1, month__lte=12)),
            models.CheckConstraint(
                name="plan_item_is_for_one_audience",
                condition=Q(grid=None) | Q(group_title=""),
                violation_error_message=_("An occasion is for a grid or for a functional group, not for both."),
            ),
            models.CheckConstraint(
                name="plan_item_group_has_a_title", condition=Q(group_key=None) | ~Q(group_title="")
            ),
            models.CheckConstraint(
                name="plan_item_is_dropped_with_a_reason_or_stands",
                condition=Q(dropped_at=None, dropped_by=None, drop_reason="")
                | Q(dropped_at__isnull=False) & ~Q(drop_reason=""),
            ),
        ]

    @property
    def quarter(self) -> int:
        return (self.month + 2) // 3
