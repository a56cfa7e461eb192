"""The things of duties that its addresses take, in each place of the small world."""

from django.utils import timezone

from tests import make
from waystation.stewardship.duties.actions import propose_change
from waystation.stewardship.duties.models import StayTransfer
from waystation.stewardship.people.models import Stay

# Which thing each argument of an address takes: {"duties:name": "kind"}.
THINGS: dict[str, str] = {
    "duties:sheet": "stay", "duties:paper": "stay", "duties:propose": "stay", "duties:transfer-new": "stay",
    "duties:agree": "proposal", "duties:refuse": "proposal", "duties:withdraw": "proposal",
    "duties:transfer-accept": "stay transfer", "duties:transfer-refuse": "stay transfer",
    "duties:transfer-withdraw": "stay transfer",
}  # fmt: skip
# What the arguments of an address that are words stand for: {"argument": "word"}.
WORDS: dict[str, str] = {"agreeing": "taker"}


def fill(things: dict, place: str, units: dict) -> None:
    """Put `things["kind", place]` there. `units` has branch, station, grid, community, county, town; `things`
    has what was made before: ("person", place), ("stay", place), ("card", place), ("user", place)."""
    stay, now = Stay.objects.get(pk=things["stay", place]), timezone.now()
    by = make.user("station_officer", units["station"])
    proposal = propose_change(
        stay, kind="talk", to=units["branch"], starts_on=timezone.localdate(), reason="返乡期间", by=by, at=now
    )
    elsewhere = make.unit("station", f"{units['station'].name}分站", units["county"])
    asked = StayTransfer.objects.create(
        stay=stay, station=units["station"], station_path=units["station"].path, to=elsewhere, to_path=elsewhere.path,
        reason="迁居", asked_at=now, asked_by=by,
    )  # fmt: skip
    things["proposal", place] = proposal.pk
    things["stay transfer", place] = asked.pk
