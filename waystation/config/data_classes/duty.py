"""What duty holds."""

from waystation.config.data_classes.holding import DUTY, OPERATION, WORK, Holding, holding

STAFF = "five years after the posting has ended"

DATA_CLASSES: dict[str, Holding] = {
    "duty.openitem": holding(
        "what a unit has to do until a day", DUTY, WORK,
        S2="title outcome bundle",
        S1="id unit unit_path topic key link link_pk due_on due_key shift parked_until opened_at opened_by done_at done_by",
    ),
    "duty.itemstep": holding(
        "how an item passed from hand to hand", DUTY, WORK,
        S2="note", S1="id item unit kind at by from_shift to_shift parked_until",
    ),
    "duty.handover": holding(
        "what a shift left for the next", DUTY, WORK,
        S2="note", S1="id station shift made_at made_by read_at read_by read_on_shift",
    ),
    "duty.posting": holding(
        "who is posted to a station", DUTY, STAFF,
        S1="id station user kind sent_by windows most_week most_month starts_on ends_on created_at created_by",
    ),
    "duty.formerlimit": holding(
        "how often somebody posted came before that was changed", DUTY, STAFF, S1="id posting until most_month"
    ),
    "duty.leave": holding(
        "when the staff of a station is away", DUTY, STAFF,
        S2="reason note", S1="id posting starts_on ends_on state asked_at asked_by decided_at decided_by",
    ),
    "duty.calendarday": holding(
        "holidays and make-up working days", OPERATION, "for good", S1="id station day kind works_as name source"
    ),
    "duty.calendarfeed": holding(
        "addresses from which calendars fetch shifts", OPERATION, "five years after they are revoked",
        S1="id user station opened_at revoked_at",
    ),
    "duty.shiftpattern": holding(
        "which shifts a station keeps", OPERATION, "for good",
        S1="id station name begins ends weekdays on_holidays staff windows starts_on ends_on",
    ),
    "duty.rota": holding(
        "the duty rota of a month", DUTY, STAFF,
        S1="id station month state job made_at made_by published_at published_by",
    ),
    "duty.shift": holding(
        "shifts of a station", DUTY, STAFF,
        S1="id rota station pattern day name starts_at ends_at staff windows opened_at closed_at closed_by cancelled_at",
    ),
    "duty.turn": holding(
        "who is on which shift", DUTY, STAFF,
        S2="reason",
        S1="id shift posting user starts_at is_fixed sequence changed_at published_at removed_at checked_in_at checked_out_at",
    ),
    "duty.swap": holding(
        "shifts that changed hands by consent", DUTY, STAFF,
        S2="reason", S1="id turn wanted asked_of state asked_at asked_by decided_at decided_by",
    ),
}  # fmt: skip
