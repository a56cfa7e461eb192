"""What groups holds."""

from waystation.config.data_classes.holding import DUTY, WHILE_MEMBER, Holding, holding

DATA_CLASSES: dict[str, Holding] = {
    "groups.functionalgroup": holding(
        "functional groups of a station", DUTY, "for good",
        S1="id station station_path name kind basis community purpose established_on closed_on closing_reason "
        "created_at created_by",
    ),
    "groups.groupmember": holding(
        "who takes part in which functional group", DUTY, WHILE_MEMBER,
        S2="id group person stay starts_on ends_on", S1="added_at added_by",
    ),
    "groups.groupleader": holding(
        "who leads a functional group", DUTY, WHILE_MEMBER,
        S2="id group member starts_on ends_on", S1="named_at named_by",
    ),
    "groups.groupactivity": holding(
        "what a functional group did, and who took part", DUTY, WHILE_MEMBER,
        S2="attended record",
        S1="id group state held_on topic place planned_at planned_by settled_at settled_by",
    ),
    "groups.suggestedactivity": holding(
        "what a leader suggests that the group could do, and the answer", DUTY, WHILE_MEMBER,
        S2="leader reason answer suggested_by",
        S1="id group state held_on topic place suggested_at answered_at answered_by occasion_key",
    ),
    "groups.groupsuccession": holding(
        "which functional group was merged into which", DUTY, "for good",
        S1="id predecessor successor happened_on recorded_at recorded_by",
    ),
}  # fmt: skip
