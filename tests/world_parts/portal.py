"""The things of portal that its addresses take, in each place of the small world."""

# Which thing each argument of an address takes: {"portal:name": "kind"}.
THINGS: dict[str, str] = {
    "portal:station": "station",
    "portal:my-group": "functional group",
    "portal:my-group-suggest": "functional group",
}
# What the arguments of an address that are words stand for: {"argument": "word"}.
WORDS: dict[str, str] = {}


def fill(things: dict, place: str, units: dict) -> None:
    """Put `things["kind", place]` there. `units` has branch, station, grid, community, county, town; `things`
    has what was made before: ("person", place), ("stay", place), ("card", place), ("user", place)."""
