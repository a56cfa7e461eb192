"""Why something is not written about dues: each refusal is a fact with its sentence."""

from __future__ import annotations

from django.utils.translation import gettext as _


class DuesRefused(Exception):
    """It cannot be so; the sentence says why."""


class BaseExists(DuesRefused):
    """The member has a base from that month on."""

    def __init__(self):
        super().__init__(_("A base begins with this month already. Withdraw it first if it is wrong."))


class NoBase(DuesRefused):
    """Nothing is owed without a base."""

    def __init__(self):
        super().__init__(_("Set the base of this member's dues first."))


class AlreadyCovered(DuesRefused):
    """A payment for the month is on record."""

    def __init__(self):
        super().__init__(_("A payment for this month is on record already."))


class AlreadyReversed(DuesRefused):
    """The row was reversed before."""

    def __init__(self):
        super().__init__(_("This row is reversed already."))


class AlreadyDecided(DuesRefused):
    """Somebody decided first."""

    def __init__(self):
        super().__init__(_("Somebody has decided on this request already."))


class SamePerson(DuesRefused):
    """Who asks does not approve."""

    def __init__(self):
        super().__init__(_("You have asked for this yourself. Another person decides on it."))


class Overlapping(DuesRefused):
    """Another approved reduction holds in these months."""

    def __init__(self):
        super().__init__(_("Another reduction holds in some of these months."))
