"""Two people change one station at one moment: its laws hold, and whoever came second is told."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from tests import make
from tests.fault.conftest import together
from waystation.kernel import audit
from waystation.stations.sites import actions
from waystation.stations.sites.actions import Said
from waystation.stations.sites.models import FunctionStatement, Room, Schedule, SpecialDay, Station
from waystation.stations.sites.queries.opening import opening_of
from waystation.stations.sites.week import read_week

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
FACTS = {"name": "会议室", "function": "office", "capacity": 9, "equipment": "", "open_to": "staff", "note": ""}


@pytest.fixture
def station(db):
    return Station.objects.select_related("unit").get(unit=make.tree()["station"])


@pytest.fixture(autouse=True)
def the_trail_stays_whole(db):
    yield
    assert audit.verify_chain() == []


def kinds(outcomes):
    return sorted(type(outcome).__name__ for outcome in outcomes)


def test_two_announcements_of_one_day_are_one(station):
    now, today = timezone.now(), timezone.localdate()
    close = partial(actions.set_special_days, [station], openings=(), by=None, at=now)

    outcomes = together(
        partial(close, first=today, last=today + timedelta(days=2), reason="台风"),
        partial(close, first=today + timedelta(days=1), last=today + timedelta(days=3), reason="停电"),
    )

    assert kinds(outcomes) == ["StationRefused", "list"]
    assert SpecialDay.objects.values("reason").distinct().count() == 1


def test_two_rooms_of_one_name_are_one(station):
    now, today = timezone.now(), timezone.localdate()
    add = partial(actions.open_room, station, opened_on=today, by=None, at=now, **FACTS)

    outcomes = together(add, add)

    assert kinds(outcomes) == ["Room", "RoomRefused"]
    assert Room.objects.count() == 1


def test_two_statements_of_one_item_leave_one_current(station):
    now = timezone.now()
    item = actions.add_item(
        function="office", title="会议室", meaning="", starts_on=timezone.localdate(), source="", by=None, at=now
    )

    def state(said):
        return partial(actions.state_functions, station, {item: said}, by=None, at=timezone.now())

    outcomes = together(state(Said("missing")), state(Said("present", None, "有")))

    assert kinds(outcomes) == ["list", "list"]
    assert FunctionStatement.objects.count() == 2
    assert FunctionStatement.objects.current().count() == 1


def test_two_sets_of_hours_from_one_day_are_one(station):
    now, today = timezone.now(), timezone.localdate()
    weeks = [read_week("每天 8:00–12:00"), read_week("每天 13:00–18:00")]

    outcomes = together(
        *(partial(actions.set_hours, station, week, starts_on=today, by=None, at=now) for week in weeks)
    )

    assert kinds(outcomes) == ["Schedule", "Schedule"]
    assert Schedule.objects.count() == 1
    assert opening_of(station, since=today).week(today) in weeks
