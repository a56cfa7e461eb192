"""What the people and the tree below tell education."""

from django.dispatch import receiver
from django.utils import timezone

from waystation.organizations.paths import follow
from waystation.organizations.signals import unit_moved
from waystation.stewardship.education import actions
from waystation.stewardship.education.models import Delivery, Occasion, Pack, Plan
from waystation.stewardship.people import signals

KEPT_PATHS = ((Plan, "unit_path"), (Occasion, "unit_path"), (Pack, "unit_path"), (Delivery, "unit_path"))


@receiver(unit_moved, dispatch_uid="education.unit_moved")
def unit_has_moved(sender, unit, old_path, new_path, **kwargs):
    """Plans, occasions and packs of the unit move with it in the same transaction."""
    for model, field in KEPT_PATHS:
        follow(model, field, old_path=old_path, new_path=new_path)


@receiver(signals.people_merged, dispatch_uid="education.people_merged")
def people_merged(sender, winner, loser, **kwargs):
    actions.follow_people([winner, loser], at=timezone.now())


@receiver(signals.merge_undone, dispatch_uid="education.merge_undone")
def merge_undone(sender, winner, loser, **kwargs):
    actions.follow_people([winner, loser], at=timezone.now())


@receiver(signals.stay_ended, dispatch_uid="education.stay_ended")
def stay_ended(sender, stay, **kwargs):
    actions.end_with_stay(stay, at=timezone.now())
