"""The two registration papers of a search (组织关系排查): the member was found, or still cannot be reached."""

from __future__ import annotations

from datetime import date, datetime

from django.template.loader import render_to_string
from django.utils import timezone, translation

from waystation.kernel import papers
from waystation.kernel.sealing import unseal
from waystation.stewardship.contacts.models import LostContact

State = LostContact.State
FOUND, MISSING = "found", "missing"
# What a search that ended or goes on is registered as; a report by mistake was no search.
PAPERS = {State.FOUND: FOUND, State.SEARCHING: MISSING, State.SUSPENDED: MISSING, State.REMOVED: MISSING}
_LINES = 6  # of the table of the search; those that are left are filled by hand


def paper_of(case: LostContact) -> str:
    """Which of the two papers the case has now; none after a report by mistake."""
    return PAPERS.get(case.state, "")


def numbers_on(case: LostContact) -> tuple[str, ...]:
    """The sealed values of the person that stand on the paper: the phone only of somebody who answers it."""
    fields = ("id_number", "phone") if paper_of(case) == FOUND else ("id_number",)
    return tuple(field for field in fields if getattr(case.person, field) is not None)


def whole_months(since: date, until: date) -> int:
    """How many whole months lie between the days."""
    return (until.year - since.year) * 12 + until.month - since.month - (until.day < since.day)


def html(case: LostContact, *, by, at: datetime, with_numbers: bool, request=None, without_pdf: bool = False) -> str:
    """The print-ready page, in Chinese whatever the reader's language. What is not on file is a blank."""
    person, until = case.person, case.closed_on or timezone.localdate(at)
    clear = {field: unseal(person, field) for field in numbers_on(case)} if with_numbers else {}
    steps = list(case.steps.order_by("searched_on", "pk"))
    context = {
        "case": case,
        "person": person,
        "is_found": paper_of(case) == FOUND,
        "id_number": clear.get("id_number") or "",
        "phone": clear.get("phone") or "",
        "months": whole_months(case.lost_since, until),
        "until": until,
        "steps": steps,
        "blank_lines": range(max(_LINES - len(steps), 1)),
        "by": by,
        "at": at,
        "without_pdf": without_pdf,
    }
    with translation.override("zh-hans"):
        return render_to_string("contacts/search_paper.html", context, request=request)


def pdf(document: str) -> bytes:
    """The paper as PDF. Raises what `papers.pdf` raises."""
    return papers.pdf(document, style="contacts/search_paper.css")
