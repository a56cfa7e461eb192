"""Writes on the city's checklist and on what a station says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, F, Max, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.stations.sites.actions.errors import FunctionRefused
from waystation.stations.sites.actions.hours import locked
from waystation.stations.sites.checklist import usual_checklist
from waystation.stations.sites.models import ChecklistItem, FunctionStatement, Station

State = FunctionStatement.State


@dataclass(frozen=True)
class Said:
    """What a station says of one item."""

    state: str
    planned_by: date | None = None
    evidence: str = ""


# --- the checklist --------------------------------------------------------------------------------


@transaction.atomic
def add_item(
    *, function: str, title: str, meaning: str, starts_on: date, source: str, by, at: datetime
) -> ChecklistItem:
    """Ask something more of every station from a day on. Refuses a title that is asked already."""
    try:
        with transaction.atomic():
            item = ChecklistItem.objects.create(
                function=function,
                title=title,
                meaning=meaning,
                starts_on=starts_on,
                source=source,
                position=(ChecklistItem.objects.aggregate(last=Max("position"))["last"] or 0) + 1,
            )
    except IntegrityError as error:
        raise FunctionRefused(_("An item of this name stands on the checklist already.")) from error
    audit.record("checklist.item_added", on=item, by=by, at=at, title=title, starts_on=starts_on)
    return item


@transaction.atomic
def adopt_usual_checklist(*, starts_on: date, source: str, by, at: datetime) -> list[ChecklistItem]:
    """Begin with the usual items. Refuses where a checklist is kept already (FunctionRefused)."""
    if ChecklistItem.objects.exists():
        raise FunctionRefused(_("There is a checklist already."))
    return [
        add_item(
            function=usual.function,
            title=usual.title,
            meaning=usual.meaning,
            starts_on=starts_on,
            source=source,
            by=by,
            at=at,
        )
        for usual in usual_checklist()
    ]


@transaction.atomic
def edit_item(item: ChecklistItem, *, function: str, title: str, meaning: str, source: str, by, at: datetime) -> None:
    """Put the wording right. Whoever asks for something else ends the item and adds another."""
    fresh = ChecklistItem.objects.select_for_update().get(pk=item.pk)
    wanted = {"function": function, "title": title, "meaning": meaning, "source": source}
    changes = {name: [getattr(fresh, name), value] for name, value in wanted.items() if getattr(fresh, name) != value}
    if not changes:
        return
    for name, (_before, after) in changes.items():
        setattr(fresh, name, after)
    try:
        with transaction.atomic():
            fresh.save(update_fields=list(changes))
    except IntegrityError as error:
        raise FunctionRefused(_("An item of this name stands on the checklist already.")) from error
    audit.record("checklist.item_edited", on=fresh, by=by, at=at, fields=changes, changes=changes)


@transaction.atomic
def end_item(item: ChecklistItem, *, ends_on: date, by, at: datetime) -> None:
    """Ask for it no more from a day on; what stations said of it stays on record.

    Refuses a day before the item began, a past day, and an item that has an end (FunctionRefused).
    """
    fresh = ChecklistItem.objects.select_for_update().get(pk=item.pk)
    if fresh.ends_on is not None:
        raise FunctionRefused(_("This item has an end already."))
    if ends_on < max(fresh.starts_on, timezone.localdate(at)):
        raise FunctionRefused(_("An item ends today or later, and not before it begins."))
    fresh.ends_on = ends_on
    fresh.save(update_fields=["ends_on"])
    audit.record("checklist.item_ended", on=fresh, by=by, at=at, title=fresh.title, ends_on=ends_on)


# --- what a station says --------------------------------------------------------------------------


@transaction.atomic
def state_functions(
    station: Station, said: Mapping[ChecklistItem, Said], *, by, at: datetime
) -> list[FunctionStatement]:
    """Say of these items whether the station has them; returns the statements that are new.

    What is said again unchanged is no new statement. Refuses (FunctionRefused) an item that is not asked
    now, a plan without a date or with a past one, and "present" without a note of what shows it.
    """
    station = locked(station)
    today = timezone.localdate(at)
    held = {row.item_id: row for row in FunctionStatement.objects.current().filter(station=station, item__in=said)}
    new = []
    for item, one in said.items():
        before = held.get(item.pk)
        wanted = Said(one.state, one.planned_by if one.state == State.PLANNED else None, one.evidence.strip())
        if before and Said(before.state, before.planned_by, before.evidence) == wanted:
            continue
        _refuse_statement(item, wanted, today)
        new.append((item, before, wanted))
    # Of two people at one moment the second may have begun before the first had written.
    then = Greatest(Value(at, output_field=DateTimeField()), F("stated_at"))
    FunctionStatement.objects.filter(pk__in=[b.pk for _item, b, _said in new if b]).update(superseded_at=then)
    made = FunctionStatement.objects.bulk_create(
        FunctionStatement(
            station=station,
            item=item,
            state=one.state,
            planned_by=one.planned_by,
            evidence=one.evidence,
            stated_at=at,
            stated_by=by,
        )
        for item, _before, one in new
    )
    audit.record_many([_entry(station, *row) for row in new], by=by, at=at)
    return made


def _refuse_statement(item: ChecklistItem, said: Said, today: date) -> None:
    if item.starts_on > today or (item.ends_on is not None and item.ends_on <= today):
        raise FunctionRefused(_("%(item)s is not asked at present.") % {"item": item.title})
    if said.state == State.PRESENT and not said.evidence:
        raise FunctionRefused(_("%(item)s: write what shows that it is there.") % {"item": item.title})
    if said.state == State.PLANNED and said.planned_by is None:
        raise FunctionRefused(_("%(item)s: a plan needs the day by which it will be there.") % {"item": item.title})
    if said.planned_by is not None and said.planned_by < today:
        raise FunctionRefused(_("%(item)s: the day of the plan is past.") % {"item": item.title})


def _entry(station: Station, item: ChecklistItem, before: FunctionStatement | None, said: Said) -> dict:
    return {
        "verb": "station.function_stated",
        "on": station,
        "unit_path": station.unit.path,
        "item": item.title,
        "before": before.state if before else "",
        "state": said.state,
        "planned_by": said.planned_by,
        "evidence": said.evidence,
    }
