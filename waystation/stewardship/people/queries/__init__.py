"""Reads on people that several pages share."""

from waystation.stewardship.people.queries import asides, movement, timeline
from waystation.stewardship.people.queries.duplicates import (
    Likeness,
    duplicates_of,
    known_elsewhere,
    possible_duplicates,
)
from waystation.stewardship.people.queries.files import contacts, masked_corrections, place_names
from waystation.stewardship.people.queries.lists import (
    Status,
    arrivals_by,
    card_rows,
    departure_pieces,
    departures_by,
    people_by,
    people_pieces,
    with_states,
)
from waystation.stewardship.people.queries.places import (
    branch_named,
    full_name,
    options,
    place_named,
    stations_of,
    unit_named,
)
from waystation.stewardship.people.queries.search import Found, read_query, search
from waystation.stewardship.people.queries.sights import Sight, sight

__all__ = [
    "Found",
    "Likeness",
    "Sight",
    "Status",
    "arrivals_by",
    "asides",
    "branch_named",
    "card_rows",
    "contacts",
    "departure_pieces",
    "departures_by",
    "duplicates_of",
    "full_name",
    "known_elsewhere",
    "masked_corrections",
    "movement",
    "options",
    "people_by",
    "people_pieces",
    "place_named",
    "place_names",
    "possible_duplicates",
    "read_query",
    "search",
    "sight",
    "stations_of",
    "timeline",
    "unit_named",
    "with_states",
]
