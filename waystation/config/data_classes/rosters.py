"""What rosters holds."""

from waystation.config.data_classes.holding import DUTY, WHILE_MEMBER, WORK, Holding, holding

DATA_CLASSES: dict[str, Holding] = {
    "rosters.import": holding(
        "rosters handed in", DUTY, WORK,
        S1="id kind state unit unit_path station file file_name tables corrects job problem new changed duplicate wrong "
        "passed_over created_at created_by committed_at committed_by undone_at undone_by",
    ),
    "rosters.importrow": holding(
        "what a roster said, row by row", DUTY, WORK,
        S3="cells before", S2="id name departure arrival person",
        S1="batch position sheet number verdict problems same_as committed_at made_person",
    ),
    "rosters.columnmemory": holding("how a unit names its columns", DUTY, "for good", S1="id unit kind title field"),
    "rosters.matchrun": holding(
        "runs of the matcher", DUTY, WORK,
        S1="id county job departures arrivals started_at started_by finished_at",
    ),
    "rosters.matchcandidate": holding(
        "pairs to confirm and rows that stand alone", DUTY, WHILE_MEMBER,
        S2="id departure arrival reasons origin_path station_path name_key reason follow_up",
        S1="run lane state weight origin_confirmed_at origin_confirmed_by station_confirmed_at station_confirmed_by "
        "decided_at decided_by followed_up_at followed_up_by",
    ),
}  # fmt: skip
