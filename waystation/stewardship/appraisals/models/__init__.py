"""Two-way appraisal: the round, who is appraised, what each side said, ballots, and the notices of the result."""

from waystation.stewardship.appraisals.models.appraisals import Appraisal, Assessment, Consultation
from waystation.stewardship.appraisals.models.ballots import BallotBox, BallotPaper, BallotVoter, PaperCount
from waystation.stewardship.appraisals.models.notices import ResultNotice
from waystation.stewardship.appraisals.models.rounds import GRADES, AppraisalRound, Criterion, Grade

__all__ = [
    "GRADES",
    "Appraisal",
    "AppraisalRound",
    "Assessment",
    "BallotBox",
    "BallotPaper",
    "BallotVoter",
    "Consultation",
    "Criterion",
    "Grade",
    "PaperCount",
    "ResultNotice",
]
