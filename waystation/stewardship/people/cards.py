"""Sheets of member cards: ten on A4, each with a signed QR code.

The code holds an address with a signature and nothing about the person: whoever may open files
comes to the file, everybody else reads whether the card is valid.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from waystation.kernel import papers
from waystation.kernel.sealing import sign
from waystation.stewardship.people.models import Card, Person
from waystation.stewardship.people.queries import card_rows

A_SHEET = 10
AT_ONCE = 50  # more cards than this are made by a job


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
    """The cards as PDF. Raises what `papers.pdf` raises."""
    return papers.pdf(document, style="people/cards.css")
