"""What formalities holds."""

from waystation.config.data_classes.holding import DUTY, WHILE_MEMBER, Holding, holding

TEN_YEARS = "ten years after the letter is closed, as its stub"

DATA_CLASSES: dict[str, Holding] = {
    "formalities.transfer": holding(
        "formal transfers on their way and their receipts (条例 2019, art. 25)", DUTY, TEN_YEARS,
        S2="id person filed_as number origin to to_text reason dues_paid_to issued_on expires_on receipt_due_on "
           "received_on handled_by handler_phone closing_reason",
        S1="state channel origin_path to_path valid_days issued_at issued_by closed_at closed_by",
    ),
    "formalities.activitycard": holding(
        "the register of issue of activity cards (中组部 2006-12-08)", DUTY, WHILE_MEMBER,
        S2="id person filed_as number branch issued_on reason place left replaces closed_on closing_reason",
        S1="county branch_path state issued_at issued_by closed_at closed_by",
    ),
    "formalities.cardcheck": holding(
        "the yearly check of an activity card", DUTY, WHILE_MEMBER,
        S2="id card year checked_on remark", S1="unit checked_at checked_by",
    ),
}  # fmt: skip
