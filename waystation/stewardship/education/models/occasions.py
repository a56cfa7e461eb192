"""Occasions of organization life that were held, and who was there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.fields import KeyField
from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stewardship.education.models.kinds import Kind
from waystation.stewardship.education.models.plans import PlanItem
from waystation.stewardship.people.models import Person

__all__ = ["Attendance", "Kind", "Occasion"]

MOST_HOURS_A_DAY = 12
MOST_HOURS = 100


class OccasionQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("unit_path"))

    def held(self):
        """Those whose roll is closed: only they count."""
        return self.filter(state=Occasion.State.HELD)


class Occasion(models.Model):
    """A meeting, lecture, Party day or class of a unit on a day, with its roll.

    The roll is open until somebody closes it; then whoever was present is credited with the hours, once. The
    figures repeat the roll, excused members in none of them but `excused`. `same_as` names the entry of another
    unit about the very same occasion: the credit is given there, so that nobody has it twice.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("occasion", "Roll open")
        HELD = "held", pgettext_lazy("occasion", "Held")
        CANCELLED = "cancelled", pgettext_lazy("occasion", "Cancelled")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="occasions")
    unit_path = KeyField(max_length=255)
    item = models.ForeignKey(PlanItem, models.PROTECT, null=True, related_name="occasions")
    same_as = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeated_by")
    kind = models.CharField(_("Kind"), max_length=16, choices=Kind)
    state = models.CharField(_("State"), max_length=16, choices=State, default=State.OPEN)
    held_on = models.DateField(pgettext_lazy("occasion", "Held on"))
    place = models.CharField(_("Place"), max_length=100, default="", blank=True)
    hours = models.DecimalField(_("Hours"), max_digits=4, decimal_places=1)
    topic = models.CharField(_("Topic"), max_length=200)
    lead = models.CharField(pgettext_lazy("occasion", "Led by"), max_length=50, default="", blank=True)
    recorder = models.CharField(_("Minutes taken by"), max_length=50, default="", blank=True)
    minutes = models.TextField(_("Minutes"), max_length=4000, default="", blank=True)
    guests = models.CharField(_("Guests"), max_length=300, default="", blank=True)
    group_key = models.UUIDField(null=True, blank=True)
    group_title = models.CharField(_("Functional group"), max_length=100, default="", blank=True)
    expected = models.PositiveIntegerField(default=0)
    present = models.PositiveIntegerField(default=0)
    on_leave = models.PositiveIntegerField(default=0)
    absent = models.PositiveIntegerField(default=0)
    excused = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    cancel_reason = models.CharField(_("Reason"), max_length=200, default="", blank=True)

    objects = OccasionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["unit_path", "held_on"], name="occasion_unit_day"),
            models.Index(fields=["held_on", "unit"], name="occasion_day_unit"),
            models.Index(fields=["group_key", "held_on"], name="occasion_group", condition=Q(group_key__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="occasion_hours_are_within_limits",
                condition=Q(hours__gte=0) & (Q(hours__lte=12) | Q(kind="class", hours__lte=100)),
                violation_error_message=_("At most 12 hours a day; a training class at most 100 hours."),
            ),
            models.CheckConstraint(
                name="occasion_is_open_or_closed_with_a_day",
                condition=Q(state="open", closed_at=None, closed_by=None)
                | ~Q(state="open") & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="occasion_is_cancelled_with_a_reason",
                condition=Q(state="cancelled") & ~Q(cancel_reason="") | ~Q(state="cancelled") & Q(cancel_reason=""),
            ),
            models.CheckConstraint(
                name="occasion_is_not_the_same_as_itself", condition=Q(same_as=None) | ~Q(same_as=F("id"))
            ),
            models.CheckConstraint(
                name="occasion_figures_add_up",
                condition=Q(expected__gte=F("present") + F("on_leave") + F("absent")),
            ),
            models.CheckConstraint(name="occasion_group_has_a_title", condition=Q(group_key=None) | ~Q(group_title="")),
        ]

    @property
    def credit_key(self):
        """Under which entry this occasion is credited."""
        return self.same_as_id or self.pk

    @property
    def ratio(self) -> int | None:
        """Present of those expected, in per cent; the excused are in neither number."""
        return round(100 * self.present / self.expected) if self.expected else None


class Attendance(models.Model):
    """One line of a roll. Law: an excused member is never absent, and counts in no ratio (条例 2019, art. 23).

    `recorded_for` is the file it was written on; `person` the one that this file is part of now. After two files
    became one, the later line about the same occasion is `is_double` and counts for nothing. `reason` says in a word
    or two why somebody on leave or absent was not there (缺席人员及原因 of the record of a meeting); it may touch
    private life, so whoever sees a roll does not see it by that alone (`queries.occasions.reach_of_reasons`).
    """

    class Mark(models.TextChoices):
        OPEN = "", pgettext_lazy("roll", "Not marked")
        PRESENT = "present", pgettext_lazy("roll", "Present")
        LEAVE = "leave", pgettext_lazy("roll", "On leave")
        ABSENT = "absent", pgettext_lazy("roll", "Absent")
        EXCUSED = "excused", pgettext_lazy("roll", "Excused")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="roll")
    person = models.ForeignKey(Person, models.PROTECT, related_name="attendances")
    recorded_for = models.ForeignKey(Person, models.PROTECT, related_name="+")
    mark = models.CharField(pgettext_lazy("roll", "Mark"), max_length=8, choices=Mark, default="", blank=True)
    reason = models.CharField(
        pgettext_lazy("roll", "Reason of absence"), max_length=100, default="", db_default="", blank=True
    )
    is_excused = models.BooleanField(default=False)
    is_double = models.BooleanField(default=False)
    marked_at = models.DateTimeField(null=True)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["occasion", "mark"], name="attendance_mark")]
        constraints = [
            models.UniqueConstraint(
                name="one_line_a_person_and_occasion", fields=["occasion", "person"], condition=Q(is_double=False)
            ),
            models.CheckConstraint(
                name="excused_member_is_not_absent",
                condition=Q(is_excused=True, mark__in=["excused", "present"])
                | Q(is_excused=False, mark__in=["", "present", "leave", "absent"]),
            ),
            models.CheckConstraint(
                name="attendance_reason_is_of_leave_or_absence",
                condition=Q(reason="") | Q(mark__in=["leave", "absent"]),
            ),
            models.CheckConstraint(
                name="attendance_mark_is_dated",
                condition=Q(marked_at__isnull=False) | Q(marked_at=None, marked_by=None),
            ),
        ]
