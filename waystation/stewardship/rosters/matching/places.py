"""Town and village out of the words a roster uses for a place.

"福鼎市太姥山镇竹下党支部", "太姥山镇党委" and "竹下村委会" name a branch, the committee above it
and its village. Whoever knows the organization tree gives a `Place` instead and nothing is guessed.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from waystation.stewardship.people.names import half_width

_PROVINCE_AND_CITY = re.compile(r"^(?:中共|中国共产党)?(?:[^省市县]{2,3}省)?(?:[^省市县镇乡村]{2,4}市)?")
_COUNTY = re.compile(r"^(?:[^省市县镇乡村]{1,4}[县市]|[^省市县镇乡村]{2,4}(?<![社小园发中业])区)(?=.)")
_TOWN = re.compile(
    r"^(.{1,8}?(?:街道|镇|乡|开发区|集中区|工业区|工业园区|农场|林场|茶场))(?:办事处|办)?(?:(?<=场).*|.*)$"
)
_TAILS = re.compile(
    r"(?:流动)?(?:党员)?(?:党总支|党支部|总支部|支部委员会|支部|党委|党工委|委员会|党组织|党群服务中心|管委会"
    r"|村民委员会|居民委员会|村委会|居委会|村委|居委|社区|村民小组|行政村|自然村|人民政府|政府|村)$"
)
_HOUSE = re.compile(r"[0-9a-zA-Z#\-一]*[0-9]+(?:号|栋|幢|室|单元|弄|组|楼|座|层|巷).*$|[0-9#\-]+$")
_VAGUE = {"城区", "县城", "市区", "本地", "城关", "市", "县", "区", "本县", "本市", "外地"}


class Place(NamedTuple):
    """A town and a village (or community) by their bare names; None where not given."""

    town: str | None = None
    village: str | None = None


NOWHERE = Place()


@lru_cache(maxsize=65536)
def read_place(text: str) -> Place:
    """The town and the village a place's words name; both None for words like "城区"."""
    rest = re.sub(r"\s", "", half_width(text or ""))
    rest = _COUNTY.sub("", _PROVINCE_AND_CITY.sub("", rest, count=1), count=1) or rest
    town = None
    found = _TOWN.match(rest)
    if found:
        town = found.group(1)
        if re.fullmatch(r"村委会|村民委员会|居委会|村|社区(?:居委会)?", rest[found.end(1) :]):
            return Place(None, town)  # the village 南镇, not a town
        rest = rest[found.end(1) :].removeprefix("办事处").removeprefix("办")
    village = _bare_village(_HOUSE.sub("", rest))
    if village in _VAGUE or re.fullmatch(r".{2,3}[县市]", village):
        village = ""
    return Place(town, village or None)


def _bare_village(text: str) -> str:
    """The village's name without the words for its committee or branch."""
    while True:
        shorter = _TAILS.sub("", text)
        if shorter == text:
            return text
        text = shorter
