"""The things of formalities that its addresses take, in each place of the small world."""

from django.utils import timezone

from tests import make
from waystation.stewardship.formalities.actions import issue_card, issue_transfer
from waystation.stewardship.people.models import Person

# Which thing each argument of an address takes: {"formalities:name": "kind"}.
THINGS: dict[str, str] = {
    "formalities:transfer-new": "person", "formalities:transfer": "transfer",
    "formalities:transfer-letter": "transfer", "formalities:transfer-receive": "transfer",
    "formalities:transfer-withdraw": "transfer", "formalities:card-new": "person", "formalities:card": "activity card",
    "formalities:card-lost": "activity card", "formalities:card-withdraw": "activity card",
}  # fmt: skip
# What the arguments of an address that are words stand for: {"argument": "word"}.
WORDS: dict[str, str] = {}


def fill(things: dict, place: str, units: dict) -> None:
    """Put `things["kind", place]` there. `units` has branch, station, grid, community, county, town; `things`
    has what was made before: ("person", place), ("stay", place), ("card", place), ("user", place)."""
    person, now = Person.objects.get(pk=things["person", place]), timezone.now()
    by, day = make.user("branch_secretary", units["branch"]), timezone.localdate()
    transfer = issue_transfer(
        person,
        to=None,
        to_text="厦门市思明区筼筜街道党工委",
        channel="letter",
        number="12号",
        issued_on=day,
        by=by,
        at=now,
    )
    card = issue_card(person, number=f"0001-{place}", issued_on=day, by=by, at=now)
    things["transfer", place] = transfer.pk
    things["activity card", place] = card.pk
