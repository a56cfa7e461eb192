"""The transfer letter in its usual three parts on A4: stub, letter and receipt (存根、介绍信、回执)."""

from __future__ import annotations

from datetime import date, datetime

from django.template.loader import render_to_string
from django.utils import timezone

from waystation.kernel import papers
from waystation.kernel.sealing import unseal
from waystation.organizations import offices
from waystation.organizations.models import Unit
from waystation.organizations.queries import committee_of
from waystation.stewardship.formalities.models import Transfer

_DIGITS = "〇一二三四五六七八九"
_CAPITALS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")


def capital(number: int) -> str:
    """A number as letters write it, so that nobody alters it: 30 as 叁拾."""
    text, zero = "", False
    digits = str(number)
    for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if digit == "0":
            zero = bool(text)
            continue
        text += ("零" if zero else "") + _CAPITALS[int(digit)] + _PLACES[place]
        zero = False
    return text or "零"


def month_in_words(month: str) -> str:
    """A month as letters write it: "2026-10" as 二〇二六年十月."""
    if not month:
        return ""
    year, number = month.split("-")
    tens, ones = divmod(int(number), 10)
    words = ("十" if tens else "") + (_DIGITS[ones] if ones else "")
    return "".join(_DIGITS[int(digit)] for digit in year) + f"年{words}月"


def html(transfer: Transfer, *, by, at: datetime, with_number: bool, request=None, without_pdf: bool = False) -> str:
    """The print-ready page. The ID number stands on it only for those who may read it."""
    person = transfer.person
    context = {
        "transfer": transfer,
        "person": person,
        "number": transfer.number.removesuffix("号"),
        "id_number": (unseal(person, "id_number") or "") if with_number else "",
        "phone": (unseal(person, "phone") or "") if with_number else "",  # a mask is of no use on a letter
        "age": _age(person.born, timezone.localdate(at)),
        "days": capital(transfer.valid_days),
        "paid_to": month_in_words(transfer.dues_paid_to),
        **_committee(transfer),
        "by": by,
        "at": at,
        "without_pdf": without_pdf,
    }
    return render_to_string("formalities/letter.html", context, request=request)


def _committee(transfer: Transfer) -> dict:
    """How the committee over the old branch is reached, and whose office that is where it is one above it."""
    committee = committee_of(transfer.origin)
    office = offices.office_of(committee) if committee else None
    is_above = office is not None and office.unit != committee.pk
    return {"office": office, "office_above": Unit.objects.get(pk=office.unit) if is_above else None}


def _age(born: str, day: date) -> int | None:
    if not born:
        return None
    passed = len(born) < 10 or born[5:] <= f"{day:%m-%d}"
    return day.year - int(born[:4]) - (not passed)


def pdf(document: str) -> bytes:
    """The letter as PDF. Raises what `papers.pdf` raises."""
    return papers.pdf(document, style="formalities/letter.css")
