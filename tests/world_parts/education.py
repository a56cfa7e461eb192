"""The things of education that its addresses take, in each place of the small world."""

import io
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from waystation.stewardship.education import actions
from waystation.stewardship.education.models import Pack
from waystation.stewardship.people.models import Stay

# Which thing each argument of an address takes: {"education:name": "kind"}.
THINGS: dict[str, str] = {
    **{f"education:{name}": "education occasion" for name in (
        "occasion", "occasion-edit", "occasion-mark", "occasion-add", "occasion-close", "occasion-same",
        "occasion-cancel", "occasion-sign-in", "occasion-record", "scan-new",
    )},
    "education:line": "education line",
    **{f"education:{name}": "education scan" for name in ("scan", "scan-withdraw")},
    **{f"education:{name}": "education plan" for name in ("plan", "plan-approve", "plan-copy", "item-new")},
    **{f"education:{name}": "education item" for name in ("item", "item-drop", "item-sign-in")},
    "education:unit": "station",
    **{f"education:{name}": "person" for name in ("person", "record-new")},
    "education:record-take-back": "education record",
    **{f"education:{name}": "education claim" for name in ("claim-confirm", "claim-refuse")},
    **{f"education:{name}": "education pack" for name in ("pack", "pack-add", "pack-sheet")},
    **{f"education:{name}": "education delivery" for name in ("delivery", "delivery-off")},
}  # fmt: skip
# What the arguments of an address that are words stand for: {"argument": "word"}.
WORDS: dict[str, str] = {"table": "occasions"}


def fill(things: dict, place: str, units: dict) -> None:
    """Put `things["kind", place]` there. `units` has branch, station, grid, community, county, town; `things`
    has what was made before: ("person", place), ("stay", place), ("card", place), ("user", place)."""
    station, now, today = units["station"], timezone.now(), timezone.localdate()
    stay = Stay.objects.select_related("person", "station", "departure__origin").get(pk=things["stay", place])
    plan = actions.draft_plan(unit=station, year=today.year, by=None, at=now)
    words = {"unit": station, "kind": "theme_day", "held_on": today, "hours": Decimal(2), "by": None, "at": now}
    open_roll, closed = (actions.enter_occasion(topic=topic, **words) for topic in ("主题党日", "集中学习"))
    actions.mark(closed, "present", by=None, at=now)
    actions.close_roll(closed, by=None, at=now)
    sheet = io.BytesIO(b"%PDF-1.4\n%an invented sheet\n")
    scan = actions.add_scan(open_roll, scan=sheet, name="签到表.pdf", by=None, at=now)
    study = {"source": "home", "learnt_on": today, "hours": Decimal(1), "title": "自学", "at": now}
    record = actions.record_study(stay.person, by=None, **study)
    claim = actions.report_study(stay.person, by=None, **study)
    pack = Pack.objects.create(
        unit=station, unit_path=station.path, title="学习包", materials="党章", issued_on=today,
        due_on=today + timedelta(days=9), created_at=now,
    )  # fmt: skip
    actions.plan_deliveries(pack, [stay], by=None, at=now)
    things |= {
        ("education plan", place): plan.pk,
        ("education item", place): plan.items.first().pk,
        ("education occasion", place): open_roll.pk,
        ("education line", place): closed.roll.get(person=stay.person).pk,
        ("education scan", place): scan.pk,
        ("education record", place): record.pk,
        ("education claim", place): claim.pk,
        ("education pack", place): pack.pk,
        ("education delivery", place): pack.deliveries.get().pk,
    }
