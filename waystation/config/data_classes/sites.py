"""What sites holds."""

from waystation.config.data_classes.holding import DUTY, Holding, holding

_FOR_GOOD = "for good"

DATA_CLASSES: dict[str, Holding] = {
    "sites.station": holding(
        "where a station is and whom it serves", DUTY, _FOR_GOOD,
        S1="unit kind host_town address phone other_phone hours_note services communities",
    ),
    "sites.schedule": holding(
        "when a station or a room is open", DUTY, _FOR_GOOD,
        S1="id station room starts_on follows_station set_at set_by",
    ),
    "sites.openingtime": holding(
        "when a station or a room is open", DUTY, _FOR_GOOD, S1="id schedule weekday opens_at closes_at"
    ),
    "sites.specialday": holding(
        "days with other hours", DUTY, _FOR_GOOD, S1="id station day reason set_at set_by is_withdrawn"
    ),
    "sites.specialtime": holding("days with other hours", DUTY, _FOR_GOOD, S1="id special_day opens_at closes_at"),
    "sites.checklistitem": holding(
        "what the city asks every station to have", DUTY, _FOR_GOOD,
        S1="id function position title meaning starts_on ends_on source",
    ),
    "sites.functionstatement": holding(
        "what a station has of the checklist", DUTY, _FOR_GOOD,
        S1="id station item state planned_by evidence stated_at stated_by superseded_at",
    ),
    "sites.room": holding(
        "rooms of a station and whom they are open to", DUTY, _FOR_GOOD,
        S1="id station name function capacity equipment open_to note opened_on closed_on closing_reason",
    ),
}  # fmt: skip
