"""Which days are worked, and calendars that programs fetch."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a holiday, or a working day made up for one.

    Without a station it holds everywhere, as the State Council arranges it for a year; with one it
    is the station's own and goes first.
    """

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", pgettext_lazy("day", "Holiday")
        WORKING = "working", pgettext_lazy("day", "Make-up working day")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="calendar_days")
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    works_as = models.PositiveSmallIntegerField(null=True)  # the weekday whose shifts a make-up day takes, Monday 0
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_kind_of_a_day_everywhere", fields=["day"], condition=Q(station=None)),
            models.UniqueConstraint(name="one_kind_of_a_day_at_a_station", fields=["station", "day"]),
            models.CheckConstraint(
                name="a_make_up_day_works_as_a_weekday",
                condition=Q(kind="holiday", works_as=None) | Q(kind="working", works_as__gte=0, works_as__lte=6),
            ),
        ]


class CalendarFeed(models.Model):
    """An address from which a calendar program fetches shifts without signing in, until it is revoked.

    Without a station it holds the user's own shifts, with one all shifts of that station.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="calendar_feeds")
    station = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_feed_of_own_shifts", fields=["user"], condition=Q(station=None, revoked_at=None)
            ),
            models.UniqueConstraint(
                name="one_open_feed_of_a_station_a_user", fields=["user", "station"], condition=Q(revoked_at=None)
            ),
        ]
