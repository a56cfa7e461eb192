"""The answers of somebody who reports by QR code, one thing a page.

Between the pages they travel in the form itself, sealed: nothing about the visitor is stored here
before it is sent, and nothing readable stands in the page's source or the browser's history.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime, timedelta

from waystation.kernel.sealing import Tampered, seal_bytes, unseal_bytes

LABEL = "portal.report"
GOOD_FOR = timedelta(hours=2)
STEPS = ("notice", "name", "phone", "id_number", "origin", "community", "trade", "check")


def pack(answers: dict, *, station: int, at: datetime) -> str:
    """The answers as one word for a hidden field, good for two hours and for this station."""
    body = json.dumps([station, at.timestamp(), answers], ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(seal_bytes(LABEL, body)).decode()


def unpack(word: str, *, station: int, at: datetime) -> dict:
    """The answers given so far; none if the word is not ours, too old, or of another station."""
    try:
        body = unseal_bytes(LABEL, base64.urlsafe_b64decode(word.encode()))
        for_station, made, answers = json.loads(body)
    except (Tampered, binascii.Error, ValueError):
        return {}
    fresh = at - datetime.fromtimestamp(made, at.tzinfo) < GOOD_FOR
    return answers if for_station == station and fresh else {}


def following(step: str, answers: dict) -> str:
    """The step after this one; the ID number is asked only of those who agreed to give it."""
    after = STEPS[STEPS.index(step) + 1]
    return "origin" if after == "id_number" and not answers.get("may_ask_id") else after


def place(step: str, answers: dict) -> tuple[int, int]:
    """Which page this is, of how many."""
    steps = [s for s in STEPS if s != "id_number" or answers.get("may_ask_id")]
    return steps.index(step) + 1, len(steps)


def first_missing(answers: dict) -> str:
    """The first step that has no answer yet; "check" when all have one."""
    for step, names in REQUIRED.items():
        if any(not answers.get(name) for name in names):
            return step
    return "check"


REQUIRED = {
    "notice": ("told",),
    "name": ("full_name",),
    "phone": ("phone",),
    "origin": ("home_text",),
    "community": ("community",),
}
