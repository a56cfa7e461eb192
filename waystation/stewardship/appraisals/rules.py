"""Numbers of appraisals that change by decree or by local custom."""

from datetime import date
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from waystation.kernel import dated

REPLY_DAYS = "appraisal.reply_days"
CONSULTATION_DAYS = "appraisal.consultation_days"
EXCELLENT_LIMIT = "appraisal.excellent_limit"
BALLOT_LEAST = "appraisal.ballot_least"
WEIGHTS = "appraisal.weights"
GRADES_FROM = "appraisal.grades_from"
PEERS = "appraisal.peers"
MOST_PEERS = 9
POINTS = {grade: f"appraisal.points_{grade}" for grade in ("excellent", "qualified", "basic", "unqualified")}


def share(text) -> Fraction:
    """A part of the whole such as 1/3."""
    try:
        value = Fraction(text)
    except ZeroDivisionError:
        raise ValueError(text) from None
    if not 0 < value <= 1:
        raise ValueError(text)
    return value


def weights(text) -> str:
    """Four whole numbers that add up to 100, such as 10 20 35 35."""
    own, mutual, station, origin = sides = [int(part) for part in str(text).split()]
    if min(sides) < 0 or sum(sides) != 100:
        raise ValueError(text)
    return f"{own} {mutual} {station} {origin}"


def bounds(text) -> str:
    """Three whole numbers that descend from 100 at most, such as 90 75 60."""
    excellent, qualified, basic = (int(part) for part in str(text).split())
    if not 100 >= excellent > qualified > basic >= 0:
        raise ValueError(text)
    return f"{excellent} {qualified} {basic}"


def first_values(day: date) -> dict[str, int | str]:
    """What a round drafted on `day` begins with, by field; whoever drafts it may write something else."""
    own, mutual, station, origin = map(int, dated.value(WEIGHTS, day).split())
    excellent, qualified, basic = map(int, dated.value(GRADES_FROM, day).split())
    return {
        "mutual": "named" if mutual else "none",
        "peers": dated.value(PEERS, day),
        "weight_self": own, "weight_mutual": mutual, "weight_station": station, "weight_origin": origin,
        "excellent_from": excellent, "qualified_from": qualified, "basic_from": basic,
    }  # fmt: skip


_OWN = "本站自行规定（无上级规定）"
_EXAMPLE = "地方民主评议量化办法示例：优秀100分、合格85分、基本合格70分、不合格50分"
dated.declare(
    REPLY_DAYS, 5, unit=_("days"),
    title=_("How long a member may answer the proposed result of an appraisal"),
    source="本系统默认值（无上级规定，按本地办法设定）",
)  # fmt: skip
dated.declare(
    CONSULTATION_DAYS, 5, unit=_("days"),
    title=_("How long the origin may confirm the record of a consultation; after that a grade may be proposed"),
    source=_OWN,
)  # fmt: skip
dated.declare(
    WEIGHTS, "10 20 35 35", unit=_("of 100: self, mutual, station, origin"), kind=weights,
    title=_("Weights of the four sides that a new round of appraisal begins with"), source=_OWN,
)  # fmt: skip
dated.declare(
    GRADES_FROM, "90 75 60", unit=_("points: excellent, qualified, basically qualified"), kind=bounds,
    title=_("Points from which on a new round of appraisal suggests each grade"), source=_OWN,
)  # fmt: skip
dated.declare(
    PEERS, 2, unit=_("members"), kind=dated.between(1, MOST_PEERS),
    title=_("So many members assess each member by name in a new round of appraisal"), source=_OWN,
)  # fmt: skip
dated.declare(
    EXCELLENT_LIMIT, "1/3", unit=_("of the members who get a grade"), kind=share,
    title=_("More members graded excellent than this need a written reason"),
    source="民主评议党员：优秀等次一般不超过党员总数的三分之一",
)  # fmt: skip
dated.declare(
    # Of two ballots each voter knows the other's.
    BALLOT_LEAST, 5, unit=_("ballots"), kind=dated.between(3, 100),
    title=_("Fewer anonymous ballots than this are not shown and not counted"),
    source="本系统默认值（防止从少量选票推知个人意见）",
)  # fmt: skip
dated.declare(
    POINTS["excellent"], 100, unit=_("points"), title=_("A ballot that says “excellent” is worth"), source=_EXAMPLE
)
dated.declare(
    POINTS["qualified"], 85, unit=_("points"), title=_("A ballot that says “qualified” is worth"), source=_EXAMPLE
)
dated.declare(
    POINTS["basic"], 70, unit=_("points"), title=_("A ballot that says “basically qualified” is worth"),
    source=_EXAMPLE,
)  # fmt: skip
dated.declare(
    POINTS["unqualified"], 50, unit=_("points"), title=_("A ballot that says “not qualified” is worth"),
    source=_EXAMPLE,
)  # fmt: skip
