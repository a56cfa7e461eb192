"""What education holds."""

from waystation.config.data_classes.holding import DUTY, WHILE_MEMBER, Holding, holding

DATA_CLASSES: dict[str, Holding] = {
    "education.plan": holding(
        "the yearly plan of organization life (条例 2019, art. 16)", DUTY, "for good",
        S1="id unit unit_path year state created_at created_by approved_at approved_by",
    ),
    "education.planitem": holding(
        "what a plan intends", DUTY, "for good",
        S1="id plan kind month day topic lead grid group_key group_title dropped_at dropped_by drop_reason",
    ),
    "education.occasion": holding(
        "organization life held, its minutes and figures", DUTY, "for good",
        S2="lead recorder minutes guests",
        S1=(
            "id unit unit_path item same_as kind state held_on place hours topic group_key group_title expected present "
            "on_leave absent excused created_at created_by closed_at closed_by cancel_reason"
        ),
    ),
    "education.attendance": holding(
        "who was at an occasion", DUTY, WHILE_MEMBER,
        S2="id occasion person recorded_for mark reason is_excused is_double", S1="marked_at marked_by",
    ),
    "education.sheetscan": holding(
        "signed sheets of occasions, scanned", DUTY, "for good",
        S2="file", S1="id occasion added_at added_by withdrawn_at withdrawn_by reason",
    ),
    "education.learningrecord": holding(
        "hours learnt (条例 2019, art. 20)", DUTY, WHILE_MEMBER,
        S2=(
            "id person recorded_for is_double source state learnt_on year hours title note occasion reason "
            "is_self_reported"
        ),
        S1="reported_at reported_by decided_at decided_by reversed_at reversed_by",
    ),
    "education.yeartotal": holding("hours of a year", DUTY, WHILE_MEMBER, S2="id person year hours"),
    "education.pack": holding(
        "materials brought home (条例 2019, art. 23)", DUTY, "for good",
        S1="id unit unit_path title materials issued_on due_on created_at created_by",
    ),
    "education.delivery": holding(
        "to whom study is brought home", DUTY, WHILE_MEMBER,
        S2="id pack stay person carrier feedback record reason delivered_on", S1="unit unit_path state due_on closed_at closed_by",
    ),
}  # fmt: skip
