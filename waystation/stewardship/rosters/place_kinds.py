"""外出流向 as rosters write it: a word of the code list is the kind of place, anything else is where the member is.

The words are those of the yearly statistics (党内统计年报表, 流动党员情况表) with what stands in their brackets.
"""

from __future__ import annotations

import re
import unicodedata

from waystation.stewardship.people.models import Departure

Kind = Departure.PlaceKind
_BRACKETED = re.compile(r"\([^()]*\)")
_NOISE = re.compile(r"[\s,，、/·()（）《》\"'“”.．:：;；和及]|^\d+")
_WORDS = {
    Kind.PUBLIC: (
        "公有经济控制单位", "公有经济单位", "公有经济", "公有制单位", "公有制经济控制单位", "公有单位",
        "机关", "党政机关", "事业单位", "机关事业单位", "人才服务中心", "劳动服务中心", "人才劳动服务中心",
    ),
    Kind.OVERSEAS: (
        "港澳台商外商", "港澳台商", "外商", "港澳台外商", "港澳台商投资企业", "外商投资企业",
        "港澳台商外商投资企业", "港澳台企业", "外资企业",
    ),
    Kind.PRIVATE: (
        "非公有", "非公有经济控制单位", "非公有经济单位", "非公有经济", "非公有制单位", "非公有制经济", "非公有单位",
        "非公单位", "民办非企业", "民办非企业单位", "私营企业",
    ),
    Kind.SELF_EMPLOYED: ("个体工商户", "个体户"),
    Kind.URBAN: ("城市社区",),
    Kind.TOWNSHIP: ("乡镇社区",),
    Kind.VILLAGE: ("建制村",),
    Kind.OTHER: ("其他", "其它"),
}  # fmt: skip
_KINDS = {word: kind for kind, words in _WORDS.items() for word in words}


def place_kind(text: str) -> str:
    """The kind that the text is a word for, or ""; a number before it and a remark in brackets are no part of it."""
    plain = unicodedata.normalize("NFKC", text or "")
    kinds = (_KINDS.get(_NOISE.sub("", one)) for one in (plain, _BRACKETED.sub("", plain)))
    return next(filter(None, kinds), "")
