"""What duties holds."""

from waystation.config.data_classes.holding import DUTY, WHILE_MEMBER, Holding, holding

DATA_CLASSES: dict[str, Holding] = {
    "duties.duty": holding(
        "which unit answers for which duty of a stay, from which day on", DUTY, WHILE_MEMBER,
        S2="id stay kind unit starts_on proposal", S1="unit_path took_effect_at",
    ),
    "duties.proposal": holding(
        "that a duty passes to another unit, and who agreed", DUTY, WHILE_MEMBER,
        S2="id stay kind holder taker starts_on reason closing_reason",
        S1="holder_path taker_path proposer proposer_path state proposed_at proposed_by holder_agreed_at "
           "holder_agreed_by taker_agreed_at taker_agreed_by closed_at closed_by",
    ),
    "duties.staytransfer": holding(
        "that a member passes from one station to another", DUTY, WHILE_MEMBER,
        S2="id stay station to destination reason closing_reason new_stay",
        S1="station_path to_path state asked_at asked_by closed_at closed_by",
    ),
}  # fmt: skip
