"""What the people and the tree below tell the appraisals."""

from django.dispatch import receiver

from waystation.organizations.paths import follow
from waystation.organizations.signals import unit_moved
from waystation.stewardship.appraisals.actions.following import follow_stays
from waystation.stewardship.appraisals.models import Appraisal, AppraisalRound, Assessment, BallotBox, ResultNotice
from waystation.stewardship.people import signals

KEPT_PATHS = (
    (AppraisalRound, "unit_path"),
    (Appraisal, "station_path"),
    (Appraisal, "origin_path"),
    (Assessment, "unit_path"),
    (BallotBox, "unit_path"),
    (ResultNotice, "origin_path"),
)


@receiver(unit_moved, dispatch_uid="appraisals.unit_moved")
def unit_has_moved(sender, unit, old_path, new_path, **kwargs):
    """Rounds, appraisals and notices move with their units in the same transaction."""
    for model, field in KEPT_PATHS:
        follow(model, field, old_path=old_path, new_path=new_path)


@receiver(signals.people_merged, dispatch_uid="appraisals.people_merged")
def people_merged(sender, winner, loser, **kwargs):
    follow_stays([winner])


@receiver(signals.merge_undone, dispatch_uid="appraisals.merge_undone")
def merge_undone(sender, winner, loser, **kwargs):
    follow_stays([winner, loser])
