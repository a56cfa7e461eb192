"""What the tree and the people below tell the duty sheets."""

from django.dispatch import receiver
from django.utils import timezone

from waystation.organizations.paths import follow
from waystation.organizations.signals import unit_moved
from waystation.stewardship.duties import actions
from waystation.stewardship.duties.models import Duty, Proposal, StayTransfer
from waystation.stewardship.people import signals

KEPT_PATHS = (
    (Duty, "unit_path"),
    (Proposal, "holder_path"),
    (Proposal, "taker_path"),
    (Proposal, "proposer_path"),
    (StayTransfer, "station_path"),
    (StayTransfer, "to_path"),
)


@receiver(unit_moved, dispatch_uid="duties.unit_moved")
def unit_has_moved(sender, unit, old_path, new_path, **kwargs):
    """What the unit answers for moves with it in the same transaction."""
    for model, field in KEPT_PATHS:
        follow(model, field, old_path=old_path, new_path=new_path)


@receiver(signals.stay_opened, dispatch_uid="duties.stay_opened")
def stay_opened(sender, stay, **kwargs):
    actions.open_sheet(stay, at=stay.opened_at)


@receiver(signals.stay_ended, dispatch_uid="duties.stay_ended")
def stay_ended(sender, stay, **kwargs):
    actions.close_sheet(stay, at=timezone.now())


@receiver(signals.membership_moved, dispatch_uid="duties.membership_moved")
def membership_moved(sender, person, old, new, on, by, at, **kwargs):
    actions.follow_membership(person, old=old, new=new, on=on, by=by, at=at)
