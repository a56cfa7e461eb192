"""The things of dues that its addresses take, in each place of the small world."""

from datetime import date

from tests.stewardship.dues import make
from waystation.stewardship.people.models import Person

# Which thing each argument of an address takes: {"dues:name": "kind"}.
THINGS: dict[str, str] = {
    "dues:reduction": "reduction", "dues:reduction-end": "reduction", "dues:reduction-approve": "reduction",
    "dues:reduction-refuse": "reduction",
    "dues:entry-reverse": "dues entry", "dues:base-withdraw": "dues base",
    "dues:person": "person", "dues:record": "person", "dues:base-new": "person", "dues:reduction-new": "person",
}  # fmt: skip
# What the arguments of an address that are words stand for: {"argument": "word"}.
WORDS: dict[str, str] = {}


def fill(things: dict, place: str, units: dict) -> None:
    """Put `things["kind", place]` there. `units` has branch, station, grid, community, county, town; `things`
    has what was made before: ("person", place), ("stay", place), ("card", place), ("user", place)."""
    person = Person.objects.get(pk=things["person", place])
    things |= {
        ("dues base", place): make.base(person, starts_on=date(2026, 1, 1)).pk,
        ("dues entry", place): make.paid(person).pk,
        ("reduction", place): make.asked(person).pk,
    }
