"""The members whom a grid leader should see in a week."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stewardship.contacts.models.log import Contact
from waystation.stewardship.people.models import Person

MOST = 5


class WeeklyDueQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("grid__path"))


class WeeklyDue(models.Model):
    """A member of a grid whom its leader should see in the week that begins on a Monday, and why.

    Laws: at most five a grid and week, nobody twice. `reasons` are the keys and numbers that a reader's own
    language turns into sentences; `outcome` repeats the last mark.
    """

    class Outcome(models.TextChoices):
        OPEN = "", pgettext_lazy("five", "Open")
        PHONED = "phoned", pgettext_lazy("five", "Spoken on the phone")
        MET = "met", pgettext_lazy("five", "Met in person")
        VISITED = "visited", pgettext_lazy("five", "Visited at home")
        NOT_REACHED = "not_reached", pgettext_lazy("five", "Not reached")
        PLANNED = "planned", pgettext_lazy("five", "Visit planned")
        NEEDS_HELP = "needs_help", pgettext_lazy("five", "Needs help")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    grid = models.ForeignKey(Unit, models.PROTECT, related_name="weekly_dues")
    week = models.DateField()
    place = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="weekly_dues")
    recorded_for = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reasons = models.JSONField(default=list)
    outcome = models.CharField(max_length=16, choices=Outcome, default=Outcome.OPEN, blank=True)
    made_at = models.DateTimeField()

    objects = WeeklyDueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_place_a_week_and_grid", fields=["grid", "week", "place"]),
            models.UniqueConstraint(name="nobody_twice_in_a_week", fields=["grid", "week", "person"]),
            models.CheckConstraint(name="at_most_five_a_week_and_grid", condition=Q(place__gte=1, place__lte=MOST)),
        ]


class WeeklyMark(models.Model):
    """What the leader tapped, with the key that the telephone made: a tap sent twice is one mark. Never edited."""

    key = models.UUIDField(primary_key=True)
    due = models.ForeignKey(WeeklyDue, models.PROTECT, related_name="marks")
    outcome = models.CharField(max_length=16, choices=WeeklyDue.Outcome)
    tapped_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    contact = models.OneToOneField(Contact, models.PROTECT, null=True, related_name="mark")

    class Meta:
        constraints = [models.CheckConstraint(name="mark_says_something", condition=~Q(outcome=""))]
