"""What members have learnt, in hours: recorded, never ranked."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.ids import new_id
from waystation.stewardship.education.models.occasions import Occasion
from waystation.stewardship.people.models import Person


class LearningRecordQuerySet(models.QuerySet):
    def counting(self):
        """The rows of which a year's total is the sum."""
        return self.filter(state=LearningRecord.State.CONFIRMED, is_double=False)

    def claimed(self):
        return self.filter(state=LearningRecord.State.CLAIMED)


class LearningRecord(models.Model):
    """So many hours a member learnt on a day (条例 2019, art. 20).

    Laws: hours within limits; an occasion is credited once a person, whoever else enters it; what a member
    reports counts once another person has confirmed it. A mistaken row is taken back with a reason, not deleted.
    `recorded_for` and `is_double` as on `Attendance`.
    """

    class Source(models.TextChoices):
        OCCASION = "occasion", pgettext_lazy("learning", "Organization life")
        CLASS = "class", pgettext_lazy("learning", "Training class")
        HOME = "home", pgettext_lazy("learning", "Study at home")
        ONLINE = "online", pgettext_lazy("learning", "Online course")
        BROUGHT = "brought", pgettext_lazy("learning", "Study brought home")

    class State(models.TextChoices):
        CLAIMED = "claimed", pgettext_lazy("learning", "Reported, not confirmed")
        CONFIRMED = "confirmed", pgettext_lazy("learning", "Confirmed")
        REFUSED = "refused", pgettext_lazy("learning", "Not confirmed")
        REVERSED = "reversed", pgettext_lazy("learning", "Taken back")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="learning")
    recorded_for = models.ForeignKey(Person, models.PROTECT, related_name="+")
    is_double = models.BooleanField(default=False)
    source = models.CharField(pgettext_lazy("learning", "How"), max_length=16, choices=Source)
    state = models.CharField(_("State"), max_length=16, choices=State)
    learnt_on = models.DateField(pgettext_lazy("learning", "Day"))
    year = models.PositiveSmallIntegerField()
    hours = models.DecimalField(_("Hours"), max_digits=4, decimal_places=1)
    title = models.CharField(pgettext_lazy("learning", "What was studied"), max_length=200)
    note = models.CharField(_("Evidence"), max_length=300, default="", blank=True)
    occasion = models.ForeignKey(Occasion, models.PROTECT, null=True, related_name="credits")
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reversed_at = models.DateTimeField(null=True)
    reversed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("Reason"), max_length=200, default="", blank=True)
    is_self_reported = models.BooleanField(default=False)

    objects = LearningRecordQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person", "year"], name="learning_person_year"),
            models.Index(fields=["person"], name="learning_claimed", condition=Q(state="claimed")),
            models.Index(fields=["recorded_for"], name="learning_recorded_for"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_credit_a_person_and_occasion",
                fields=["person", "occasion"],
                condition=Q(state="confirmed", is_double=False, occasion__isnull=False),
            ),
            models.CheckConstraint(
                name="learning_hours_are_within_limits",
                condition=Q(hours__gte=0) & (Q(hours__lte=12) | Q(source="class", hours__lte=100)),
            ),
            models.CheckConstraint(
                name="learning_from_an_occasion_names_it",
                condition=~Q(source="occasion") | Q(occasion__isnull=False),
            ),
            models.CheckConstraint(
                name="learning_is_decided_iff_not_claimed",
                condition=Q(state="claimed", decided_at=None, decided_by=None)
                | ~Q(state="claimed") & Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="learning_reported_by_the_member_is_decided_by_another",
                condition=Q(is_self_reported=False)
                | Q(decided_by=None, decided_at=None)
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("reported_by")),
            ),
            models.CheckConstraint(
                name="learning_is_taken_back_with_a_reason",
                condition=~Q(state="reversed") & Q(reversed_at=None, reversed_by=None)
                | Q(state="reversed", reversed_at__isnull=False) & ~Q(reason=""),
            ),
            models.CheckConstraint(name="learning_refusal_has_a_reason", condition=~Q(state="refused") | ~Q(reason="")),
        ]


class YearTotal(models.Model):
    """The hours of a member in a year: always the sum of the counting records, written with them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="year_totals", db_index=False)
    year = models.PositiveSmallIntegerField()
    hours = models.DecimalField(max_digits=6, decimal_places=1, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_total_a_person_and_year", fields=["person", "year"]),
            models.CheckConstraint(name="year_total_is_not_negative", condition=Q(hours__gte=0)),
        ]
