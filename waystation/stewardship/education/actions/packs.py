"""Writes on study brought home."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.organizations.models import Unit
from waystation.stations.duty.actions import finish_key, open_item
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.duties.queries import accountable
from waystation.stewardship.education.actions.errors import (
    AlreadyClosed,
    InTheFuture,
    NobodyExcused,
    ReasonMissing,
)
from waystation.stewardship.education.actions.records import new_record
from waystation.stewardship.education.actions.totals import renew_totals
from waystation.stewardship.education.models import Delivery, LearningRecord, Pack
from waystation.stewardship.education.queries.packs import excused_stays
from waystation.stewardship.people.models import Stay

State = Delivery.State


@transaction.atomic
def issue_pack(*, unit: Unit, title: str, materials: str, issued_on: date, due_on: date, by, at: datetime) -> Pack:
    """Put a pack together for every excused member in the station's care; each delivery goes on a list.

    Refuses when nobody is excused (NobodyExcused).
    """
    pack = Pack.objects.create(
        unit=unit, unit_path=unit.path, title=title, materials=materials, issued_on=issued_on, due_on=due_on,
        created_at=at, created_by=by,
    )  # fmt: skip
    audit.record("pack.issued", on=pack, by=by, at=at, unit_path=unit.path)
    if not plan_deliveries(pack, excused_stays(unit, issued_on), by=by, at=at):
        raise NobodyExcused
    return pack


@transaction.atomic
def plan_deliveries(pack: Pack, stays: Iterable[Stay], *, by, at: datetime) -> int:
    """Let the pack be brought to these members in care, by the unit that answers for education; returns how many
    are new."""
    pack = Pack.objects.select_for_update().get(pk=pack.pk)
    known = set(pack.deliveries.values_list("stay", flat=True))
    made = []
    for stay in stays:
        if stay.pk in known or stay.ends_on is not None:
            continue
        unit = accountable(stay, "education", timezone.localdate(at))
        made.append(
            Delivery(pack=pack, stay=stay, person_id=stay.person_id, unit=unit, unit_path=unit.path, due_on=pack.due_on)
        )
    Delivery.objects.bulk_create(made)
    for row in made:
        title = _("Bring “%(title)s” to the home of %(name)s") % {
            "title": pack.title, "name": row.stay.person.full_name,
        }  # fmt: skip
        open_item(
            unit=row.unit, topic=OpenItem.Topic.EDUCATION, title=title, due_on=row.due_on, key=row.item_key,
            bundle=f"stay:{row.stay_id}", link="education:delivery", link_pk=row.pk, by=by, at=at,
        )  # fmt: skip
    return len(made)


@transaction.atomic
def deliver(
    delivery: Delivery,
    *,
    carrier: str,
    delivered_on: date,
    feedback: str = "",
    hours: Decimal | None = None,
    by,
    at: datetime,
) -> Delivery:
    """The pack was brought; hours, if any, count for the member's year.

    Refuses a closed delivery (AlreadyClosed), a day to come, and hours out of limits.
    """
    fresh = _due(delivery)
    if delivered_on > timezone.localdate(at):
        raise InTheFuture
    record = None
    if hours:
        record = new_record(
            fresh.person, source=LearningRecord.Source.BROUGHT, learnt_on=delivered_on, hours=hours,
            title=fresh.pack.title, note=carrier, by=by, at=at,
        )  # fmt: skip
        record.state, record.decided_at, record.decided_by = LearningRecord.State.CONFIRMED, at, by
        record.save(force_insert=True)
        renew_totals([(fresh.person_id, record.year)])
    fresh.state, fresh.carrier, fresh.delivered_on = State.DELIVERED, carrier, delivered_on
    fresh.feedback, fresh.record = feedback, record
    outcome = _("Brought by %(name)s") % {"name": carrier}
    return _closed(fresh, "delivery.made", outcome, by, at)


@transaction.atomic
def call_off(delivery: Delivery, *, reason: str, by, at: datetime) -> Delivery:
    """The pack will not be brought, for a reason. Refuses a closed delivery (AlreadyClosed)."""
    if not reason.strip():
        raise ReasonMissing
    fresh = _due(delivery)
    fresh.state, fresh.reason = State.CALLED_OFF, reason.strip()[:200]
    return _closed(fresh, "delivery.called_off", fresh.reason, by, at)


def _due(delivery: Delivery) -> Delivery:
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("pack", "person")
    fresh = rows.get(pk=delivery.pk)
    if fresh.state != State.DUE:
        raise AlreadyClosed
    return fresh


def _closed(delivery: Delivery, verb: str, outcome: str, by, at: datetime) -> Delivery:
    delivery.closed_at, delivery.closed_by = at, by
    delivery.save(
        update_fields=[
            "state", "carrier", "delivered_on", "feedback", "record", "reason", "closed_at", "closed_by",
        ]
    )  # fmt: skip
    finish_key(delivery.item_key, outcome=outcome, by=by, at=at)
    person = str(delivery.person_id)
    audit.record(verb, on=delivery, by=by, at=at, unit_path=delivery.unit_path, person=person)
    return delivery
