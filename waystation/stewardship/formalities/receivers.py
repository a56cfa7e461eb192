"""What the tree and the people below tell transfers and cards."""

from django.dispatch import receiver

from waystation.organizations.paths import follow
from waystation.organizations.signals import unit_moved
from waystation.stewardship.formalities import actions
from waystation.stewardship.formalities.models import ActivityCard, Transfer
from waystation.stewardship.people import signals
from waystation.stewardship.people.models import Departure

KEPT_PATHS = ((Transfer, "origin_path"), (Transfer, "to_path"), (ActivityCard, "branch_path"))


@receiver(unit_moved, dispatch_uid="formalities.unit_moved")
def unit_has_moved(sender, unit, old_path, new_path, **kwargs):
    """What a unit has issued moves with it in the same transaction."""
    for model, field in KEPT_PATHS:
        follow(model, field, old_path=old_path, new_path=new_path)


@receiver(signals.people_merged, dispatch_uid="formalities.people_merged")
def people_merged(sender, winner, loser, **kwargs):
    actions.follow_merge(winner, loser)


@receiver(signals.merge_undone, dispatch_uid="formalities.merge_undone")
def merge_undone(sender, winner, loser, **kwargs):
    actions.follow_undo(winner, loser)


@receiver(signals.departure_closed, dispatch_uid="formalities.departure_closed")
def departure_closed(sender, departure, **kwargs):
    if departure.state in Departure.OVER:
        actions.prompt_return(departure, at=departure.closed_at)
