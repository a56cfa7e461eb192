"""What is handed up and printed: the plan of a year, the sign-in sheet and the record of a meeting."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from tests.stewardship.education import made
from tests.stewardship.education.made import text_of
from waystation.kernel.models import AuditEvent
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.education import actions, ledgers
from waystation.stewardship.education.models import Plan
from waystation.stewardship.people.large_ledgers import Asked

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def yesterday():
    return today() - timedelta(days=1)


def test_the_plan_of_a_unit_is_handed_up_with_what_became_of_it(client, places, enter):
    station, grid, now = places["station"], make.grid(places["station"]).unit, timezone.now()
    make.grid(places["beside"])
    year = today().year - 1
    made.members(places, "林美", starts_on=date(year, 1, 1))
    plan = Plan.objects.create(unit=station, unit_path=station.path, year=year, created_at=now)
    beside = Plan.objects.create(unit=places["beside"], unit_path=places["beside"].path, year=year, created_at=now)
    planned = {"kind": "lecture", "by": None, "at": now}
    was_held = actions.save_item(plan, month=3, day=date(year, 3, 8), topic="学习党章", lead="罗春生", **planned)
    actions.save_item(plan, month=4, topic="清明祭扫", grid=grid, **planned)
    actions.save_item(plan, month=5, topic="海参养殖", group_title="海参养殖党小组", **planned)
    gone = actions.save_item(plan, month=6, topic="台风天", **planned)
    actions.save_item(beside, month=6, topic="邻站的党课", **planned)
    actions.approve_plan(plan, by=make.user(), at=now)
    actions.drop_item(gone, reason="台风", by=None, at=now)
    made.held(station, held_on=date(year, 3, 9), item=was_held)
    enter("station_head", station)
    page = client.get(reverse("education:plan", args=[plan.pk]))
    assert reverse("education:export", args=["plan"]) in page.content.decode()

    text = text_of(client.post(reverse("education:export", args=["plan"]), {"year": year, "unit": station.pk}))

    for word in ("学习党章", "罗春生", "清明祭扫", grid.name, "海参养殖党小组", "台风"):
        assert word in text
    assert "邻站的党课" not in text
    assert "（草案）" not in text
    event = AuditEvent.objects.get(verb="ledger.exported")
    assert (event.facts["ledger"], event.facts["rows"]) == ("education.plan", 4)
    asked = {"year": year, "unit": places["beside"].pk}
    assert client.post(reverse("education:export", args=["plan"]), asked).status_code == 404


def test_the_ledger_of_a_plan_tells_missed_items_from_those_to_come(places):
    station, now = places["station"], timezone.now()
    user = make.user("station_head", station)
    plan = Plan.objects.create(unit=station, unit_path=station.path, year=today().year, created_at=now)
    rows = [{"day": yesterday()}, {"day": today()}] if yesterday().year == today().year else [{"day": today()}]
    for row in rows:
        actions.save_item(plan, kind="lecture", month=1, topic="党课", by=None, at=now, **row)
    reach = Reach.of(user, Permission.EDUCATION_VIEW)
    asked = Asked(ledgers.PLAN, {"year": today().year}, station, reach, user, now)
    written = list(ledgers.ledger_of(asked).rows)
    assert [row[8] for row in written][-2:] == ["未开展", "尚未开展"][-len(rows) :]
    assert ledgers.title(asked).endswith("（草案）")
    assert ledgers.size(asked, None) == len(written) == len(rows)
