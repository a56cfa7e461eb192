"""The matching model: what is compared and how much each outcome weighs.

A comparison is a list of levels, the first that holds is the outcome. Each level is written twice,
for the database (`sql`) and for one pair in Python (`holds`); a test keeps them equal. `m` is how
often true pairs come out there, `u` how often two different people do, both among pairs where the
fact is known on both sides. A level weighs log2(m / u); a fact missing on a side weighs nothing.

Where the figures come from. `m` is an estimate, made beforehand and not fitted. Counted afterwards
on the 1,152 true pairs of two towns it lies within a tenth for name, birth, ID, telephone and sex;
those towns were tidier than it allows for in dates of leaving and occupations (no true pair
differed there, the model expects three in ten), and said nothing of the date of joining.
`u` follows from how the facts are spread: a birth falls on one of about 22,000
days and 720 months, a town has about 16 parts and 250 villages, half the people share a sex; ID
and mobile numbers are unique but for typing and for families that share a telephone. The ID
number contains the birth, so its weaker levels count only what they say beyond the birth. Names
have no fixed `u`: it is each name's own frequency in the two rosters. Nothing is trained, so the
same rosters always give the same weights, whatever the order of their rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from waystation.stewardship.rosters.matching.edits import one_edit
from waystation.stewardship.rosters.matching.records import Features

Test = Callable[[Features, Features], bool]
LUNAR_DAYS = 60  # a birthday kept by the moon's calendar falls up to two months away
ARRIVES_WITHIN = (-31, 122)  # days from a departure to the arrival that belongs to it
RAREST_NAME = 5e-5  # no name is taken to be rarer than one in 20,000 people


@dataclass(frozen=True)
class Level:
    """One outcome of a comparison; `frequency_of` names the column whose value gives `u`."""

    code: str
    sql: str
    holds: Test
    m: float
    u: float
    frequency_of: str | None = None


@dataclass(frozen=True)
class Comparison:
    """One fact compared. `unknown` holds where it is missing on a side; then it says nothing."""

    name: str
    unknown_sql: str
    unknown: Test
    levels: tuple[Level, ...]

    def outcome(self, one: Features, other: Features) -> Level | None:
        """The level of a pair, None where the fact is missing."""
        if self.unknown(one, other):
            return None
        return next(level for level in self.levels if level.holds(one, other))


def same(*columns: str) -> Test:
    """Whether a column is known on both sides and equal, for each of the columns."""
    return lambda a, b: all(
        getattr(a, column) is not None and getattr(a, column) == getattr(b, column) for column in columns
    )


def missing(*columns: str) -> Test:
    """Whether all of the columns are missing on one side or on the other."""
    return lambda a, b: any(all(getattr(side, column) is None for column in columns) for side in (a, b))


def otherwise(code: str, m: float, u: float) -> Level:
    """The last level, which always holds."""
    return Level(code, "ELSE", lambda a, b: True, m, u)


def _edit_sql(column: str, other: str | None = None) -> str:
    return f"damerau_levenshtein(l.{column}, r.{other or column}) = 1"


NAME = Comparison(
    "name",
    "l.name_key = '' OR r.name_key = ''",
    lambda a, b: not a.name_key or not b.name_key,
    (
        Level("name_same", "l.name_plain = r.name_plain", same("name_plain"), 0.955, 1e-3, "name_key"),
        Level("name_variant", "l.name_key = r.name_key", same("name_key"), 0.012, 1e-3, "name_key"),
        Level("name_sound", "l.sound = r.sound", same("sound"), 0.018, 1e-3, "sound"),
        Level(
            "name_part",
            "l.name_first = r.name_first AND length(l.name_first) > 1",
            lambda a, b: a.name_first == b.name_first and len(a.name_first) > 1,
            0.003,
            2e-4,
        ),
        Level(
            "name_one_character",
            "list_has_any(l.name_gaps, r.name_gaps)",
            lambda a, b: bool(set(a.name_gaps) & set(b.name_gaps)),
            0.008,
            0.004,
        ),
        otherwise("name_differs", 0.004, 0.99),
    ),
)


def _swapped(a: Features, b: Features) -> bool:
    return a.birth4 == b.birth4 and a.birth8[4:6] == b.birth8[6:] and a.birth8[6:] == b.birth8[4:6]


_DAYS = "abs(l.birth_days - r.birth_days)"


def _days(a: Features, b: Features) -> int | None:
    return None if a.birth_days is None or b.birth_days is None else abs(a.birth_days - b.birth_days)


BIRTH = Comparison(
    "birth",
    "l.birth4 IS NULL OR r.birth4 IS NULL",
    missing("birth4"),
    (
        Level("birth_same", "l.birth8 = r.birth8", same("birth8"), 0.5, 2.5e-5),
        Level(
            "birth_month_same",
            "l.birth6 = r.birth6 AND (l.birth8 IS NULL OR r.birth8 IS NULL)",
            lambda a, b: same("birth6")(a, b) and missing("birth8")(a, b),
            0.45,
            7e-4,
        ),
        Level(
            "birth_year_only",
            "l.birth4 = r.birth4 AND (l.birth6 IS NULL OR r.birth6 IS NULL)",
            lambda a, b: same("birth4")(a, b) and missing("birth6")(a, b),
            0.012,
            2e-4,
        ),
        Level(
            "birth_slip",
            f"{_edit_sql('birth8')} OR {_DAYS} = 1 OR (l.birth4 = r.birth4"
            " AND substr(l.birth8, 5, 2) = substr(r.birth8, 7, 2)"
            " AND substr(l.birth8, 7, 2) = substr(r.birth8, 5, 2))",
            lambda a, b: (
                _days(a, b) is not None and (one_edit(a.birth8, b.birth8) or _days(a, b) == 1 or _swapped(a, b))
            ),
            0.012,
            1e-3,
        ),
        Level(
            "birth_near",
            f"{_DAYS} <= {LUNAR_DAYS}",
            lambda a, b: _days(a, b) is not None and _days(a, b) <= LUNAR_DAYS,
            0.005,
            5e-3,
        ),
        Level(
            "birth_month_slip",
            f"(l.birth8 IS NULL OR r.birth8 IS NULL) AND {_edit_sql('birth6')}",
            lambda a, b: missing("birth8")(a, b) and not missing("birth6")(a, b) and one_edit(a.birth6, b.birth6),
            0.005,
            8e-3,
        ),
        Level("birth_year_same", "l.birth4 = r.birth4", same("birth4"), 0.004, 0.015),
        otherwise("birth_differs", 0.012, 0.97),
    ),
)


def like(text: str | None, pattern: str | None) -> bool:
    """What SQL's LIKE says of a text and a pattern of known digits and underscores."""
    return (
        text is not None
        and pattern is not None
        and len(text) == len(pattern)
        and all(mark in ("_", digit) for digit, mark in zip(text, pattern, strict=True))
    )


_ID_UNSURE = "(l.id_sure IS NULL OR r.id_sure IS NULL)"
_ID_UPGRADED = "'upgraded' IN (l.id_state, r.id_state)"

ID = Comparison(
    "id",
    "coalesce(l.id_text, l.id_mask) IS NULL OR coalesce(r.id_text, r.id_mask) IS NULL",
    missing("id_text", "id_mask"),
    (
        Level(
            "id_same",
            f"l.id_sure = r.id_sure AND NOT {_ID_UPGRADED}",
            lambda a, b: same("id_sure")(a, b) and "upgraded" not in (a.id_state, b.id_state),
            0.92,
            1e-7,
        ),
        Level(
            "id_same_upgraded",
            f"l.id_old = r.id_old AND {_ID_UPGRADED}",
            lambda a, b: same("id_old")(a, b) and "upgraded" in (a.id_state, b.id_state),
            0.03,
            1e-7,
        ),
        Level(
            "id_same_unproven",
            "l.id_text = r.id_text AND length(l.id_text) >= 15",
            lambda a, b: same("id_text")(a, b) and len(a.id_text) >= 15,
            0.002,
            1e-6,
        ),
        Level(
            "id_one_digit",
            f"{_ID_UNSURE} AND NOT {_ID_UPGRADED} AND {_edit_sql('id_text')}",
            lambda a, b: (
                missing("id_sure")(a, b)
                and "upgraded" not in (a.id_state, b.id_state)
                and one_edit(a.id_text, b.id_text)
            ),
            0.03,
            1e-4,
        ),
        # An old number has no check: of namesakes born the same day in one county, one in forty
        # has a number that differs in one digit. It proves nothing, and speaks a little against.
        Level(
            "id_old_one_digit",
            f"{_ID_UPGRADED} AND {_edit_sql('id_old')}",
            lambda a, b: "upgraded" in (a.id_state, b.id_state) and one_edit(a.id_old, b.id_old),
            0.002,
            0.01,
        ),
        Level(
            "id_known_digits_same",
            "l.id_text LIKE r.id_mask OR r.id_text LIKE l.id_mask OR l.id_mask = r.id_mask",
            lambda a, b: like(a.id_text, b.id_mask) or like(b.id_text, a.id_mask) or same("id_mask")(a, b),
            0.03,
            3e-3,
        ),
        Level(
            "id_differs",
            "l.id_sure <> r.id_sure",
            lambda a, b: not missing("id_sure")(a, b) and a.id_sure != b.id_sure,
            0.002,
            0.88,
        ),
        otherwise("id_unlike", 0.006, 0.12),
    ),
)

_MOBILE_SLIPS = " OR ".join(_edit_sql(one, other) for one in ("mobile1", "mobile2") for other in ("mobile1", "mobile2"))

PHONE = Comparison(
    "phone",
    "NOT list_has_any(l.lines, r.lines) AND (len(l.mobiles) = 0 OR len(r.mobiles) = 0)",
    lambda a, b: not set(a.lines) & set(b.lines) and not (a.mobiles and b.mobiles),
    (
        Level(
            "phone_same",
            "list_has_any(l.mobiles, r.mobiles)",
            lambda a, b: bool(set(a.mobiles) & set(b.mobiles)),
            0.8,
            2e-6,
        ),
        Level(
            "phone_one_digit",
            _MOBILE_SLIPS,
            lambda a, b: any(
                one_edit(one, other) for one in (a.mobile1, a.mobile2) for other in (b.mobile1, b.mobile2)
            ),
            0.015,
            3e-5,
        ),
        Level(
            "phone_line_same",
            "list_has_any(l.lines, r.lines)",
            lambda a, b: bool(set(a.lines) & set(b.lines)),
            0.01,
            2e-5,
        ),
        otherwise("phone_differs", 0.175, 0.9999),
    ),
)

SEX = Comparison(
    "sex",
    "l.sex IS NULL OR r.sex IS NULL",
    missing("sex"),
    (
        Level("sex_same", "l.sex = r.sex", same("sex"), 0.985, 0.5),
        otherwise("sex_differs", 0.015, 0.5),
    ),
)


def _place(name: str, town: str, village: str, figures: list[tuple[float, float]]) -> Comparison:
    """Two places: the same village, the same town, another village of the town, elsewhere.

    Nothing is said where one side gives only the town and the other only the village.
    """
    towns_known = f"l.{town} IS NOT NULL AND r.{town} IS NOT NULL"
    villages_known = f"l.{village} IS NOT NULL AND r.{village} IS NOT NULL"

    def unknown(a: Features, b: Features) -> bool:
        return missing(town)(a, b) and missing(village)(a, b)

    return Comparison(
        name,
        f"NOT ({towns_known}) AND NOT ({villages_known})",
        unknown,
        (
            Level(
                f"{name}_village_same",
                f"l.{village} = r.{village} AND (l.{town} = r.{town} OR NOT ({towns_known}))",
                lambda a, b: same(village)(a, b) and (same(town)(a, b) or missing(town)(a, b)),
                *figures[0],
            ),
            Level(
                f"{name}_town_same",
                f"l.{town} = r.{town} AND NOT ({villages_known})",
                lambda a, b: same(town)(a, b) and missing(village)(a, b),
                *figures[1],
            ),
            Level(f"{name}_village_differs", f"l.{town} = r.{town}", same(town), *figures[2]),
            otherwise(f"{name}_differs", *figures[3]),
        ),
    )


HOME = _place("home", "town", "village", [(0.55, 4e-3), (0.4, 0.03), (0.01, 0.05), (0.04, 0.9)])
ABROAD = _place("abroad", "abroad_town", "abroad_village", [(0.4, 0.02), (0.4, 0.2), (0.08, 0.2), (0.12, 0.58)])

SINCE = Comparison(
    "since",
    "l.since_days IS NULL OR r.since_days IS NULL",
    missing("since_days"),
    (
        Level(
            "since_close",
            f"r.since_days - l.since_days BETWEEN {ARRIVES_WITHIN[0]} AND {ARRIVES_WITHIN[1]}",
            lambda a, b: ARRIVES_WITHIN[0] <= b.since_days - a.since_days <= ARRIVES_WITHIN[1],
            0.7,
            0.06,
        ),
        otherwise("since_differs", 0.3, 0.94),
    ),
)

JOINED = Comparison(
    "joined",
    "l.joined IS NULL OR r.joined IS NULL",
    missing("joined"),
    (
        Level(
            "joined_same",
            "l.joined = r.joined OR starts_with(l.joined, r.joined) OR starts_with(r.joined, l.joined)",
            lambda a, b: a.joined.startswith(b.joined) or b.joined.startswith(a.joined),
            0.85,
            5e-3,
        ),
        otherwise("joined_differs", 0.15, 0.995),
    ),
)

OCCUPATION = Comparison(
    "occupation",
    "l.occupation IS NULL OR r.occupation IS NULL",
    missing("occupation"),
    (
        Level("occupation_same", "l.occupation = r.occupation", same("occupation"), 0.7, 0.1),
        otherwise("occupation_differs", 0.3, 0.9),
    ),
)

COMPARISONS = (NAME, BIRTH, ID, PHONE, SEX, HOME, ABROAD, SINCE, JOINED, OCCUPATION)
BY_NAME = {comparison.name: comparison for comparison in COMPARISONS}
LEVELS = {level.code: level for comparison in COMPARISONS for level in comparison.levels}


def prior(origins: int, arrivals: int) -> float:
    """The share of all pairs that are true: most people on the shorter roster are on the other."""
    return min(0.5, 0.6 / max(origins, arrivals, 2))
