"""What dues holds."""

from waystation.config.data_classes.holding import DUTY, WHILE_MEMBER, Holding, holding

DATA_CLASSES: dict[str, Holding] = {
    "dues.ratetable": holding("tables of rates of dues", DUTY, "for good", S1="id starts_on source created_at created_by"),
    "dues.rateline": holding(
        "rows of a table of rates", DUTY, "for good", S1="id table category over up_to basis_points least most"
    ),
    "dues.duesbase": holding(
        "by what a member's dues are reckoned", DUTY, WHILE_MEMBER,
        S3="income", S2="id person original category agreed starts_on basis withdrawn_reason",
        S1="recorded_at recorded_by withdrawn_at withdrawn_by",
    ),
    "dues.duesreduction": holding(
        "who pays less dues in hardship", DUTY, WHILE_MEMBER,
        S3="reason", S2="id person original kind amount starts_on ends_on state decision",
        S1="asked_at asked_by decided_at decided_by",
    ),
    "dues.duesentry": holding(
        "dues paid on paper, on record", DUTY, WHILE_MEMBER,
        S2="id person original amount paid_on first_month last_month receipt_no brought_by remark reverses",
        S1="unit recorded_at recorded_by",
    ),
    "dues.duesstanding": holding(
        "up to which month dues are settled", DUTY, WHILE_MEMBER, S2="person since settled_to owes_from"
    ),
}  # fmt: skip
