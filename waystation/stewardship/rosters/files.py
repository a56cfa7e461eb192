"""Roster files: what may be uploaded, and the sample that shows what a roster looks like."""

from __future__ import annotations

from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from waystation.kernel import files
from waystation.kernel.sheets.ledgers import Ledger, LedgerColumn, write_ledger
from waystation.kernel.sheets.limits import UPLOAD_LIMITS
from waystation.stewardship.people.identity import check_character
from waystation.stewardship.rosters.fields import FIELDS
from waystation.stewardship.rosters.models import Import

KIND = "roster"
SUFFIXES = (".xlsx", ".xls", ".ods", ".csv")
files.declare(
    KIND, title=gettext_lazy("Roster"), max_bytes=UPLOAD_LIMITS.file_bytes, suffixes=SUFFIXES
)  # fmt: skip

_WIDTHS = {"id_number": 22, "address": 26, "employer": 22, "destination": 20, "home": 24, "phone": 14}


def _unissued(first_seventeen: str) -> str:
    """A well-formed ID number that nobody has: no number is issued with the sequence 000."""
    return first_seventeen + check_character(first_seventeen)


_WHO = {
    "nation": "汉族", "education": "高中", "joined": "2009年7月", "member_kind": "正式党员",
}  # fmt: skip
_PEOPLE = (
    _WHO | {
        "serial": "1", "name": "陈样例", "sex": "女", "born": "1985年8月", "phone": "13900000001",
        "id_number": _unissued("35098219850812000"), "volunteers": "是",
    },
    _WHO | {
        "serial": "2", "name": "林示范", "sex": "男", "born": "1972.03", "phone": "13900000002",
        "id_number": _unissued("35098219720309000"), "volunteers": "否", "hardship": "否",
    },
)  # fmt: skip
_SAYS = {
    Import.Kind.DEPARTURES: {
        "home": "叠石乡竹阳村党支部", "town": "叠石乡", "moved": "2024年3月", "destination": "福鼎市桐山街道",
        "place_kind": "个体工商户", "reason": "务工", "trade": "超市经营", "dues": "2026年6月",
    },
    Import.Kind.ARRIVALS: {
        "home": "叠石乡竹阳村党支部", "address": "桐山街道富民路1号", "community": "富民社区", "trade": "超市经营",
        "moved": "2024年3月", "registered": "2026年8月1日", "hardship": "否",
    },
}  # fmt: skip
_TITLES = {
    Import.Kind.DEPARTURES: "流动党员外出登记名册（样表）",
    Import.Kind.ARRIVALS: "流入党员登记册（样表）",
}


def write_sample(stream: BinaryIO, kind: str) -> int:
    """Write a roster with the usual titles and two invented people; it is read without a complaint."""
    columns = [LedgerColumn(field.synonyms[0], _WIDTHS.get(field.key, 12)) for field in FIELDS[kind]]
    rows = [[(person | _SAYS[kind]).get(field.key, "") for field in FIELDS[kind]] for person in _PEOPLE]
    # The sample is a Chinese form whatever language its page is read in.
    with override("zh-hans"):
        return write_ledger(
            stream,
            Ledger(
                _TITLES[kind], columns, rows, unit=_("Handed in by: (name of the Party body)"),
                day=_("Date: (day of the roster)"), sheet=_("Roster"),
            ),
        )  # fmt: skip
