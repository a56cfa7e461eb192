"""Who is behind with the hours: prompted, never ranked, and never an excused member."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from tests import places as make
from tests.stewardship.education import made
from tests.stewardship.education.made import NOON
from waystation.kernel import dated
from waystation.stewardship.contacts.actions import Said, log_contact
from waystation.stewardship.contacts.queries.weekly import members_of, reason_text, weekly_five
from waystation.stewardship.education import rules
from waystation.stewardship.education.queries.learning import totals_of
from waystation.stewardship.education.queries.totals import behind, by_source, is_newcomer
from waystation.stewardship.grids.actions import assign
from waystation.stewardship.people.actions import return_home
from waystation.stewardship.people.models import Person

pytestmark = pytest.mark.django_db
AUTUMN = date(2026, 10, 10)
RANKING = re.compile(r"(?i)leaderboard|\brank\b|streak|\bpoints\b")


def orderings(text):
    """Everything in the text that orders by hours or totals."""
    found = re.findall(r"order_by\([^)]*|\bby=[\"'][^\"']*.|sorted\([^)]*|dictsort\w*:[\"'][^\"']*.", text)
    return [one for one in found if re.search("hours|total", one)]


def names(day=AUTUMN):
    return sorted(behind(Person.objects.living(), day).values_list("full_name", flat=True))


def learn(person, hours):
    """So many hours, in pieces that fit a day."""
    while hours > 0:
        made.study(person, str(min(hours, 12)), learnt_on=date(2026, 5, 5))
        hours -= 12


def test_whoever_has_less_than_the_share_of_the_months_is_listed_in_autumn(places):
    exact, less, none = made.members(places, "足时", "差半", "全无")
    learn(exact, Decimal(24))  # nine twelfths of 32
    learn(less, Decimal("23.5"))

    assert names() == ["全无", "差半"]
    assert names(date(2026, 8, 31)) == []
    assert totals_of([less.pk], 2026).get(less.pk, 0) == Decimal("23.5")
    assert totals_of([none.pk], 2026).get(none.pk, 0) == 0


def test_the_share_begins_with_the_month_after_the_stay_began(places):
    (late,) = made.members(places, "六月", starts_on=date(2026, 6, 15))
    made.members(places, "九月", starts_on=date(2026, 9, 1))
    learn(late, 8)  # July, August, September: a quarter of 32
    assert names() == []
    assert names(date(2026, 11, 1)) == ["九月", "六月"]


def test_the_weekly_five_of_a_grid_name_whoever_is_behind_with_the_hours_missing(places):
    grid = make.grid(places["station"])
    more = {"starts_on": date(2025, 12, 1), "phone": "19900000001"}
    stays = [make.stay(places, name, **more) for name in ("足时", "差半", "全无", "免学")]
    for stay in stays:
        assign(stay, grid, by=None, at=NOON)
        said = Said("visit", "reached", date(2026, 10, 9))
        log_contact(stay.person, said, unit=None, by=make.user(), at=NOON)
    learn(stays[0].person, Decimal(24))
    learn(stays[1].person, Decimal("23.5"))
    made.excuse(stays[3].person)

    def due(day):
        found = weekly_five(members_of(grid.unit), day)
        return {one.person.full_name: one.keys for one in found}

    assert due(AUTUMN) == {"差半": [("hours", 1)], "全无": [("hours", 24)]}
    assert due(date(2026, 8, 31)) == {}
    assert reason_text("hours", 24) == "学时：比目前应有学时少24学时"
    with translation.override("en"):
        assert reason_text("hours", 1) == "Study: 1 hour less than is due by now"


def test_an_excused_member_is_never_listed(places):
    (old,) = made.members(places, "王老")
    made.excuse(old)
    assert names() == []


def test_whoever_has_left_or_never_stayed_is_not_listed(places):
    (gone,) = made.members(places, "已返")
    return_home(gone.departures.get(), on=date(2026, 11, 1), by=None, at=NOON)
    assert names() == []


def test_who_leads_a_branch_or_a_station_has_the_hours_of_a_leader(places):
    (head,) = made.members(places, "书记")
    Person.objects.filter(pk=head.pk).update(user=make.user("station_head", places["station"], since=date(2026, 1, 1)))
    learn(head, 32)
    assert names() == ["书记"]  # nine twelfths of 56 are 42
    learn(head, 10)
    assert names() == []


def test_the_hours_of_the_rule_are_asked(places):
    made.members(places, "林美")
    dated.set_value(rules.HOURS, 0, starts_on=date(2026, 1, 1), source="x", by=None, at=NOON)
    assert names() == []


def test_hours_stand_by_where_they_come_from(places):
    (mei,) = made.members(places, "林美")
    made.study(mei, "2", source="online")
    made.held(places["station"], mei)
    found = by_source([mei.pk], 2026)[mei.pk]
    assert (found.by_source, found.total) == ({"online": Decimal(2), "occasion": Decimal(3)}, Decimal(5))


@pytest.mark.parametrize(
    ("kind", "joined", "newcomer"),
    [("probationary", "", True), ("full", "2026-02-01", True), ("full", "2025-10-10", False), ("full", "2026", False)],
)
def test_a_newcomer_joined_within_a_year(kind, joined, newcomer):
    assert is_newcomer(Person(member_kind=kind, joined=joined), AUTUMN) is newcomer


def test_no_list_stands_in_the_order_of_hours_and_nobody_has_points():
    """The law is that learning is recorded and nobody ranked: no ordering by hours anywhere in the app."""
    root = Path(__file__).resolve().parents[3] / "waystation"
    files = [
        *(root / "stewardship" / "education").rglob("*.py"), *(root / "stewardship" / "education").rglob("*.html"),
        root / "web" / "desk_items" / "education.py", *(root / "portal").rglob("*learning*"),
    ]  # fmt: skip
    text = {path.name: path.read_text(encoding="utf-8") for path in files}
    ordered = [(name, found) for name, words in text.items() for found in orderings(words)]
    words = [(name, word) for name, said in text.items() for word in RANKING.findall(said)]

    assert (ordered, words) == ([], [])


def test_the_rule_against_rankings_would_find_one():
    assert orderings('rows.order_by("-year_hours")') == ['order_by("-year_hours"']
    assert orderings('page_of(rows, request.GET, by="year_hours")') == ['by="year_hours"']
    assert orderings("{{ rows|dictsort:'hours' }}") == ["dictsort:'hours'"]
    assert orderings('rows.order_by("name_key", "pk")') == []


def test_a_claim_is_not_in_the_hours(places):
    (mei,) = made.members(places, "林美")
    made.report(mei, by=make.user())
    assert totals_of([mei.pk], 2026).get(mei.pk, 0) == 0
