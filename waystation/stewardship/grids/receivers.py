"""What the people below tell the grids."""

from django.dispatch import receiver
from django.utils import timezone

from waystation.stewardship.grids import actions
from waystation.stewardship.people import signals


@receiver(signals.stay_ended, dispatch_uid="grids.stay_ended")
def stay_ended(sender, stay, **kwargs):
    actions.leave_with_stay(stay, at=timezone.now())


@receiver(signals.people_merged, dispatch_uid="grids.people_merged")
def people_merged(sender, winner, loser, **kwargs):
    actions.follow_stays([winner])


@receiver(signals.merge_undone, dispatch_uid="grids.merge_undone")
def merge_undone(sender, winner, loser, **kwargs):
    actions.follow_stays([winner, loser])
