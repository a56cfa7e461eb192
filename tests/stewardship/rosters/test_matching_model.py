"""The matching model: each level, the same in the database and in Python, and its words."""

import ast
from math import isclose
from pathlib import Path

import pytest
from django.utils import translation

from bench.rosters import generate, invented_places
from waystation.kernel.partial_dates import PartialDate
from waystation.stewardship.people.identity import check_character
from waystation.stewardship.rosters.matching import (
    ARRIVAL,
    ORIGIN,
    Frequencies,
    Place,
    Row,
    blocks,
    compare,
    engine,
    features,
    model,
    read_place,
    reasons,
    weigh,
    words,
)
from waystation.stewardship.rosters.matching.compare import outcomes
from waystation.stewardship.rosters.matching.edits import one_edit
from waystation.stewardship.rosters.matching.reasons import WORDS, sentence, speaks_for

ID, OTHER_ID = (digits + check_character(digits) for digits in ("35098219690316302", "35098219690316504"))
WRONG_ID = ID[:9] + "8" + ID[10:]


def pair(one: dict, other: dict) -> dict[str, str]:
    made = [{"name": "王建国"} | given for given in (one, other)]
    return compare(Row.of("o", ORIGIN, **made[0]), Row.of("a", ARRIVAL, **made[1]))


LEVELS = [
    ("name", {"name": "王　建国"}, {"name": "王建国"}, "name_same"),
    ("name", {"name": "劉建国"}, {"name": "刘建國"}, "name_variant"),
    ("name", {"name": "王伟雨"}, {"name": "王炜雨"}, "name_sound"),
    ("name", {"name": "阿依古丽·买买提"}, {"name": "阿依古丽"}, "name_part"),
    ("name", {"name": "王建国"}, {"name": "王建军"}, "name_one_character"),
    ("name", {"name": "王国建"}, {"name": "王建国"}, "name_one_character"),
    ("name", {"name": "王伟"}, {"name": "王芳"}, "name_differs"),
    ("name", {"name": ""}, {"name": "王芳"}, None),
    ("birth", {"birth": "1969-03-16"}, {"birth": "1969-03-16"}, "birth_same"),
    ("birth", {"birth": "1969-03"}, {"birth": "1969-03-16"}, "birth_month_same"),
    ("birth", {"birth": "1969"}, {"birth": "1969-03-16"}, "birth_year_only"),
    ("birth", {"birth": "1969-03-16"}, {"birth": "1969-03-17"}, "birth_slip"),
    ("birth", {"birth": "1969-03-16"}, {"birth": "1979-03-16"}, "birth_slip"),
    ("birth", {"birth": "1969-03-06"}, {"birth": "1969-06-03"}, "birth_slip"),
    ("birth", {"birth": "1969-03-16"}, {"birth": "1969-04-28"}, "birth_near"),
    ("birth", {"birth": "1969-03"}, {"birth": "1996-03-16"}, "birth_month_slip"),
    ("birth", {"birth": "1969-03-16"}, {"birth": "1969-12-25"}, "birth_year_same"),
    ("birth", {"birth": "1969-03-16"}, {"birth": "1982-12-25"}, "birth_differs"),
    ("birth", {}, {"birth": "1982-12-25"}, None),
    ("id", {"id_number": ID}, {"id_number": ID}, "id_same"),
    ("id", {"id_number": ID}, {"id_number": ID[:6] + ID[8:17]}, "id_same_upgraded"),
    ("id", {"id_number": WRONG_ID}, {"id_number": WRONG_ID}, "id_same_unproven"),
    ("id", {"id_number": ID}, {"id_number": WRONG_ID}, "id_one_digit"),
    ("id", {"id_number": ID}, {"id_number": ID[:11] + ID[12:]}, "id_one_digit"),
    ("id", {"id_number": ID}, {"id_number": ID[:6] + "690316307"}, "id_old_one_digit"),
    ("id", {"id_number": ID}, {"id_number": float(ID[:15] + "000")}, "id_known_digits_same"),
    ("id", {"id_number": ID}, {"id_number": ID[:6] + "********" + ID[14:]}, "id_known_digits_same"),
    ("id", {"id_number": ID}, {"id_number": OTHER_ID}, "id_differs"),
    ("id", {"id_number": ID}, {"id_number": OTHER_ID[:14] + "9999"}, "id_unlike"),
    ("id", {"id_number": ID}, {"id_number": "3.5E+17"}, None),
    ("phone", {"phones": "13912346624/5282447"}, {"phones": "+8613912346624"}, "phone_same"),
    ("phone", {"phones": "13912346624"}, {"phones": "13912346625"}, "phone_one_digit"),
    ("phone", {"phones": "13912346624、13700000001"}, {"phones": "13700000010"}, "phone_one_digit"),
    ("phone", {"phones": "0593-5282447"}, {"phones": "(0593)5282447"}, "phone_line_same"),
    ("phone", {"phones": "13912346624"}, {"phones": "15800000000"}, "phone_differs"),
    ("phone", {"phones": "13912346624"}, {"phones": "0593-5282447"}, None),
    ("sex", {"sex": "男"}, {"sex": "男性"}, "sex_same"),
    ("sex", {"sex": "男"}, {"sex": "女"}, "sex_differs"),
    ("home", {"home": "福鼎市点头镇过笕党支部"}, {"home": "过笕村委会"}, "home_village_same"),
    ("home", {"home": "福鼎市点头镇过笕党支部"}, {"home": "点头镇党委"}, "home_town_same"),
    ("home", {"home": "福鼎市点头镇过笕党支部"}, {"home": "点头镇后梁村"}, "home_village_differs"),
    ("home", {"home": "福鼎市点头镇过笕党支部"}, {"home": "福鼎市白琳镇"}, "home_differs"),
    ("home", {"home": "点头镇"}, {"home": "过笕村委会"}, None),
    ("abroad", {"abroad": "桐城街道"}, {"abroad": "福鼎市桐城街道海口社区9号"}, "abroad_town_same"),
    ("abroad", {"abroad": "福鼎市城区"}, {"abroad": "福鼎市桐城街道海口社区9号"}, None),
    ("since", {"since": "2020-05-01"}, {"since": "2020-06"}, "since_close"),
    ("since", {"since": "2020-05-01"}, {"since": "2022-06"}, "since_differs"),
    ("joined", {"joined": "2001-06"}, {"joined": "2001-06-01"}, "joined_same"),
    ("joined", {"joined": "2001-06"}, {"joined": "2002-06-01"}, "joined_differs"),
    ("occupation", {"occupation": "餐饮 服务"}, {"occupation": "餐饮服务"}, "occupation_same"),
    ("occupation", {"occupation": "务农"}, {"occupation": "餐饮服务"}, "occupation_differs"),
    ("occupation", {"occupation": "无"}, {"occupation": "餐饮服务"}, None),
]  # fmt: skip


def typed(given: dict) -> dict:
    return {
        field: PartialDate.parse_iso(value) if field in ("birth", "since", "joined") else value
        for field, value in given.items()
    }


@pytest.mark.parametrize(("comparison", "one", "other", "code"), LEVELS)
def test_each_fact_comes_out_at_its_level(comparison, one, other, code):
    assert pair(typed(one), typed(other)).get(comparison) == code


@pytest.fixture(scope="module")
def sides():
    """Two rosters of a small county, with the pairs of `LEVELS` among them."""
    origins, arrivals = generate(invented_places(3, 4, seed=7), 150, 7).rows()
    for at, (_, one, other, _) in enumerate(LEVELS):
        shared = {"home": Place("镇", f"村{at}"), "birth": PartialDate(1950, 1)}
        made = [{"name": "王建国"} | shared | typed(given) for given in (one, other)]
        origins.append(Row.of(f"origin:{at}", ORIGIN, **made[0]))
        arrivals.append(Row.of(f"arrival:{at}", ARRIVAL, **made[1]))
    return [features(row) for row in origins], [features(row) for row in arrivals]


@pytest.mark.slow
def test_the_database_and_python_say_the_same_of_every_pair(sides, monkeypatch):
    everything = "SELECT o.unique_id AS origin, a.unique_id AS arrival FROM origin o, arrival a"
    monkeypatch.setattr(blocks, "pairs_sql", lambda *tables: everything)
    frequencies = Frequencies.of(*sides)
    seen, count = set(), 0
    for found in engine.candidates(*sides, threshold=-1000, memory_limit="1GB"):
        one, other = sides[0][found.origin], sides[1][found.arrival]
        assert found.levels == outcomes(one, other)
        assert isclose(found.weight, weigh(one, other, frequencies), abs_tol=2e-4)
        seen.update(found.levels.values())
        count += 1
    assert count == len(sides[0]) * len(sides[1])
    assert seen == set(model.LEVELS)  # no level went unseen


def test_blocking_keys_are_those_of_the_database(sides):
    import duckdb  # noqa: PLC0415 - slow import

    connection = duckdb.connect()
    engine._load(connection, "origin", sides[0])
    stored = set(connection.execute(blocks.keys_sql("origin")).fetchall())
    assert stored == {(at, key) for at, row in enumerate(sides[0]) for key in blocks.blocking_keys(row)}


def test_a_key_that_too_many_share_finds_nobody():
    rows = [features(Row.of(str(at), ORIGIN, "王伟", phones="13912346624")) for at in range(60)]
    assert list(engine.candidates(rows, rows, threshold=-1000, memory_limit="1GB")) == []
    few = rows[:5]
    assert len(list(engine.candidates(few, few, threshold=-1000, memory_limit="1GB"))) == 25


def test_the_shares_of_each_comparison_are_probabilities():
    for comparison in model.COMPARISONS:
        assert comparison.levels[-1].sql == "ELSE"
        assert isclose(sum(level.m for level in comparison.levels), 1, abs_tol=0.03), comparison
        assert all(0 < level.m < 1 and 0 < level.u < 1 for level in comparison.levels)
    assert len(model.LEVELS) == sum(len(c.levels) for c in model.COMPARISONS)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("1234", "1234", False),
        ("1234", "1244", True),
        ("1234", "124", True),
        ("1234", "12334", True),
        ("1234", "2134", True),
        ("1234", "1243", True),
        ("1234", "4321", False),
        ("1234", "12", False),
        ("12", "21", True),
        ("", "1", True),
        (None, "1", False),
    ],
)
def test_one_slip_of_the_hand(one, other, near):
    assert one_edit(one, other) is near
    assert one_edit(other, one) is near


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("福鼎市太姥山镇竹下党支部", ("太姥山镇", "竹下")),
        ("太姥山镇党委", ("太姥山镇", None)),
        ("竹下村委会", (None, "竹下")),
        ("福建省宁德市古田县城东街道前山村委会188号", ("城东街道", "前山")),
        ("宁德市蕉城区蕉南街道海滨社区居委会", ("蕉南街道", "海滨")),
        ("福鼎市硖门畲族乡东稼党支部", ("硖门畲族乡", "东稼")),
        ("古田县凤埔乡镇边党支部", ("凤埔乡", "镇边")),
        ("镇边社区居民委员会", (None, "镇边")),
        ("南镇村委会", (None, "南镇")),
        ("福鼎市龙安开发区桑杨党支部", ("龙安开发区", "桑杨")),
        ("福鼎市城区", (None, None)),
        ("古田县", (None, None)),
        ("", (None, None)),
    ],
)
def test_places_are_read_out_of_the_words_for_them(text, place):
    assert read_place(text) == place


def test_reasons_say_days_and_never_a_name_or_number():
    origin = Row.of("o", ORIGIN, "王建国", birth=PartialDate(1969, 3, 16), id_number=ID)
    arrival = Row.of("a", ARRIVAL, "王建国", birth=PartialDate(1969, 3, 17), id_number=ID)
    found = reasons(origin, arrival, compare(origin, arrival))
    assert found == [
        {"code": "name_same"},
        {"code": "birth_days_apart", "days": 1},
        {"code": "id_same"},
    ]
    assert [speaks_for(reason) for reason in found] == [True, False, True]
    assert not speaks_for({"code": "phone_differs"})


def test_every_level_has_words_in_both_languages():
    assert set(WORDS) == set(model.LEVELS)
    with translation.override("en"):
        assert words({"code": "phone_same"}) == "Same mobile number"
        assert words({"code": "birth_days_apart", "days": 2}) == "Dates of birth are 2 days apart"
        assert words({"code": "of_a_later_version"}) == "of_a_later_version"
        assert sentence([{"code": "sex_same"}, {"code": "id_same"}]) == "Same sex, Same ID number"


def test_the_matching_knows_no_database_models():
    folder = Path(engine.__file__).parent
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith("django.db"), path
                assert not (node.module or "").endswith(".models"), path
