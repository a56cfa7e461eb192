"""Why an act on an appraisal is refused; each says it in a sentence."""

from __future__ import annotations

from django.utils.translation import gettext as _

from waystation.kernel.templatetags.ui import zh_date


class AppraisalRefused(Exception):
    """The act is refused; the sentence says why."""


class NotInThisState(AppraisalRefused):
    """The round is at another step."""

    def __init__(self):
        super().__init__(_("The round is at another step now; look at it again."))


class BeingOpened(AppraisalRefused):
    """A job opens the round at this moment."""

    def __init__(self):
        super().__init__(_("The round is being opened at this moment."))


class ManagingEnded(AppraisalRefused):
    """Who started the opening manages the round no more."""

    def __init__(self):
        super().__init__(_("The right to do this has ended meanwhile."))


class WeightsDoNotAddUp(AppraisalRefused):
    """Criteria must weigh 100 together."""

    def __init__(self):
        super().__init__(_("The weights of the criteria must add up to exactly 100."))


class RoundExists(AppraisalRefused):
    """One round a unit and year."""

    def __init__(self):
        super().__init__(_("This unit has a round for this year already."))


class BeforeCutoff(AppraisalRefused):
    """Nobody knows yet who will be in care on the cut-off day."""

    def __init__(self):
        super().__init__(_("The cut-off day has not come yet."))


class NobodyInCare(AppraisalRefused):
    """A round needs members."""

    def __init__(self):
        super().__init__(_("Nobody was in care here on the cut-off day."))


class AlreadyHandedIn(AppraisalRefused):
    """What was handed in is never changed."""

    def __init__(self):
        super().__init__(_("This assessment was handed in already and cannot be changed."))


class OtherSideScored(AppraisalRefused):
    """Nobody speaks for both sides."""

    def __init__(self):
        super().__init__(_("You assessed this member for the other side; a second person must do it here."))


class SomethingMissing(AppraisalRefused):
    """Required assessments are missing and the time is not over, or nobody wrote why it goes on without them."""


class BoxesOpen(AppraisalRefused):
    """Ballots must be counted first."""

    def __init__(self):
        super().__init__(_("Close the ballot boxes first."))


class NoGradeForProbationary(AppraisalRefused):
    """A probationary member takes part and gets no grade."""

    def __init__(self):
        super().__init__(_("A probationary member takes part and gets no grade."))


class ConsultationNeeded(AppraisalRefused):
    """Station and origin are a grade or more apart."""

    def __init__(self):
        super().__init__(_("Station and origin are a grade or more apart: they must consult first."))


class OriginHasNotConfirmed(AppraisalRefused):
    """The origin may still confirm the record of the consultation or object to it."""

    def __init__(self, until):
        words = _("The origin has not confirmed the record of the consultation; it may until %(day)s.")
        super().__init__(words % {"day": zh_date(until)})


class RecorderAnswers(AppraisalRefused):
    """Who speaks for the origin neither wrote the record nor assessed for the station."""

    def __init__(self):
        super().__init__(_("You wrote this record or assessed for the station; the origin must answer it."))


class ReasonNeeded(AppraisalRefused):
    """Whoever leaves the arithmetic or the proposal writes why."""

    def __init__(self):
        super().__init__(_("The grade differs from what was there before: write the reason."))


class WordNeeded(AppraisalRefused):
    """Whoever objects says what is wrong."""

    def __init__(self):
        super().__init__(_("Write what is wrong with the record."))


class TooManyExcellent(AppraisalRefused):
    """More than the limit are graded excellent; with a written reason the round goes on."""

    def __init__(self, excellent: int, base: int):
        self.excellent, self.base = excellent, base
        words = _(
            "%(excellent)d of %(base)d members with a grade are excellent, more than the limit: write the reason."
        )
        super().__init__(words % {"excellent": excellent, "base": base})


class ReplyWindowOpen(AppraisalRefused):
    """The member has not answered and still may."""

    def __init__(self):
        super().__init__(_("The member may still answer; no grade is decided before."))


class ReplyWindowClosed(AppraisalRefused):
    """The time to answer is over."""

    def __init__(self):
        super().__init__(_("The time to answer is over."))


class AlreadyReplied(AppraisalRefused):
    """One answer a proposal."""

    def __init__(self):
        super().__init__(_("An answer was given already."))


class AlreadyDecided(AppraisalRefused):
    """Somebody else decided first."""

    def __init__(self):
        super().__init__(_("This grade was decided already."))


class ScorerDecides(AppraisalRefused):
    """Who assessed the member does not decide."""

    def __init__(self):
        super().__init__(_("You assessed this member; somebody else must decide."))


class ProposerDecides(AppraisalRefused):
    """Who proposed the grade does not decide it."""

    def __init__(self):
        super().__init__(_("You proposed this grade; somebody else must decide."))


class NotAllDecided(AppraisalRefused):
    """Everybody who gets a grade must have one."""

    def __init__(self, missing: int):
        super().__init__(_("%(n)d members have no grade yet.") % {"n": missing})
