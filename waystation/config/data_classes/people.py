"""What people holds."""

from waystation.config.data_classes.holding import DUTY, WHILE_MEMBER, WHO_K, WHO_S2, WHO_S3, Holding, holding

DATA_CLASSES: dict[str, Holding] = {
    "people.person": holding(
        "one file for one member", DUTY, WHILE_MEMBER,
        S3=f"{WHO_S3} address hardship", K=WHO_K,
        S2=f"{WHO_S2} home home_path station stay_path destination destination_path employer skill volunteers card_no "
        "user merged_into party_status",
        S1="version created_at",
    ),
    "people.membership": holding(
        "the formal relation", DUTY, WHILE_MEMBER, S2="id person branch starts_on ends_on"
    ),
    "people.departure": holding(
        "the origin's register of who left", DUTY, WHILE_MEMBER,
        S3=WHO_S3, K=WHO_K,
        S2=f"{WHO_S2} person origin origin_path branch_text station station_path destination destination_text place_kind "
        "range_chosen left expected_back reason card_no dues_paid_to remark closing_reason",
        S1="state kind created_at created_by closed_at closed_by",
    ),
    "people.arrival": holding(
        "the station's register of who arrived", DUTY, WHILE_MEMBER,
        S3=f"{WHO_S3} address hardship", K=WHO_K,
        S2=f"{WHO_S2} person station station_path home home_path home_text destination destination_path "
        "destination_text employer skill volunteers arrived registered card_no remark closing_reason",
        S1="state channel notice_version created_at created_by closed_at closed_by",
    ),
    "people.stay": holding(
        "a member in the care of a station", DUTY, WHILE_MEMBER,
        S2="id person departure arrival station station_path destination starts_on ends_on ending override_reason",
        S1="origin_confirmed_at origin_confirmed_by station_confirmed_at station_confirmed_by overridden_at "
        "overridden_by opened_at",
    ),
    "people.correction": holding(
        "what stood in a file before", DUTY, WHILE_MEMBER,
        S3="before after", S2="id person field reason", S1="corrected_at corrected_by",
    ),
    "people.statuschange": holding(
        "decisions on the party status of a member", DUTY, WHILE_MEMBER,
        S2="id person before status decided_on document note", S1="recorded_at recorded_by",
    ),
    "people.merge": holding(
        "two files that were one person", DUTY, WHILE_MEMBER,
        S3="before", S2="id winner loser", S1="merged_at merged_by undone_at undone_by",
    ),
    "people.card": holding(
        "member cards", DUTY, WHILE_MEMBER, S2="id person number", S1="issued_at issued_by revoked_at revoked_by"
    ),
    "people.savedlist": holding(
        "filters of lists that somebody named", DUTY, "until its owner deletes it",
        S2="filters", S1="id owner name unit created_at",
    ),
}  # fmt: skip
