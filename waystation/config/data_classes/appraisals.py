"""What appraisals holds."""

from waystation.config.data_classes.holding import WHILE_MEMBER, WORK, Holding, holding

BASIS = "条例 2019, art. 18, 32; 支部工作条例 2018: the yearly appraisal of members (PIPL art. 13(3))"

DATA_CLASSES: dict[str, Holding] = {
    "appraisals.appraisalround": holding(
        "rounds of appraisal and how they are held", BASIS, "for good",
        S1="id unit unit_path year title standards demands goals method mutual peers weight_self weight_mutual "
        "weight_station weight_origin excellent_from qualified_from basic_from cutoff_on due_on reply_days "
        "excellent_limit ballot_points state created_at created_by published_at published_by opening opened_at opened_by "
        "unsealed_at unsealed_by unsealing_reason replies_at replies_by reply_until excess_reason decided_at "
        "decided_by closed_at closed_by withdrawal_reason",
    ),
    "appraisals.criterion": holding(
        "the criteria of a round", BASIS, "for good", S1="id round order title explanation weight"
    ),
    "appraisals.appraisal": holding(
        "a member in a round: the sums, the proposal, the answer, the grade", BASIS, WHILE_MEMBER,
        S3="proposal_reason reply decision_reason",
        S2="id round person stay station station_path origin origin_path is_probationary is_excused self_points "
        "mutual_points station_points origin_points points gap proposed_grade reply_agrees grade",
        S1="consulted_at proposed_at proposed_by reply_until reply_on_behalf replied_at replied_by decided_on decided_at "
        "decided_by was_decided_alone station_scorer origin_scorer",
    ),
    "appraisals.assessment": holding(
        "what one side says of a member, sealed until the round is unsealed", BASIS, WHILE_MEMBER,
        S3="sheet", S2="id round appraisal side person assessor unit_path",
        S1="is_required on_behalf handed_in_at handed_in_by",
    ),
    "appraisals.consultation": holding(
        "what station and origin said over a gap", BASIS, WHILE_MEMBER,
        S3="text answer", S2="id appraisal held_on station_people origin_people conclusion agrees",
        S1="recorded_at recorded_by answered_at answered_by",
    ),
    "appraisals.ballotbox": holding(
        "sums of an anonymous ballot", BASIS, WORK,
        S3="tally", S1="id round unit unit_path printed opened_at opened_by closed_at closed_by ballots",
    ),
    "appraisals.ballotvoter": holding(
        "who may vote and was given a paper, without the paper and the time", BASIS, WORK, S2="appraisal box has_taken"
    ),
    "appraisals.ballotpaper": holding("unused papers of a ballot", BASIS, "until used or the box is closed",
                                      K="digest box"),
    "appraisals.papercount": holding(
        "the count of ballots on paper, typed twice", BASIS, WORK,
        S3="first second", S1="box first_at first_by second_at second_by agreed_at",
    ),
    "appraisals.resultnotice": holding(
        "numbered notices of results", BASIS, WHILE_MEMBER,
        S2="id kind round issuer year serial origin origin_path appraisal",
        S1="issued_at issued_by received_at received_by received_on_behalf",
    ),
}  # fmt: skip
