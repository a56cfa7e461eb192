"""The duty sheet on paper, A4: who answers for what, signed by the three parties, with a code to check it.

The code holds an address with a signature and nothing about the person.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from waystation.kernel import papers
from waystation.kernel.sealing import sign
from waystation.stewardship.duties.queries.sheets import Sheet
from waystation.stewardship.people.models import Stay

PURPOSE = "duty-sheet"


def token(stay: Stay, at: datetime) -> str:
    """What vouches for a sheet as it was printed at a moment."""
    return sign(PURPOSE, {"s": stay.pk.hex, "t": int(at.timestamp() * 1000)})


def number(stay: Stay) -> str:
    """The number of a sheet, to read out: the last ten characters of the stay's."""
    return stay.pk.hex[-10:].upper()


def html(sheet: Sheet, *, by, at: datetime, request=None, without_pdf: bool = False) -> str:
    """The print-ready page: what the PDF is drawn from, and what a browser prints without it."""
    path = reverse("portal:duty-sheet", args=[token(sheet.stay, at)])
    context = {
        "sheet": sheet, "stay": sheet.stay, "number": number(sheet.stay), "by": by, "at": at,
        "address": f"{settings.SITE_ADDRESS.rstrip('/')}{path}", "without_pdf": without_pdf,
    }  # fmt: skip
    return render_to_string("duties/paper.html", context, request=request)


def pdf(document: str) -> bytes:
    """The sheet as PDF. Raises what `papers.pdf` raises."""
    return papers.pdf(document, style="duties/paper.css")
