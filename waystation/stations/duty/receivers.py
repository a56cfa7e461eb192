"""What the tree below tells duty."""

from django.dispatch import receiver

from waystation.organizations.paths import follow
from waystation.organizations.signals import unit_moved
from waystation.stations.duty.models import OpenItem

KEPT_PATHS = ((OpenItem, "unit_path"),)


@receiver(unit_moved, dispatch_uid="duty.unit_moved")
def unit_has_moved(sender, unit, old_path, new_path, **kwargs):
    """What the unit has to do moves with it in the same transaction."""
    for model, field in KEPT_PATHS:
        follow(model, field, old_path=old_path, new_path=new_path)
