"""Activity cards: one valid card a person, checked once a year."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests import make as bare
from tests import places as make
from waystation.kernel import dated
from waystation.kernel.ids import new_id
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.formalities import actions, rules
from waystation.stewardship.formalities.models import ActivityCard, CardCheck
from waystation.stewardship.formalities.queries.cards import due, window_of
from waystation.stewardship.people.actions import MergeRefused, merge_people, return_home, undo_merge
from waystation.stewardship.people.models import Person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


def issue(person, by, number="HD-350982-0001", **more):
    asked = {"issued_on": date(2026, 3, 1), "reason": "务工", "place": "福鼎市桐山街道", "at": NOON}
    return actions.issue_card(person, number=number, by=by, **(asked | more))


def test_a_card_is_issued_by_the_branch_and_its_number_stands_on_the_file(person, places, secretary):
    card = issue(person, secretary)

    person.refresh_from_db()
    assert (card.branch, card.county, person.card_no) == (places["branch"], places["county"], card.number)
    with pytest.raises(actions.HasCard):
        issue(person, secretary, number="2")
    card.pk, card.number = new_id(), "2"
    with pytest.raises(IntegrityError), transaction.atomic():
        ActivityCard.objects.bulk_create([card])


def test_who_does_not_speak_for_the_branch_issues_no_card(person, places, receiver):
    for user in (receiver, make.user("station_officer", places["station"])):
        with pytest.raises(actions.NotAllowed):
            issue(person, user)


def test_a_number_is_given_once_in_a_county_but_again_in_another(person, places, secretary):
    issue(person, secretary)
    beside = make.user("branch_secretary", places["beside branch"])

    with pytest.raises(actions.NumberTaken):
        issue(bare.person(places["branch"], "王大海"), secretary)
    assert issue(bare.person(places["beside branch"], "林小溪"), beside).number == "HD-350982-0001"


def test_a_lost_card_is_replaced_by_another(person, secretary):
    first = issue(person, secretary)
    with pytest.raises(actions.ReasonMissing):
        actions.report_lost(first, on=NOON.date(), reason="", by=secretary, at=NOON)
    actions.report_lost(first, on=NOON.date(), reason="乘车遗失", by=secretary, at=NOON)
    person.refresh_from_db()
    assert person.card_no == ""

    second = issue(person, secretary, number="HD-350982-0002", issued_on=NOON.date())

    first.refresh_from_db()
    assert (first.state, second.replaces, second.state) == ("lost", first, "valid")
    with pytest.raises(actions.AlreadyClosed):
        actions.withdraw_card(first, on=NOON.date(), reason="x", by=secretary, at=NOON)
    actions.withdraw_card(second, on=NOON.date(), reason="返乡", by=secretary, at=NOON)
    with pytest.raises(actions.NumberTaken):
        issue(person, secretary, number="HD-350982-0001")


@pytest.mark.parametrize(
    ("day", "year", "is_over"),
    [
        (date(2026, 10, 31), 2025, True),
        (date(2026, 11, 1), 2026, False),
        (date(2027, 1, 31), 2026, False),
        (date(2027, 2, 1), 2026, True),
    ],
)
def test_the_yearly_check_has_a_window(day, year, is_over):
    assert (window_of(day).year, window_of(day).is_over(day)) == (year, is_over)


def test_the_window_is_a_rule_with_a_date():
    dated.set_value(rules.CHECK_MONTH, 6, starts_on=date(2027, 1, 1), source="县委组织部", by=None, at=NOON)

    assert window_of(date(2026, 11, 1)).opens_on == date(2026, 11, 1)
    assert window_of(date(2027, 6, 1)).opens_on == date(2027, 6, 1)


def test_cards_are_checked_once_a_year_in_bulk_by_origin_or_station(person, places, secretary):
    cards = [issue(person, secretary), issue(bare.person(places["branch"], "王大海"), secretary, number="2")]
    fresh = issue(bare.person(places["branch"], "林小溪"), secretary, number="3", issued_on=date(2026, 11, 2))
    window = window_of(NOON.date())
    assert set(due(ActivityCard.objects.all(), window)) == set(cards)

    officer = make.user("station_officer", places["station"])
    with pytest.raises(actions.NotAllowed), transaction.atomic():
        actions.check_cards(cards, on=NOON.date(), by=officer, at=NOON)
    assert actions.check_cards(cards[:1], on=NOON.date(), by=officer, at=NOON) == 1
    assert actions.check_cards([*cards, fresh], on=NOON.date(), by=secretary, at=NOON) == 1
    assert actions.check_cards(cards, on=NOON.date(), by=secretary, at=NOON) == 0

    assert dict(CardCheck.objects.values_list("card", "unit")) == {
        cards[0].pk: places["station"].pk, cards[1].pk: places["branch"].pk,
    }  # fmt: skip
    assert not due(ActivityCard.objects.all(), window).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        CardCheck.objects.create(
            card=cards[0], year=2026, checked_on=NOON.date(), unit=places["branch"], checked_at=NOON,
            checked_by=secretary,
        )  # fmt: skip


def test_the_branch_has_the_check_on_its_list_until_the_last_card_is_checked(person, places, secretary):
    cards = [issue(person, secretary), issue(bare.person(places["branch"], "王大海"), secretary, number="2")]

    assert actions.prompt_checks(NOON) == 1
    assert actions.prompt_checks(NOON) == 0
    item = OpenItem.objects.open().get()
    assert (item.unit, item.due_on, item.topic) == (places["branch"], date(2027, 1, 31), "card")
    actions.check_cards(cards[:1], on=NOON.date(), by=secretary, at=NOON)
    assert OpenItem.objects.open().exists()
    actions.check_cards(cards[1:], on=NOON.date(), by=secretary, at=NOON)
    assert not OpenItem.objects.open().exists()


def test_a_check_that_nobody_needs_any_more_leaves_the_list(person, secretary):
    card = issue(person, secretary)
    actions.prompt_checks(NOON)
    actions.withdraw_card(card, on=NOON.date(), reason="返乡", by=secretary, at=NOON)
    actions.prompt_checks(NOON)

    assert not OpenItem.objects.open().exists()


def test_the_check_of_another_year_is_another_item(person, secretary):
    issue(person, secretary)
    actions.prompt_checks(NOON)
    actions.prompt_checks(NOON + 365 * DAY)

    assert [item.key.rpartition(":")[2] for item in OpenItem.objects.open()] == ["2027"]


def test_who_returns_home_hands_the_card_in(stay, person, secretary):
    card = issue(person, secretary)
    return_home(stay.departure, on=NOON.date(), by=secretary, at=NOON)
    item = OpenItem.objects.open().get(key=f"card-back:{card.pk}")
    assert item.unit == card.branch

    actions.withdraw_card(card, on=timezone.localdate(NOON), reason="返乡交回", by=secretary, at=NOON)

    item.refresh_from_db()
    assert item.done_at == NOON


def test_cards_follow_a_merge_and_its_undo_and_two_valid_ones_stand_in_its_way(person, places, secretary):
    by, twin = make.user(), bare.person(places["branch"], "缪春花")
    card = issue(twin, secretary)
    merge = merge_people(person, twin, by=by, at=NOON)
    card.refresh_from_db()
    assert (card.person, Person.objects.get(pk=person.pk).card_no) == (person, card.number)
    undo_merge(merge, by=by, at=NOON)
    card.refresh_from_db()
    assert card.person == twin

    issue(person, secretary, number="2")
    with pytest.raises(MergeRefused):
        merge_people(person, twin, by=by, at=NOON)
