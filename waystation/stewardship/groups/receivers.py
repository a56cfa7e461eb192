"""What the tree and the people below tell the groups."""

from django.dispatch import receiver
from django.utils import timezone

from waystation.organizations.paths import follow
from waystation.organizations.signals import unit_moved
from waystation.stewardship.groups import actions
from waystation.stewardship.groups.models import FunctionalGroup
from waystation.stewardship.people import signals


@receiver(unit_moved, dispatch_uid="groups.unit_moved")
def unit_has_moved(sender, unit, old_path, new_path, **kwargs):
    follow(FunctionalGroup, "station_path", old_path=old_path, new_path=new_path)


@receiver(signals.stay_ended, dispatch_uid="groups.stay_ended")
def stay_ended(sender, stay, **kwargs):
    actions.leave_with_stay(stay, at=timezone.now())


@receiver(signals.people_merged, dispatch_uid="groups.people_merged")
def people_merged(sender, winner, loser, **kwargs):
    actions.follow_stays([winner, loser])


@receiver(signals.merge_undone, dispatch_uid="groups.merge_undone")
def merge_undone(sender, winner, loser, **kwargs):
    actions.follow_stays([winner, loser])
