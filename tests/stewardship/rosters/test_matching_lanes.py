"""The lanes: what the machine may call matched, and that everybody stands in exactly one lane."""

import random
from dataclasses import replace

import pytest

from bench.rosters import Habits, generate, invented_places
from bench.scoring import score, score_result
from waystation.kernel.partial_dates import PartialDate
from waystation.stewardship.people.identity import check_character
from waystation.stewardship.rosters.matching import ARRIVAL, CONFLICTING, MATCHED, ORIGIN, Row, match

DAY = PartialDate(1980, 10, 24)


def number(order: int) -> str:
    digits = f"35092219801024{order:03d}"
    return digits + check_character(digits)


def rows(side: str, *people: dict) -> list[Row]:
    plain = {"name": "张金水", "sex": "男", "birth": DAY}
    return [Row.of(f"{side[0]}{at}", side, **(plain | given)) for at, given in enumerate(people)]


def lanes(origins: list[dict], arrivals: list[dict], **options) -> dict[tuple[str, str], str]:
    result = match(rows(ORIGIN, *origins), rows(ARRIVAL, *arrivals), **options)
    return {(pair.origin_key, pair.arrival_key): pair.lane for pair in result.pairs}


VILLAGE = "古田县大桥镇隆德洋党支部"
ALL_AGREES = {"home": VILLAGE, "since": PartialDate(2020, 5, 1), "occupation": "餐饮服务"}


@pytest.mark.parametrize(
    ("one", "other", "lane"),
    [
        ({"id_number": number(11)}, {"id_number": number(11)}, MATCHED),
        ({"id_number": number(11)}, {"id_number": number(11)[:6] + number(11)[8:17]}, MATCHED),
        ({"phones": "13912346624"}, {"phones": "139 1234 6624"}, MATCHED),
        ({"phones": "13912346624"}, {"phones": "139 1234 6624", "name": "張金水"}, MATCHED),
        ({"id_number": number(11)}, {"id_number": number(11)[:9] + "1" + number(11)[10:]}, MATCHED),
        (ALL_AGREES, ALL_AGREES, MATCHED),
        # The same number with another name: a number was copied from another line.
        ({"id_number": number(11)}, {"id_number": number(11), "name": "卓兴飞"}, CONFLICTING),
        # Two proven numbers, one telephone.
        (
            {"id_number": number(11), "phones": "13912346624"},
            {"id_number": number(37), "phones": "13912346624"},
            CONFLICTING,
        ),
        # Name and day alone may be two people.
        ({}, {}, CONFLICTING),
        ({"home": VILLAGE}, {"home": "古田县吉巷乡前山党支部"}, CONFLICTING),
        (ALL_AGREES, ALL_AGREES | {"since": PartialDate(2010, 1, 1)}, CONFLICTING),
        # An old number has no check digit: one digit off is as likely a namesake as a slip.
        ({"id_number": number(11)}, {"id_number": number(19)[:6] + number(19)[8:17]}, CONFLICTING),
        # A proven other number settles it.
        ({"id_number": number(11)}, {"id_number": number(37)}, None),
        ({"name": "张金水"}, {"name": "卓兴飞", "birth": PartialDate(1950, 1, 1)}, None),
    ],
)
def test_proof_decides_the_lane(one, other, lane):
    assert lanes([one], [other]).get(("o0", "a0")) == lane


def test_namesakes_born_the_same_day_are_told_apart_by_proof():
    found = lanes(
        [{"id_number": number(11)}, {"phones": "13800000002"}],
        [{"phones": "13800000002"}, {"id_number": number(11)}],
    )
    assert found == {("o0", "a1"): MATCHED, ("o1", "a0"): MATCHED}


def test_namesakes_without_proof_are_left_to_a_person():
    found = lanes([ALL_AGREES], [ALL_AGREES, ALL_AGREES | {"phones": "13800000002", "home": ""}])
    assert found == {("o0", "a0"): CONFLICTING, ("o0", "a1"): CONFLICTING}


def test_a_number_copied_to_another_line_does_not_disturb_its_owner():
    one = {"id_number": number(11)}
    found = lanes([one], [one, one | {"name": "卓兴飞", "birth": PartialDate(1950, 1, 1)}])
    assert found == {("o0", "a0"): MATCHED}


def test_a_telephone_that_proves_two_is_left_to_a_person():
    one = {"phones": "13912346624", "home": VILLAGE}
    found = lanes([one], [one | {"birth": PartialDate(1980, 10)}, one | {"name": "张金永"}])
    assert found[("o0", "a0")] == found[("o0", "a1")] == CONFLICTING


def test_one_person_entered_twice_is_one_record():
    twice = [
        {"id_number": number(11), "phones": "13912346624"},
        {"id_number": number(11), "birth": None},
    ]
    result = match(rows(ORIGIN, *twice), rows(ARRIVAL, {"phones": "13912346624"}))
    (pair,) = result.pairs
    assert pair.lane == MATCHED
    assert pair.origin_keys == ("o0", "o1")
    assert result.duplicates == {"o0": ("o0", "o1")}
    assert not result.only_departed


def test_namesakes_on_one_roster_stay_two():
    result = match(
        rows(ORIGIN, {"id_number": number(11), "home": VILLAGE}, {"id_number": number(37)}),
        rows(ARRIVAL, {"phones": "13800000002", "name": "卓兴飞"}),
    )
    assert not result.duplicates
    assert result.only_departed == ["o0", "o1"]
    assert result.only_arrived == ["a0"]


def test_a_rejected_pair_is_never_proposed_again():
    one = {"id_number": number(11)}
    assert lanes([one], [one], rejected={("o0", "a0")}) == {}
    # A row of the same person that was put together with it counts as well.
    assert lanes([one, one], [one], rejected={("o1", "a0")}) == {}
    assert lanes([one], [one], rejected={("gone", "a0")}) == {("o0", "a0"): MATCHED}


def test_an_empty_side_leaves_the_other_alone():
    assert match([], rows(ARRIVAL, {})).only_arrived == ["a0"]
    assert match(rows(ORIGIN, {}), []).only_departed == ["o0"]
    assert match([], []).pairs == []


def test_a_key_twice_on_a_side_is_refused():
    with pytest.raises(ValueError, match="twice"):
        match(rows(ORIGIN, {}) * 2, [])


@pytest.fixture(scope="module")
def county():
    return generate(invented_places(6, 8, seed=3), 500, 3)


@pytest.mark.slow
def test_the_order_of_the_rows_changes_nothing(county):
    origins, arrivals = county.rows()
    heard = []
    first = match(origins, arrivals, progress=heard.append)
    random.Random(1).shuffle(origins)
    random.Random(2).shuffle(arrivals)
    assert match(origins, arrivals) == first
    assert heard == sorted(heard)
    assert heard[-1] == 1


@pytest.mark.slow
def test_everybody_stands_in_exactly_one_lane(county):
    origins, arrivals = county.rows()
    result = match(origins, arrivals)
    matched, conflicting = result.lane(MATCHED), result.lane(CONFLICTING)
    for side, only in (("origin", result.only_departed), ("arrival", result.only_arrived)):
        in_matched = [getattr(pair, f"{side}_key") for pair in matched]
        assert len(in_matched) == len(set(in_matched))
        in_conflicting = {getattr(pair, f"{side}_key") for pair in conflicting}
        assert not set(in_matched) & in_conflicting
        assert not (set(in_matched) | in_conflicting) & set(only)
        everyone = {row.key for row in (origins if side == "origin" else arrivals)}
        merged = {key for keys in result.duplicates.values() for key in keys[1:]}
        assert {*in_matched, *in_conflicting, *only} == everyone - merged


@pytest.mark.slow
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_other_counties_are_matched_without_error(seed):
    made = generate(invented_places(seed=seed), 900, seed)
    result = score_result(match(*made.rows()), *made.rows(), made.truth)
    assert result.wrong == []
    assert result.recall >= 0.99


@pytest.mark.slow
def test_a_county_full_of_namesakes_is_matched_without_error():
    habits = replace(Habits.drawn(random.Random(5)), namesakes=0.1, id_missing=(0.4, 0.6), phone_missing=0.25)
    made = generate(invented_places(8, 8, seed=5), 900, 5, habits)
    result = score_result(match(*made.rows()), *made.rows(), made.truth)
    assert result.wrong == []
    assert result.recall >= 0.99


def test_the_scorer_counts_wrong_and_missed_pairs():
    truth = {
        "pairs": [
            {"origin_rows": [4, 9], "arrival": ["表", 3]},
            {"origin_rows": [5], "arrival": ["表", 4]},
            {"origin_rows": [6], "arrival": ["表", 5]},
        ]
    }
    found = score([((9,), (("表", 3),)), ((5,), (("表", 5),))], [((6,), (("表", 5),))], truth)
    assert found.precision == 0.5
    assert found.wrong == [((5,), (("表", 5),))]
    assert found.matched_recall == pytest.approx(1 / 3)
    assert found.recall == pytest.approx(2 / 3)
    assert found.missed == [truth["pairs"][1]]
