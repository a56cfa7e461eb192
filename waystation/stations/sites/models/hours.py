"""When a station, or one of its rooms, is open: a week from a day on, and days that are otherwise."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from waystation.kernel.ids import new_id
from waystation.stations.sites.models.rooms import Room
from waystation.stations.sites.models.stations import Station


class Schedule(models.Model):
    """The weekly opening times of a station, or of a room in it, from a day until the next schedule begins.

    Its law: on each day one schedule holds at most, because a schedule has no end of its own and no two
    begin on one day. A room without a schedule is open with its station.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(Station, models.PROTECT, related_name="schedules")
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="schedules")
    starts_on = models.DateField()
    follows_station = models.BooleanField(default=False)  # of a room: open with the station from this day on
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_schedule_of_a_station_begins_a_day", fields=["station", "starts_on"], condition=Q(room=None)
            ),
            models.UniqueConstraint(
                name="one_schedule_of_a_room_begins_a_day",
                fields=["room", "starts_on"],
                condition=Q(room__isnull=False),
            ),
            models.CheckConstraint(
                name="only_a_room_follows_its_station", condition=Q(follows_station=False) | Q(room__isnull=False)
            ),
        ]


class OpeningTime(models.Model):
    """Open on a weekday (Monday is 0) from one time to another, in a schedule."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="times")
    weekday = models.PositiveSmallIntegerField()
    opens_at = models.TimeField()
    closes_at = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="opening_closes_after_it_opens", condition=Q(closes_at__gt=F("opens_at"))),
            models.CheckConstraint(name="weekday_is_one_of_seven", condition=Q(weekday__gte=0, weekday__lte=6)),
            models.UniqueConstraint(
                name="one_opening_of_a_weekday_begins_at_a_time", fields=["schedule", "weekday", "opens_at"]
            ),
        ]


class SpecialDay(models.Model):
    """A day on which the station is closed or open at other times: a holiday, a working Saturday, a flood.

    Its law: one such day in force for a station and date; taken back it stays on record.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(Station, models.PROTECT, related_name="special_days")
    day = models.DateField()
    reason = models.CharField(max_length=60)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_special_day_of_a_station", fields=["station", "day"], condition=Q(is_withdrawn=False)
            ),
            models.CheckConstraint(name="special_day_has_a_reason", condition=~Q(reason="")),
        ]


class SpecialTime(models.Model):
    """Open on a special day from one time to another; a special day without any is a closed day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    special_day = models.ForeignKey(SpecialDay, models.CASCADE, related_name="times")
    opens_at = models.TimeField()
    closes_at = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="special_time_closes_after_it_opens", condition=Q(closes_at__gt=F("opens_at"))),
            models.UniqueConstraint(name="one_special_time_begins_at_a_time", fields=["special_day", "opens_at"]),
        ]
