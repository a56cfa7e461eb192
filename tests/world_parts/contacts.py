"""The things of contacts that its addresses take, in each place of the small world."""

from datetime import date

from django.utils import timezone

from tests import make
from waystation.stewardship.contacts import actions
from waystation.stewardship.contacts.actions import Said
from waystation.stewardship.people.models import Person

# Which thing each argument of an address takes: {"contacts:name": "kind"}.
THINGS: dict[str, str] = {
    "contacts:person": "person",
    "contacts:contact": "contact",
    "contacts:strike": "contact",
    "contacts:reveal": "contact",
    "contacts:excuse": "excuse",
    "contacts:excuse-renew": "excuse",
    "contacts:excuse-end": "excuse",
    "contacts:excuse-reveal": "excuse",
    "contacts:lost": "lost case",
    "contacts:lost-paper": "lost case",
    "contacts:lost-step": "lost case",
    "contacts:lost-suspend": "lost case",
    "contacts:lost-remove": "lost case",
    "contacts:lost-found": "lost case",
    "contacts:lost-mistaken": "lost case",
    "contacts:link-revoke": "weekly link",
}
# What the arguments of an address that are words stand for: {"argument": "word"}.
WORDS: dict[str, str] = {}


def fill(things: dict, place: str, units: dict) -> None:
    """Put `things["kind", place]` there. `units` has branch, station, grid, community, county, town; `things`
    has what was made before: ("person", place), ("stay", place), ("card", place), ("user", place)."""
    person, now, by = Person.objects.get(pk=things["person", place]), timezone.now(), make.user()
    said = Said("phone", "reached", date(2020, 3, 2), note="平安", is_sensitive=True)
    things["contact", place] = actions.log_contact(person, said, unit=units["station"], by=by, at=now).pk
    things["excuse", place] = actions.excuse_member(
        person, reason="aged", starts_on=date(2020, 1, 1), facts="年高", by=by, at=now
    ).pk
    case = actions.report_lost(person, lost_since=date(2020, 3, 2), situation="1", unit=units["station"], by=by, at=now)
    things["lost case", place] = case.pk
    made = actions.make_link(units["branch"], sender=units["station"], reader="某某", digits="12", by=by, at=now)
    things["weekly link", place] = made.link.pk
