"""Why an action on contact and care refuses; the sentences are the user's."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waystation.kernel.templatetags.ui import zh_date


class ContactRefused(Exception):
    """An action did not happen. `str(error)` says why, for the user."""


class AlreadyExcused(ContactRefused):
    """The member is excused already, without an end."""

    def __init__(self):
        super().__init__(_("This member is excused already. Renew or end that excuse."))


class AlreadyEnded(ContactRefused):
    """What should end or be renewed has ended."""

    def __init__(self):
        super().__init__(_("This excuse has ended already."))


class AlreadyStruck(ContactRefused):
    """Somebody has struck this contact out first."""

    def __init__(self):
        super().__init__(_("This contact has been struck out already."))


class AlreadyReported(ContactRefused):
    """One open case a person."""

    def __init__(self):
        super().__init__(_("There is an open case of lost contact for this member already."))


class TooEarly(ContactRefused):
    """The time that the rule asks for has not passed."""

    def __init__(self, first: date):
        self.first = first
        super().__init__(_("This is possible from %(day)s on at the earliest.") % {"day": zh_date(first)})


class StageRefused(ContactRefused):
    """The case is not in the stage that this decision belongs to, or what it needs is missing."""


class SameReporter(ContactRefused):
    """Who reported never decides."""

    def __init__(self):
        super().__init__(_("Whoever reported the member as lost does not decide. Somebody else must."))


class LinkGone(ContactRefused):
    """The link is not known, its time is over, or it was withdrawn or closed."""

    def __init__(self):
        super().__init__(_("This link does not lead anywhere any more."))


class WrongDigits(ContactRefused):
    """The digits are not those of the reader's phone; `left` says how often they may still be tried."""

    def __init__(self, left: int):
        self.left = left
        words = ngettext(
            "These are not the last two digits. %(left)d more try.",
            "These are not the last two digits. %(left)d more tries.",
            left,
        )
        super().__init__(words % {"left": left})
