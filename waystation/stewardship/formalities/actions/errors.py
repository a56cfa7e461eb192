"""Why an action on transfers or activity cards refuses; the sentences are the user's."""

from django.utils.translation import gettext as _


class FormalityRefused(Exception):
    """An action did not happen. `str(error)` says why, for the user."""


class NoBranch(FormalityRefused):
    """Only a member with a formal branch has a relation to transfer, or a card."""

    def __init__(self):
        super().__init__(_("This file names no branch with which the formal relation is."))


class NotAllowed(FormalityRefused):
    """The user does not speak for the branch whose act this is."""

    def __init__(self):
        super().__init__(_("Your role does not speak for the branch whose act this is."))


class OwnLetter(FormalityRefused):
    """The issuing side does not sign the receipt for the receiving one."""

    def __init__(self):
        super().__init__(_("The receiving side signs the receipt, not the unit that issued the letter."))


class AlreadyOnItsWay(FormalityRefused):
    """One open transfer a person."""

    def __init__(self):
        super().__init__(
            _("A transfer of this member is on its way already. Withdraw it first, or record its receipt.")
        )


class AlreadyClosed(FormalityRefused):
    """Somebody else decided first."""

    def __init__(self):
        super().__init__(_("This has been decided already. Reload the page to see by whom."))


class TooLong(FormalityRefused):
    """Longer than a letter may be valid."""

    def __init__(self):
        super().__init__(_("A letter may not be valid for so long, nor for less than a day."))


class WrongDay(FormalityRefused):
    """A day that has not come, or before the issue."""

    def __init__(self):
        super().__init__(_("The day may not lie in the future, nor before the issue."))


class NotWhileValid(FormalityRefused):
    """A receipt after the last day of validity needs a new letter."""

    def __init__(self):
        super().__init__(_("The letter was not valid any more on that day. A new letter is needed."))


class MembershipMoved(FormalityRefused):
    """The formal relation is not with the issuing branch any more."""

    def __init__(self):
        super().__init__(_("The formal relation is not with the issuing branch any more."))


class ReasonMissing(FormalityRefused):
    """A withdrawal without a written reason."""

    def __init__(self):
        super().__init__(_("Write the reason; the other side reads it."))


class HasCard(FormalityRefused):
    """One valid card a person."""

    def __init__(self):
        super().__init__(_("This member holds a valid activity card. Report it lost or withdraw it first."))


class NumberTaken(FormalityRefused):
    """A number is given once in a county."""

    def __init__(self):
        super().__init__(_("This county has given out an activity card of that number already."))
