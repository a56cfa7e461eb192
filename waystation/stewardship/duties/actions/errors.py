"""Why an action on duty sheets refuses; the sentences are the user's."""

from django.utils.translation import gettext as _


class DutyRefused(Exception):
    """An action did not happen. `str(error)` says why, for the user."""


class StayEnded(DutyRefused):
    """The sheet of an ended stay is closed."""

    def __init__(self):
        super().__init__(_("The stay has ended; its duty sheet is closed."))


class PastDay(DutyRefused):
    """Who answered on a day that is over cannot be changed any more."""

    def __init__(self):
        super().__init__(_("A duty changes hands today or later; the past stays as it was."))


class SameUnit(DutyRefused):
    """The unit has the duty on that day already."""

    def __init__(self):
        super().__init__(_("This unit answers for the duty on that day already."))


class NotAParty(DutyRefused):
    """Only who looks after the member may answer for a duty."""

    def __init__(self):
        super().__init__(_("Only the origin, the station and the destination of this member may answer for a duty."))


class NotConcerned(DutyRefused):
    """The user acts for none of the units whose word counts here."""

    def __init__(self):
        super().__init__(_("Your role does not speak for the unit whose agreement this needs."))


class AlreadyProposed(DutyRefused):
    """One open proposal a duty."""

    def __init__(self):
        super().__init__(_("A proposal for this duty is waiting already. Answer or withdraw that one first."))


class NotOpenAnyMore(DutyRefused):
    """Somebody else decided first."""

    def __init__(self):
        super().__init__(_("This has been decided already. Reload the page to see by whom."))


class TwoPeople(DutyRefused):
    """Both sides by one person would be no agreement."""

    def __init__(self):
        super().__init__(_("Two units agree by two different people."))


class ReasonMissing(DutyRefused):
    """A refusal or a proposal without a written reason."""

    def __init__(self):
        super().__init__(_("Write the reason; the other side reads it."))


class NotAStation(DutyRefused):
    """A stay passes to another open station and to nothing else."""

    def __init__(self):
        super().__init__(_("Choose another station that is open."))
