"""What the tree below tells the people."""

from django.dispatch import receiver

from waystation.organizations.paths import follow
from waystation.organizations.signals import unit_moved
from waystation.stewardship.people.models import Arrival, Departure, Person, Stay

KEPT_PATHS = (
    (Person, "home_path"),
    (Person, "stay_path"),
    (Person, "destination_path"),
    (Departure, "origin_path"),
    (Departure, "station_path"),
    (Arrival, "station_path"),
    (Arrival, "home_path"),
    (Arrival, "destination_path"),
    (Stay, "station_path"),
)


@receiver(unit_moved, dispatch_uid="people.unit_moved")
def unit_has_moved(sender, unit, old_path, new_path, **kwargs):
    """Everybody who belongs to the unit, or stays there, moves with it in the same transaction."""
    for model, field in KEPT_PATHS:
        follow(model, field, old_path=old_path, new_path=new_path)
