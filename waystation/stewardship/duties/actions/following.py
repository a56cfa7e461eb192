"""What the sheet does when the stay ends or the formal relation of the member moves."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.organizations.models import Unit
from waystation.stations.duty.actions import move_items
from waystation.stewardship.duties.actions.handing import bundle_of, hand_over, locked
from waystation.stewardship.duties.actions.proposing import lapse_proposals
from waystation.stewardship.duties.models import Duty, StayTransfer
from waystation.stewardship.duties.queries import holder_on, origin_of
from waystation.stewardship.people.models import Person, Stay


@transaction.atomic
def close_sheet(stay: Stay, *, at: datetime) -> None:
    """The stay ended: what was still to come falls away, and every open item goes back to the origin."""
    stay = locked(stay, open_only=False)
    Duty.objects.filter(stay=stay, took_effect_at=None).delete()
    lapse_proposals(stay, reason=_("The stay has ended."), at=at)
    StayTransfer.objects.open().filter(stay=stay).update(
        state=StayTransfer.State.LAPSED, closed_at=at, closing_reason=_("The stay has ended.")
    )
    move_items(bundle_of(stay), to=origin_of(stay), by=None, at=at)


@transaction.atomic
def follow_membership(person: Person, *, old: Unit | None, new: Unit | None, on: date, by, at: datetime) -> None:
    """The formal relation moved: what the old branch answered for, the new one answers for from that day.

    The day of the receipt may lie behind us; the sheet changes today then, for what is past has been done by
    the old branch. If the relation left the area the old branch keeps what is open.
    """
    if old is None or new is None:
        return
    for found in Stay.objects.filter(person=person).order_by("pk"):
        stay = locked(found, open_only=False)
        if stay.ends_on is None:
            _replace(stay, old, new, on=max(on, timezone.localdate(at), stay.starts_on), by=by, at=at)
        else:
            move_items(bundle_of(stay), to=new, by=by, at=at)


def _replace(stay: Stay, old: Unit, new: Unit, *, on: date, by, at: datetime) -> None:
    lapse_proposals(stay, reason=_("The formal relation has moved to another branch."), at=at, of=old)
    for kind in Duty.Kind.values:
        if holder_on(stay, kind, on).pk == old.pk:
            hand_over(stay, kind, to=new, on=on, by=by, at=at)
    Duty.objects.filter(stay=stay, unit=old, starts_on__gt=on).update(unit=new, unit_path=new.path)
