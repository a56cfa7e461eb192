"""The ledger of grids says what the list says, and only to whoever may take it out."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests import places as make
from waystation.kernel.models import AuditEvent
from waystation.stewardship.grids.actions import assign, set_leader

pytestmark = pytest.mark.django_db


def rows_of(response):
    """The numbered rows of the workbook."""
    content = io.BytesIO(b"".join(response.streaming_content))
    rows = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
    return [row for row in rows if isinstance(row[0], float)]


@pytest.fixture
def grids(places):
    """A grid with a leader and one member, and a vacant one."""
    led, empty = make.grid(places["station"]), make.grid(places["station"], code="02")
    led.communities.add(places["community"])
    stay = make.stay(places, "缪春花")
    assign(stay, led, by=None, at=timezone.now())
    return led, empty


@pytest.mark.parametrize("query", [{}, {"vacant": "on"}])
def test_the_ledger_has_the_rows_of_the_list(client, places, enter, grids, query):
    led, _empty = grids
    leader, day = make.user(), timezone.localdate()
    until = day + timedelta(days=300)
    set_leader(led, user=leader, starts_on=day, ends_on=until, by=make.user(), at=timezone.now())
    enter("station_head", places["station"])

    listing = client.get(reverse("grids:list"), query)
    rows = rows_of(client.get(reverse("grids:export"), query))

    shown = listing.context["page"].object_list
    assert reverse("grids:export") in listing.content.decode()
    assert [(row[2], row[3], row[6], row[7]) for row in rows] == [
        (one.unit.name, one.code, one.members, one.leader_name or "") for one in shown
    ]
    assert [row[10] for row in rows] == ["空缺" if one.is_vacant else "" for one in shown]
    for row in rows:
        if row[3] == led.code:
            assert (row[4], row[8], row[9]) == (places["community"].name, day, until)
    assert AuditEvent.objects.get(verb="ledger.exported").facts["rows"] == len(rows) == (1 if query else 2)


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [("branch_secretary", "branch", 404), ("destination_contact", "community", 403), ("system_admin", "city", 403)],
)
def test_a_stranger_takes_nothing_out(client, places, enter, grids, role, where, status):
    enter(role, places[where])

    assert client.get(reverse("grids:export")).status_code == status


def test_another_station_finds_none_of_these_grids(client, places, enter, grids):
    enter("station_head", places["beside"])

    assert rows_of(client.get(reverse("grids:export"))) == []


def test_a_leader_sees_the_list_and_takes_nothing_out(client, grids):
    leader = make.user("grid_leader", grids[0].unit)
    client.force_login(leader)

    assert client.get(reverse("grids:export")).status_code == 403
