"""Why money is not booked: each refusal is a fact with its sentence."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from waystation.kernel.templatetags.ui import thousands


class FundRefused(Exception):
    """The entry cannot be so; the sentence says why."""


class AccountClosed(FundRefused):
    """The year is closed."""

    def __init__(self):
        super().__init__(_("This year is closed. Nothing more is entered in it."))


class AlreadyDecided(FundRefused):
    """Somebody decided on the entry before."""

    def __init__(self):
        super().__init__(_("Somebody has decided on this entry already."))


class AlreadyReversed(FundRefused):
    """The entry was reversed, or somebody has asked for it."""

    def __init__(self):
        super().__init__(_("This entry is reversed already, or its reversal waits for approval."))


class SamePerson(FundRefused):
    """Who entered does not approve."""

    def __init__(self):
        super().__init__(_("You have entered this yourself. Another person decides on it."))


class LineOverspent(FundRefused):
    """The budget line has not so much left."""

    def __init__(self, line, left: Decimal):
        words = {"line": line.title, "left": thousands(left)}
        super().__init__(
            _("The line “%(line)s” has only %(left)s yuan left. The budget has to be changed first.") % words
        )


class NotEnoughReceived(FundRefused):
    """The money has not come yet."""

    def __init__(self, in_hand: Decimal):
        super().__init__(_("Only %(amount)s yuan are in hand.") % {"amount": thousands(in_hand)})


class NotEnoughGranted(FundRefused):
    """More would be allotted than is granted."""

    def __init__(self, free: Decimal):
        super().__init__(
            _("Only %(amount)s yuan of the granted money are not allotted yet.") % {"amount": thousands(free)}
        )
