"""A duty passes from one unit to another, and its open items with it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from waystation.organizations.models import Unit
from waystation.stations.duty.actions import move_items
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.duties.actions.errors import StayEnded
from waystation.stewardship.duties.models import Duty, Proposal
from waystation.stewardship.people.models import Stay

Topic = OpenItem.Topic
# Which open items belong to which duty; whoever looks for a lost member is whoever keeps contact. The assessments of
# a round are no part of the duty of appraisal: each side gives its own (P2.9), and their items are in no bundle.
TOPICS = {
    Duty.Kind.DUES: (Topic.DUES,),
    Duty.Kind.LIFE: (Topic.LIFE,),
    Duty.Kind.TALK: (Topic.TALK,),
    Duty.Kind.EDUCATION: (Topic.EDUCATION,),
    Duty.Kind.APPRAISAL: (Topic.APPRAISAL,),
    Duty.Kind.SERVICE: (Topic.SERVICE,),
    Duty.Kind.CONTACT: (Topic.CONTACT, Topic.LOST),
}


def bundle_of(stay: Stay) -> str:
    """The name under which the open items of a stay are kept."""
    return f"stay:{stay.pk}"


def locked(stay: Stay, *, open_only: bool = True) -> Stay:
    """The row of the stay, locked: every change of a sheet takes this lock first. Refuses an ended stay."""
    rows = Stay.objects.select_for_update(of=("self",))
    rows = rows.select_related("person__home", "departure__origin", "station", "destination")
    stay = rows.get(pk=stay.pk)
    if open_only and stay.ends_on is not None:
        raise StayEnded
    return stay


def hand_over(stay: Stay, kind: str, *, to: Unit, on: date, by, at: datetime, proposal: Proposal | None = None) -> Duty:
    """Let the unit answer for the duty from a day on. Call with the stay locked.

    Open items move now if the day has come, else on that day (`take_effect`). Whoever would have begun on the
    very same day leaves no row: it would have answered for no day.
    """
    has_come = on <= timezone.localdate(at)
    columns = {
        "unit": to, "unit_path": to.path, "proposal": proposal, "took_effect_at": at if has_come else None,
    }  # fmt: skip
    duty, _made = Duty.objects.update_or_create(stay=stay, kind=kind, starts_on=on, defaults=columns)
    if has_come:
        move_items(bundle_of(stay), topics=TOPICS[kind], to=to, by=by, at=at)
    return duty


def take_effect(at: datetime) -> int:
    """Move the open items of every change whose day has come; returns how many changes. A round of the worker."""
    due = Duty.objects.filter(took_effect_at=None, starts_on__lte=timezone.localdate(at))
    return sum(_take_effect(duty, at) for duty in due.order_by("starts_on", "pk"))


@transaction.atomic
def _take_effect(duty: Duty, at: datetime) -> bool:
    stay = locked(duty.stay, open_only=False)
    # The WHERE clause lets one of several workers do it; the round of another finds nothing left.
    mine = Duty.objects.filter(pk=duty.pk, took_effect_at=None, starts_on__lte=timezone.localdate(at))
    if not mine.update(took_effect_at=at):
        return False
    if stay.ends_on is None:
        duty.refresh_from_db()
        move_items(bundle_of(stay), topics=TOPICS[duty.kind], to=duty.unit, by=None, at=at)
    return True
