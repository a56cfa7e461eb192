"""Why a write on functional groups is refused."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class GroupRefused(Exception):
    """The group cannot be so; the sentence says why."""


class GroupClosed(GroupRefused):
    """The group was closed or merged already."""

    def __init__(self):
        super().__init__(_("This group is closed."))


class TooFew(GroupRefused):
    """A group is founded with enough full members."""

    def __init__(self, least: int):
        words = ngettext(
            "A group needs at least %(least)d full member.", "A group needs at least %(least)d full members.", least
        )
        super().__init__(words % {"least": least})


class NotInGroup(GroupRefused):
    """Only a member of the group leads it, leaves it or takes part."""

    def __init__(self):
        super().__init__(_("This person is not a member of the group."))


class ActivitySettled(GroupRefused):
    """Somebody else recorded the activity or called it off first."""

    def __init__(self):
        super().__init__(_("This activity is recorded or called off already."))


class NotTheLeader(GroupRefused):
    """Only whoever leads the group now suggests what it could do."""

    def __init__(self):
        super().__init__(_("Only the present leader of the group suggests an activity."))


class SuggestionAnswered(GroupRefused):
    """Somebody else took the suggestion up or declined it first."""

    def __init__(self):
        super().__init__(_("This suggestion is answered already."))
