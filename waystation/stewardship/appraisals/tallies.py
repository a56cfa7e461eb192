"""The sums of an anonymous ballot: how many said what about whom. Sums only, sealed as one text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from waystation.kernel.sealing import seal, unseal
from waystation.stewardship.appraisals.models import GRADES, BallotBox

BLOCK = 4096


class BoxStillOpen(Exception):
    """Nobody reads a sum before the box is closed."""

    def __init__(self):
        super().__init__(_("The ballots are not counted before the box is closed."))


@dataclass
class Tally:
    """How many ballots, and for each member on the list (id as text) how many of each grade."""

    ballots: int
    counts: dict[str, dict[str, int]]

    def __repr__(self):
        return "<Tally>"

    @classmethod
    def of_nothing(cls, members) -> Tally:
        return cls(0, {str(pk): dict.fromkeys(GRADES, 0) for pk in members})

    def add(self, other: Tally) -> None:
        """Add the sums of another tally of the same list."""
        self.ballots += other.ballots
        for member, counts in other.counts.items():
            for grade, number in counts.items():
                self.counts[member][grade] += number

    def drop_in(self, ballot: dict[str, str]) -> None:
        """Add one ballot: a grade for each member it judges."""
        self.ballots += 1
        for member, grade in ballot.items():
            self.counts[member][grade] += 1

    def points(self, member: str, worth: dict[str, int]) -> Decimal | None:
        """The mean worth of what the ballots say of a member; None if none judges the member."""
        counts = self.counts[member]
        votes = sum(counts.values())
        if not votes:
            return None
        total = sum(Decimal(number * worth[grade]) for grade, number in counts.items())
        return (total / votes).quantize(Decimal("0.01"), ROUND_HALF_UP)


def write(row, name: str, tally: Tally) -> None:
    """Seal a tally into a field; the caller saves. The length tells nothing."""
    text = json.dumps({"ballots": tally.ballots, "counts": tally.counts})
    seal(row, name, text + " " * (-len(text) % BLOCK))


def read(row, name: str) -> Tally:
    """The tally in a field, for the acts that add to it."""
    return Tally(**json.loads(unseal(row, name)))


def counted(box: BallotBox) -> Tally:
    """The sums of a closed box. Refuses an open one (BoxStillOpen)."""
    if not BallotBox.objects.filter(pk=box.pk, closed_at__isnull=False).exists():
        raise BoxStillOpen
    return read(box, "tally")
