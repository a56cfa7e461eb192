"""What the tree and the people below tell the rosters."""

from django.dispatch import receiver

from waystation.organizations.paths import follow
from waystation.organizations.signals import unit_moved
from waystation.stewardship.people import signals
from waystation.stewardship.rosters.actions.lanes import drop_row
from waystation.stewardship.rosters.actions.matching import match_one
from waystation.stewardship.rosters.models import Import, MatchCandidate

KEPT_PATHS = (
    (Import, "unit_path"),
    (MatchCandidate, "origin_path"),
    (MatchCandidate, "station_path"),
)


@receiver(unit_moved, dispatch_uid="rosters.unit_moved")
def unit_has_moved(sender, unit, old_path, new_path, **kwargs):
    """Imports and proposals of the unit move with it in the same transaction."""
    for model, field in KEPT_PATHS:
        follow(model, field, old_path=old_path, new_path=new_path)


@receiver(signals.departure_closed, dispatch_uid="rosters.departure_closed")
def departure_closed(sender, departure, **kwargs):
    """A cancelled, refused or returned departure leaves the board."""
    drop_row(departure=departure)


@receiver(signals.arrival_closed, dispatch_uid="rosters.arrival_closed")
def arrival_closed(sender, arrival, **kwargs):
    """A refused or withdrawn arrival leaves the board."""
    drop_row(arrival=arrival)


@receiver(signals.departure_registered, dispatch_uid="rosters.departure_registered")
def departure_registered(sender, departure, **kwargs):
    """A departure entered by hand finds its arrival at once."""
    if departure.state == departure.State.PENDING:
        match_one(departure=departure)


@receiver(signals.arrival_registered, dispatch_uid="rosters.arrival_registered")
def arrival_registered(sender, arrival, **kwargs):
    """An arrival entered by hand finds its departure at once."""
    match_one(arrival=arrival)
