"""Which activity cards are due for the yearly check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from waystation.kernel import dated
from waystation.stewardship.formalities import rules
from waystation.stewardship.formalities.models import ActivityCard, CardCheck


@dataclass(frozen=True)
class Window:
    """The time of the yearly check: of which year, its first and its last day."""

    year: int
    opens_on: date
    closes_on: date

    def is_over(self, day: date) -> bool:
        return day > self.closes_on


def window_of(day: date) -> Window:
    """The check that is going on, or the last one; a new one begins each year in the month of the rule."""
    month = min(max(dated.value(rules.CHECK_MONTH, day), 1), 12)
    year = day.year if day.month >= month else day.year - 1
    opens_on = date(year, month, 1)
    days = max(dated.value(rules.CHECK_DAYS, day), 1)
    return Window(year, opens_on, opens_on + timedelta(days=days - 1))


def due(cards: QuerySet[ActivityCard], window: Window) -> QuerySet[ActivityCard]:
    """Valid cards from before the window without the check of its year."""
    checked = CardCheck.objects.filter(card=OuterRef("pk"), year=window.year)
    return cards.filter(~Exists(checked), state=ActivityCard.State.VALID, issued_on__lt=window.opens_on)
