"""Why an act on education is refused; each says it in a sentence."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class EducationRefused(Exception):
    """It cannot be so; the sentence says why."""


class PlanExists(EducationRefused):
    """The unit has a plan for that year."""

    def __init__(self):
        super().__init__(_("There is a plan for this unit and year already."))


class NotAPlanHolder(EducationRefused):
    """Only stations, grids and branches plan organization life."""

    def __init__(self):
        super().__init__(_("Only a station, a grid or a branch has a plan."))


class GroupElsewhere(EducationRefused):
    """The functional group belongs to another unit, or was closed before."""

    def __init__(self):
        super().__init__(_("Choose a functional group that this unit had on that day."))


class NotSuggested(EducationRefused):
    """The suggestion of the leader is another group's, or its occasion was entered first."""

    def __init__(self):
        super().__init__(_("The occasion of this suggestion was entered already, or it is for another group."))


class AlreadyApproved(EducationRefused):
    """Somebody approved the plan first."""

    def __init__(self):
        super().__init__(_("This plan has been approved already."))


class PlanEmpty(EducationRefused):
    """A plan without a single item."""

    def __init__(self):
        super().__init__(_("Nothing stands in this plan yet."))


class ReasonMissing(EducationRefused):
    """This is done with a reason only."""

    def __init__(self):
        super().__init__(_("Write down the reason."))


class RollClosed(EducationRefused):
    """The roll of the occasion is closed or the occasion cancelled."""

    def __init__(self):
        super().__init__(_("The roll is closed. Correct single lines, each with a reason."))


class RollStillOpen(EducationRefused):
    """Lines of a closed roll are corrected; those of an open one are marked."""

    def __init__(self):
        super().__init__(_("The roll is still open: mark the line instead."))


class RollUnmarked(EducationRefused):
    """Somebody on the roll is not marked yet."""

    def __init__(self, lines: int):
        text = ngettext("%(n)d member is not marked yet.", "%(n)d members are not marked yet.", lines)
        super().__init__(text % {"n": lines})


class RollEmpty(EducationRefused):
    """Nobody stands on the roll."""

    def __init__(self):
        super().__init__(_("Nobody stands on the roll yet."))


class InTheFuture(EducationRefused):
    """What has not happened cannot be recorded."""

    def __init__(self):
        super().__init__(_("This day is still to come."))


class TooLongAgo(EducationRefused):
    """A day before last year."""

    def __init__(self):
        super().__init__(_("This day lies before last year."))


class NotTheSame(EducationRefused):
    """The two entries cannot be about one occasion."""

    def __init__(self):
        super().__init__(_("These two entries cannot be about the same occasion."))


class OthersReferToIt(EducationRefused):
    """Another unit's entry names this one as the same."""

    def __init__(self):
        super().__init__(_("The entry of another unit refers to this one."))


class HoursOutOfLimits(EducationRefused):
    """More hours than one record may have, or fewer than none."""

    def __init__(self):
        super().__init__(_("At most 12 hours a day; a training class at most 100 hours."))


class OwnRecord(EducationRefused):
    """Nobody confirms what they reported themselves."""

    def __init__(self):
        super().__init__(_("What a member reports is confirmed by somebody else."))


class AlreadyDecided(EducationRefused):
    """Somebody decided the record first."""

    def __init__(self):
        super().__init__(_("This record has been decided already."))


class FromARoll(EducationRefused):
    """Hours of an occasion follow its roll."""

    def __init__(self):
        super().__init__(_("These hours come from a roll. Correct the line of the roll."))


class AlreadyClosed(EducationRefused):
    """The delivery is no longer due."""

    def __init__(self):
        super().__init__(_("Somebody has closed this delivery already."))


class NobodyExcused(EducationRefused):
    """There is nobody to whom study would be brought."""

    def __init__(self):
        super().__init__(_("No member in care here is excused on this day."))


class OccasionCancelled(EducationRefused):
    """Nothing is added to what was cancelled."""

    def __init__(self):
        super().__init__(_("The occasion is cancelled."))


class ScanKnown(EducationRefused):
    """The very same file stands with the occasion."""

    def __init__(self):
        super().__init__(_("This very file is attached already."))


class AlreadyWithdrawn(EducationRefused):
    """Somebody withdrew the scan first."""

    def __init__(self):
        super().__init__(_("This scan has been withdrawn already."))
