"""Contact and care of one member at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from waystation.stewardship.contacts.models import ContactState, Excuse, LostContact
from waystation.stewardship.contacts.queries.log import excuse_of
from waystation.stewardship.people.models import Person


@dataclass(frozen=True)
class About:
    """Since when the member has been quiet, whether excused, and the open case of lost contact."""

    state: ContactState
    days: int | None
    excuse: Excuse | None
    case: LostContact | None


def about(person: Person, day: date) -> About:
    """What the head of the page and the card of the member's file say."""
    state = ContactState.objects.filter(pk=person.pk).first() or ContactState(person=person)
    quiet = state.is_mobile and state.quiet_since is not None
    return About(
        state=state,
        days=max(0, (day - state.quiet_since).days) if quiet else None,
        excuse=excuse_of(person, day),
        case=LostContact.objects.open().filter(person=person).first(),
    )
