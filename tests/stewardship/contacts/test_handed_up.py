"""What is handed up is what was shown: every list of these pages and its ledger."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests import places as make
from waystation.stewardship.contacts import actions
from waystation.stewardship.contacts.actions import Said

pytestmark = pytest.mark.django_db


def days_ago(days):
    return timezone.localdate() - timedelta(days=days)


def url(name, *args, query=""):
    return f"{reverse(f'contacts:{name}', args=args)}?{query}"


def names_shown(client, page, query=""):
    return [row.person.full_name for row in client.get(url(page, query=query)).context["page"].rows]


def sheet(client, ledger, query=""):
    answer = client.post(url("export", ledger, query=query))
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    head = next(number for number, row in enumerate(rows) if "姓名" in row or "Name" in row)
    return [
        dict(zip(rows[head], row, strict=True))
        for row in rows[head + 1 :]
        if isinstance(row[0], int | float) and row[0]
    ]


def names_handed_up(client, ledger, query=""):
    return [row.get("姓名") or row["Name"] for row in sheet(client, ledger, query)]


@pytest.fixture
def cases(places):
    """A member of whom is asked, and a case in every stage, by name."""
    reporter, county = make.user("station_officer", places["station"]), make.user("county_organiser", places["county"])
    now, found = timezone.now(), {}

    def lost(name, days, reported):
        at = now - timedelta(days=reported)
        person = make.stay(places, name, starts_on=days_ago(days + 10)).person
        found[name] = actions.report_lost(
            person, lost_since=days_ago(days), situation="1", unit=places["station"], by=reporter, at=at
        )
        for way in ("police", "family", "employer", "family"):
            actions.add_step(
                found[name], way=way, searched_on=days_ago(reported - 1), result="未找到", by=reporter,
                at=at + timedelta(days=2),
            )  # fmt: skip
        return found[name]

    make.stay(places, "甘问问", starts_on=days_ago(400))
    lost("甘初查", 130, 5)
    lost("甘待定", 300, 50)
    for name, days, decided in (("甘停籍", 400, 100), ("甘期满", 1200, 900), ("甘除名", 1300, 950)):
        actions.suspend_membership(
            lost(name, days, decided + 50), decided_on=days_ago(decided), document="鼎委组〔2024〕9号", by=county,
            at=now - timedelta(days=decided),
        )  # fmt: skip
    actions.remove_member(
        found["甘除名"], decided_on=days_ago(10), document="鼎委组〔2026〕3号", note="", by=county, at=now
    )
    actions.close_found(
        lost("甘找到", 200, 20),
        Said("phone", "reached", days_ago(3), note="在福州"),
        note="在福州工地",
        by=reporter,
        at=now,
    )
    return found


TABS = {
    "": [],
    "searching": ["甘初查", "甘待定"],
    "suspended": ["甘停籍", "甘期满"],
    "decide": ["甘待定", "甘期满"],
    "closed": ["甘除名", "甘找到"],
}


@pytest.mark.parametrize(("tab", "names"), TABS.items())
def test_every_tab_of_the_lost_is_handed_up_as_it_is_shown(client, places, enter, cases, tab, names):
    enter("county_organiser", places["county"])

    shown = names_shown(client, "lost-list", f"tab={tab}")

    assert shown == (names or shown)
    assert shown, "a list without rows proves nothing"
    assert names_handed_up(client, "lost" if tab else "prompts", f"tab={tab}") == shown


def test_the_page_of_every_tab_names_the_ledger_of_its_rows(client, places, enter, cases):
    enter("county_organiser", places["county"])

    for tab in TABS:
        wanted = url("export", "lost", query=f"tab={tab}") if tab else url("export", "prompts").rstrip("?")
        assert f'action="{wanted}"' in client.get(url("lost-list", query=f"tab={tab}")).content.decode()


def test_the_ledger_says_how_a_case_was_searched_for_and_ended(client, places, enter, cases):
    enter("county_organiser", places["county"])

    removed, found = sheet(client, "lost", "tab=closed")

    assert days_ago(10) in [value for value in removed.values() if hasattr(value, "year")]
    assert {"鼎委组〔2024〕9号", "鼎委组〔2026〕3号"} <= set(removed.values())
    assert "在福州工地" in found.values()
    ways = cases["甘找到"].steps.model.Way
    in_order = [str(ways(way).label) for way in ("police", "family", "employer")]
    assert any(isinstance(value, str) and sorted(value.split("、")) == sorted(in_order) for value in found.values())
