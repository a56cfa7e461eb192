"""What the people below tell the dues."""

from django.dispatch import receiver

from waystation.stewardship.dues import actions
from waystation.stewardship.people import signals


@receiver(signals.people_merged, dispatch_uid="dues.people_merged")
def people_merged(sender, winner, loser, **kwargs):
    actions.follow_merge(winner, loser)


@receiver(signals.merge_undone, dispatch_uid="dues.merge_undone")
def merge_undone(sender, winner, loser, **kwargs):
    actions.follow_undo(winner, loser)
