"""Why an action on people refuses; the sentences are the user's."""

from django.utils.translation import gettext as _


class Refused(Exception):
    """An action did not happen. `str(error)` says why, for the user."""


class AlreadyDeparted(Refused):
    """The person has an open departure (one open departure a person)."""

    def __init__(self, departure=None):
        self.departure = departure
        super().__init__(_("This person has an open departure already."))


class AlreadyOnFile(Refused):
    """Another living file holds the same ID number (one living file an ID number)."""

    def __init__(self):
        super().__init__(_("Another file holds this ID number already. Use that file, or have the two merged."))


class NoMember(Refused):
    """The person is out of the Party or dead."""

    def __init__(self):
        super().__init__(_("By the party status this person is no member any more."))


class AlreadyStaying(Refused):
    """The person has an open stay (one open stay a person)."""

    def __init__(self):
        super().__init__(_("This person is in the care of a station already. End that stay first."))


class NotPending(Refused):
    """Somebody else decided first, or it is too late for this."""

    def __init__(self):
        super().__init__(_("This has been decided already. Reload the page to see by whom."))


class NotOpen(Refused):
    """What should end has ended."""

    def __init__(self):
        super().__init__(_("This has ended already."))


class ReasonMissing(Refused):
    """A refusal without a written reason."""

    def __init__(self):
        super().__init__(_("Write the reason; the other side reads it."))


class NotConfirmed(Refused):
    """A stay without the confirmations that its law asks for."""

    def __init__(self):
        super().__init__(_("Both sides must confirm, by two different people."))


class Changed(Refused):
    """Somebody saved the file after this form was opened; `person` is as it is now."""

    def __init__(self, person):
        self.person = person
        super().__init__(_("Somebody else has changed this file meanwhile."))


class AccountRefused(Refused):
    """This account is not opened, linked, taken back or helped with; the sentence says why."""


class MergeRefused(Refused):
    """These two files cannot be merged, or this merge cannot be undone."""
