"""Rooms: their facts with a history, and one name in a station while in use."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests import places as make
from waystation.kernel.models import AuditEvent
from waystation.stations.sites import actions
from waystation.stations.sites.models import Room
from waystation.stations.sites.queries import history

pytestmark = pytest.mark.django_db
NOON = make.NOON
TODAY = date(2026, 11, 23)
FACTS = {
    "name": "多功能厅", "function": "culture", "capacity": 60, "equipment": "投影", "open_to": "everybody", "note": "",
}  # fmt: skip


def room(station, **more):
    facts = {"opened_on": TODAY - timedelta(days=9), **FACTS, **more}
    return actions.open_room(station, by=None, at=NOON, **facts)


def close(room, *, on=TODAY, reason="改作他用"):
    return actions.close_room(room, on=on, reason=reason, by=None, at=NOON)


def test_a_name_is_unique_in_a_station_while_the_room_is_in_use(station, beside):
    first = room(station)
    room(beside)
    with pytest.raises(actions.RoomRefused):
        room(station)

    close(first)
    second = room(station)

    with pytest.raises(actions.RoomRefused):
        actions.reopen_room(first, by=None, at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Room.objects.filter(pk=first.pk).update(closed_on=None, closing_reason="")
    close(second)
    assert actions.reopen_room(first, by=None, at=NOON).closed_on is None


def test_a_room_does_not_take_the_name_of_another(station):
    room(station)
    other = room(station, name="会议室")

    with pytest.raises(actions.RoomRefused):
        actions.edit_room(other, by=None, at=NOON, **FACTS)


def test_a_change_keeps_what_was_before(station):
    made = room(station)

    actions.edit_room(made, by=None, at=NOON, **{**FACTS, "capacity": 80, "open_to": "members"})
    actions.edit_room(made, by=None, at=NOON, **{**FACTS, "capacity": 80, "open_to": "members"})

    (event,) = AuditEvent.objects.filter(verb="room.edited")
    assert event.facts["changes"] == {"capacity": [60, 80], "open_to": ["everybody", "members"]}
    assert [event.verb for event in history.events_of(station)][:2] == ["room.edited", "room.opened"]
    values = history.told(event).values
    assert ("60", "80") in [(before, after) for _label, before, after in values]


@pytest.mark.parametrize(
    ("on", "reason"), [(TODAY + timedelta(1), "停用"), (TODAY - timedelta(10), "停用"), (TODAY, "  ")]
)
def test_a_closing_has_a_day_since_the_opening_and_a_reason(station, on, reason):
    with pytest.raises(actions.RoomRefused):
        close(room(station), on=on, reason=reason)


def test_a_closed_room_is_edited_no_more_and_closing_it_again_changes_nothing(station):
    made = close(room(station))

    close(made, on=TODAY - timedelta(1))

    made.refresh_from_db()
    assert made.closed_on == TODAY
    with pytest.raises(actions.RoomRefused):
        actions.edit_room(made, by=None, at=NOON, **FACTS)


def test_the_database_refuses_a_room_for_nobody_and_a_closing_without_a_reason(station):
    made = room(station)
    for bad in ({"capacity": 0}, {"closed_on": TODAY}, {"closed_on": TODAY - timedelta(20), "closing_reason": "停用"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Room.objects.filter(pk=made.pk).update(**bad)


def test_a_closed_station_gets_no_room(places, station):
    places["station"].closed_on = TODAY
    places["station"].save()
    station.unit.refresh_from_db()

    with pytest.raises(actions.RoomRefused):
        room(station)
