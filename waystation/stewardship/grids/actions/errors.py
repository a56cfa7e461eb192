"""Why a write on grids is refused."""

from django.utils.translation import gettext as _


class GridRefused(Exception):
    """The grid cannot be so; the sentence says why."""


class NotStaying(GridRefused):
    """Only a member with an open stay at the station belongs to one of its grids."""

    def __init__(self):
        super().__init__(_("This member is not in the care of the station any more."))


class OtherStation(GridRefused):
    """The grid belongs to another station than the stay, or is closed."""

    def __init__(self):
        super().__init__(_("This grid belongs to another station."))
