"""What grids holds."""

from waystation.config.data_classes.holding import DUTY, WHILE_MEMBER, Holding, holding

DATA_CLASSES: dict[str, Holding] = {
    "grids.grid": holding(
        "grids of a station", DUTY, "for good", S1="unit station code area communities drawn address_words trades",
    ),
    "grids.gridassignment": holding(
        "who is in which grid", DUTY, WHILE_MEMBER,
        S2="id person stay grid starts_on ends_on", S1="assigned_at assigned_by",
    ),
    "grids.gridsuccession": holding(
        "which grid took over from which", DUTY, "for good",
        S1="id predecessor successor kind happened_on recorded_at recorded_by",
    ),
}  # fmt: skip
