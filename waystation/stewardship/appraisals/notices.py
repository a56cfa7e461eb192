"""The papers of appraisals: the letter to the origin, the feedback to the member, ballot papers.

Official papers are Chinese whatever language the page has that they are taken from.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from waystation.kernel import papers
from waystation.kernel import word as kernel_word
from waystation.kernel.sealing import unseal
from waystation.kernel.templatetags.ui import zh_date
from waystation.stewardship.appraisals.models import Appraisal, BallotBox, ResultNotice
from waystation.stewardship.appraisals.queries.members import arithmetic
from waystation.stewardship.appraisals.queries.notices import number_of

STYLE = "appraisals/papers.css"
A_SHEET = 12
_WORD = Path(__file__).resolve().parent / "word"
_TEMPLATES = {
    ResultNotice.Kind.ORIGIN: (_WORD / "origin_letter.docx", "appraisals/paper_origin.html"),
    ResultNotice.Kind.MEMBER: (_WORD / "member_feedback.docx", "appraisals/paper_member.html"),
}


def word(notice: ResultNotice) -> bytes:
    """The notice as Word."""
    with translation.override(settings.LANGUAGE_CODE):
        return kernel_word.docx(_TEMPLATES[notice.kind][0], values(notice))


def pdf(notice: ResultNotice) -> bytes:
    """The notice as PDF. Raises what `papers.pdf` raises."""
    with translation.override(settings.LANGUAGE_CODE):
        document = render_to_string(_TEMPLATES[notice.kind][1], values(notice))
    return papers.pdf(document, style=STYLE)


def file_name(notice: ResultNotice) -> str:
    """The name of the file: the kind and the number."""
    return f"{notice.get_kind_display()}-{number_of(notice)}"


def values(notice: ResultNotice) -> dict:
    """What fills the paper, in both forms alike."""
    shared = {
        "issuer": notice.issuer.name,
        "number": number_of(notice),
        "round": notice.round.title,
        "year": notice.round.year,
        "origin": notice.origin.name,
        "date": zh_date(timezone.localdate(notice.issued_at)),
    }
    if notice.kind == ResultNotice.Kind.ORIGIN:
        rows = _letter_rows(notice)
        return {**shared, "rows": rows, "count": len(rows)}
    return {**shared, **_feedback(notice.appraisal)}


def _letter_rows(notice: ResultNotice) -> list[dict]:
    rows = Appraisal.objects.filter(round=notice.round, origin=notice.origin).select_related("person")
    return [
        {
            "no": number,
            "name": row.person.full_name,
            "kind": row.person.get_member_kind_display() if row.person.member_kind else "",
            "grade": _grade(row),
            "remark": _("excused") if row.is_excused else "",
        }
        for number, row in enumerate(rows.order_by("person__name_key", "pk"), start=1)
    ]


def _grade(row: Appraisal) -> str:
    return _("takes part, no grade") if row.is_probationary else str(row.get_grade_display())


def _feedback(row: Appraisal) -> dict:
    parts = [] if row.is_probationary else arithmetic(row)
    return {
        "name": row.person.full_name,
        "grade": _grade(row),
        "note": _("A probationary member takes part in the appraisal and gets no grade.")
        if row.is_probationary
        else "",
        "reason": unseal(row, "decision_reason") or "",
        "reply": unseal(row, "reply") or "",
        "rows": [
            {
                "side": part.label,
                "points": "—" if part.points is None else part.points,
                "weight": f"{part.weight}%",
                "grade": part.grade or "—",
            }
            for part in parts
        ],
    }


def ballot_papers(box: BallotBox, codes: list[str]) -> str:
    """The sheet of papers to cut: each a code and the address, nothing that tells one paper from another."""
    address = settings.SITE_ADDRESS.rstrip("/") + reverse("appraisals:ballot", args=[box.pk])
    shown = [" ".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in codes]
    sheets = [shown[start : start + A_SHEET] for start in range(0, len(shown), A_SHEET)]
    with translation.override(settings.LANGUAGE_CODE):
        return render_to_string("appraisals/paper_ballots.html", {"box": box, "sheets": sheets, "address": address})
