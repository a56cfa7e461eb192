"""Sheets of member cards: ten on A4, each with a signed QR code.

The code holds an address with a signature and nothing about the person: whoever may open files
comes to the file, everybody else reads whether the card is valid.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.urls import reverse

from waystation.kernel.sealing import sign
from waystation.stewardship.people.models import Card, Person
from waystation.stewardship.people.queries import card_rows

A_SHEET = 10
AT_ONCE = 50  # more cards than this are made by a job
MOST = 2000


class Fetched(Exception):
    """The document names something outside itself. Nothing was fetched and nothing drawn."""


class NoPdf(Exception):
    """The libraries that draw PDF files are not installed on this computer."""


def token(card: Card) -> str:
    """What vouches for the card. It has no end: a card is withdrawn, not outdated."""
    return sign("card", {"c": card.pk.hex})


def address(card: Card) -> str:
    """The address behind the QR code of a card."""
    return settings.SITE_ADDRESS.rstrip("/") + reverse("portal:card", args=[token(card)])


def sheets(people: Iterable[Person], cards: Iterable[Card]) -> list[list[dict]]:
    """The cards, ten a page."""
    rows = card_rows(people, cards)
    for row in rows:
        row["address"] = address(row["card"])
    return [rows[start : start + A_SHEET] for start in range(0, len(rows), A_SHEET)]


def html(pages: list[list[dict]], *, by, at: datetime, request=None) -> str:
    """The print-ready page: what the PDF is drawn from, and what a browser prints without it."""
    context = {"pages": pages, "by": by, "at": at}
    return render_to_string("people/cards.html", context, request=request)


def pdf(document: str) -> bytes:
    """The document as PDF. Fetches nothing: style and codes are in the document itself.

    Raises NoPdf where the drawing libraries are missing, and Fetched.
    """
    try:
        weasyprint = import_module("weasyprint")  # slow: loads Pango and its fonts
    except OSError as error:
        raise NoPdf from error
    fetcher = _refusing_fetcher(weasyprint)
    style = Path(finders.find("people/cards.css")).read_text(encoding="utf-8")
    page = weasyprint.HTML(string=document, url_fetcher=fetcher)
    try:
        return page.write_pdf(stylesheets=[weasyprint.CSS(string=style, url_fetcher=fetcher)])
    except weasyprint.urls.FatalURLFetchingError as refusal:
        # It is no Exception, so it would end the worker and not only the job.
        raise Fetched(str(refusal)) from None


def _refusing_fetcher(weasyprint):
    """A fetcher that stops the drawing when anything at all would be fetched."""

    class Refusing(weasyprint.urls.URLFetcher):
        def fetch(self, url, headers=None):
            raise weasyprint.urls.FatalURLFetchingError("A sheet of cards fetches nothing.")

    return Refusing()
