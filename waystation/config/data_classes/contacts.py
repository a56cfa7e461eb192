"""What contacts holds."""

from waystation.config.data_classes.holding import DUTY, WHILE_MEMBER, WORK, Holding, holding

DATA_CLASSES: dict[str, Holding] = {
    "contacts.excuse": holding(
        "of whom nothing is required (条例 2019, art. 23)", DUTY, WHILE_MEMBER,
        S3="facts", S2="id person recorded_for reason starts_on review_on ends_on ending_reason",
        S1="granted_at granted_by ended_at ended_by",
    ),
    "contacts.contact": holding(
        "contact kept with a mobile member (条例 2019, art. 32)", DUTY, WHILE_MEMBER,
        S3="sealed_note needs",
        S2="id person recorded_for channel outcome is_real contacted_on spoken_by companions note follow_up_on meeting strike_reason",
        S1="unit source recorded_at recorded_by struck_at struck_by",
    ),
    "contacts.contactstate": holding(
        "since when a member has been quiet, from the log", DUTY, WHILE_MEMBER,
        S2="person is_mobile last_real_on last_any_on last_visit_on last_paid_on quiet_since absent_since absent_last_on",
        S1="station",
    ),
    "contacts.weeklydue": holding(
        "whom a grid leader should see in a week, and why", DUTY, WORK,
        S2="id person recorded_for reasons outcome", S1="grid week place made_at",
    ),
    "contacts.weeklymark": holding(
        "what a grid leader tapped", DUTY, WORK,
        S2="due outcome contact", S1="tapped_at recorded_at recorded_by", K="key",
    ),
    "contacts.lostcontact": holding(
        "lost contact in its two stages (条例 2019, art. 24)", DUTY, "for good",
        S2="id person recorded_for state situation lost_since suspended_on suspension_document removed_on removal_document closed_on closing_note",
        S1="unit reported_at reported_by suspended_at suspended_by removed_at removed_by closed_at closed_by",
    ),
    "contacts.searchstep": holding(
        "how a lost member was searched for (条例 2019, art. 24)", DUTY, "for good",
        S2="id case way searched_on result", S1="recorded_at recorded_by",
    ),
    "contacts.weeklylink": holding(
        "a link with this week's questions to a branch (条例 2019, art. 33)", DUTY, WORK,
        S2="reader", S1="id branch sender tries_left opened made_at made_by expires_at closed_at revoked_at revoked_by",
        K="token_hash digits_hash",
    ),
    "contacts.linkquestion": holding("about whom a weekly link asks", DUTY, WORK, S2="id link person place"),
    "contacts.linkanswer": holding(
        "what a branch secretary answered", DUTY, WORK, S2="id question kind contact", S1="answered_at"
    ),
}  # fmt: skip
