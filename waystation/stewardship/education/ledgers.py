"""The ledgers of organization life and learning that offices hand up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from waystation.kernel.fields import prefix_q
from waystation.kernel.sheets.ledgers import Ledger, LedgerColumn, write_ledger
from waystation.kernel.templatetags.ui import zh_date, zh_time
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stewardship.education.models import Attendance, Delivery, LearningRecord, Occasion, Pack, Plan, PlanItem
from waystation.stewardship.education.queries.compliance import Cell, sheets
from waystation.stewardship.education.queries.frequencies import (
    HOLDERS,
    full_members,
    required,
    stood_throughout,
)
from waystation.stewardship.education.queries.learning import excused_among, learners_by
from waystation.stewardship.education.queries.occasions import occasions_by, reach_of_reasons, told_reasons
from waystation.stewardship.education.queries.plans import due_day, holders_of, items_by, overview_units, with_occasions
from waystation.stewardship.education.queries.totals import by_source, with_target
from waystation.stewardship.people import large_ledgers
from waystation.stewardship.people.large_ledgers import Asked, LedgerKind, counted
from waystation.stewardship.people.models import Person

OCCASIONS, LEARNING, COMPLIANCE = "education.occasions", "education.learning", "education.compliance"
PLAN = "education.plan"
OF_A_YEAR = (OCCASIONS, LEARNING, COMPLIANCE, PLAN)
CHUNK = 500
MOST_TOLD = 100  # names in one cell; a cell of a spreadsheet holds 32,767 characters


def title(asked: Asked) -> str:
    """The title row: which ledger, of which year, of which unit."""
    titles = {
        OCCASIONS: _("Ledger of organization life %(year)s, %(unit)s"),
        LEARNING: _("Ledger of hours learnt %(year)s, %(unit)s"),
        COMPLIANCE: _("Organization life due and held %(year)s, %(unit)s"),
        PLAN: _("Plan of organization life %(year)s, %(unit)s"),
    }
    unit = asked.unit
    if asked.kind == PLAN and Plan.objects.filter(unit=unit, year=asked.filters["year"], state=Plan.State.DRAFT):
        titles[PLAN] = _("Plan of organization life %(year)s, %(unit)s (draft)")
    return titles[asked.kind] % {"year": asked.filters["year"], "unit": unit.short_name or unit.name}


def ledger_of(asked: Asked) -> Ledger:
    """The ledger that somebody asks for: of the year in its filters, of a unit, within a reach."""
    columns, rows = _SHAPES[asked.kind]
    return Ledger(
        title=title(asked),
        columns=[LedgerColumn(_("No."), 6, "number"), *columns()],
        rows=([number, *row] for number, row in enumerate(rows(asked), start=1)),
        unit=_("Unit: %(unit)s") % {"unit": asked.unit.name},
        day=_("Date: %(day)s") % {"day": zh_date(asked.day)},
        watermark=_("Taken by %(name)s, %(at)s") % {"name": asked.user, "at": zh_time(asked.at)},
    )


def write_pack(stream: BinaryIO, pack: Pack, *, by, at: datetime) -> int:
    """Write the list of those to whom a pack is brought, with room for day and signature."""
    rows = pack.deliveries.exclude(state=Delivery.State.CALLED_OFF).select_related("person__destination", "unit")
    ledger = Ledger(
        title=_("Study brought home: %(title)s") % {"title": pack.title},
        columns=[
            LedgerColumn(_("No."), 6, "number"),
            LedgerColumn(_("Name"), 10),
            LedgerColumn(_("Community"), 18),
            LedgerColumn(_("Phone"), 14),
            LedgerColumn(_("Materials"), 36),
            LedgerColumn(_("Who answers"), 20),
            LedgerColumn(_("Carried by"), 10),
            LedgerColumn(_("Brought on"), 12, "date"),
            LedgerColumn(_("What the member said"), 22),
            LedgerColumn(_("Signature"), 12),
        ],
        rows=(
            [
                number, row.person.full_name, row.person.destination.name if row.person.destination else "",
                row.person.phone_mask, "\n".join(pack.materials_list), row.unit.name, row.carrier, row.delivered_on,
                row.feedback, "",
            ]
            for number, row in enumerate(rows.order_by("person__name_key", "pk"), start=1)
        ),
        unit=_("Unit: %(unit)s") % {"unit": pack.unit.name},
        day=_("Date: %(day)s") % {"day": zh_date(timezone.localdate(at))},
        watermark=_("Taken by %(name)s, %(at)s") % {"name": by, "at": zh_time(at)},
    )  # fmt: skip
    return write_ledger(stream, ledger)


def size(asked: Asked, most: int | None) -> int:
    """How many rows it has, as far as `most` and one more."""
    if asked.kind == COMPLIANCE:
        return _compliance_size(asked)
    if asked.kind == PLAN:
        return counted(_items(asked), most)
    return counted(_learners(asked) if asked.kind == LEARNING else _occasions(asked), most)


def _units(asked: Asked) -> QuerySet[Unit]:
    """The unit with its grids, or where it holds nothing itself what the overview shows."""
    year = asked.filters["year"]
    if asked.unit.kind in HOLDERS:
        return holders_of(asked.reach, year).filter(Q(pk=asked.unit.pk) | Q(parent=asked.unit.pk))
    return overview_units(asked.reach, year)


def _occasions(asked: Asked) -> QuerySet[Occasion]:
    year = asked.filters["year"]
    held = {"state": Occasion.State.HELD, "since": date(year, 1, 1), "until": date(year, 12, 31)}
    return occasions_by(held, asked.reach).filter(prefix_q("unit_path", asked.unit.path))


def _occasion_columns() -> list[LedgerColumn]:
    roll = _("Roll")
    return [
        LedgerColumn(_("Unit"), 20),
        LedgerColumn(pgettext("occasion", "Held on"), 11, "date"),
        LedgerColumn(_("Kind"), 12),
        LedgerColumn(_("Topic"), 28),
        LedgerColumn(_("Place"), 14),
        LedgerColumn(pgettext("occasion", "Led by"), 9),
        LedgerColumn(_("Minutes taken by"), 9),
        LedgerColumn(_("Hours"), 6, "number"),
        LedgerColumn(pgettext("roll", "Expected"), 6, "number", group=roll),
        LedgerColumn(pgettext("roll", "Present"), 6, "number", group=roll),
        LedgerColumn(pgettext("roll", "On leave"), 6, "number", group=roll),
        LedgerColumn(pgettext("roll", "Absent"), 6, "number", group=roll),
        LedgerColumn(pgettext("roll", "Excused"), 8, "number", group=roll),
        LedgerColumn(pgettext("roll", "Present, %"), 8, "number", group=roll),
        LedgerColumn(pgettext("roll", "Who was away, and why"), 28, group=roll),
        LedgerColumn(_("Remark"), 16),
    ]


def _occasion_rows(asked: Asked) -> Iterator[list]:
    reach = reach_of_reasons(asked.user)
    found = _occasions(asked).order_by("unit_path", "held_on", "pk").iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        reasons = told_reasons(chunk, reach)
        for row in chunk:
            yield [
                row.unit.name, row.held_on, str(row.get_kind_display()), row.topic, row.place, row.lead, row.recorder,
                row.hours, row.expected, row.present, row.on_leave, row.absent, row.excused, row.ratio,
                _away(reasons.get(row.pk, [])), row.group_title,
            ]  # fmt: skip


def _away(told: list) -> str:
    """Those on leave and those absent with their reasons, as far as a cell of a spreadsheet is still read."""
    parts = [
        _("%(name)s (%(mark)s: %(reason)s)") % {"name": name, "mark": Attendance.Mark(mark).label, "reason": why}
        for name, mark, why in told[:MOST_TOLD]
    ]
    more = len(told) - MOST_TOLD
    if more > 0:
        parts.append(ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more})
    return "、".join(parts)


def _learners(asked: Asked) -> QuerySet[Person]:
    own = {"station": asked.unit} if asked.unit.kind == Unit.Kind.STATION else {}
    return with_target(learners_by(own | asked.filters, asked.reach, asked.day), asked.day)


def _learning_columns() -> list[LedgerColumn]:
    sources = _("Hours by source")
    return [
        LedgerColumn(_("Name"), 10),
        LedgerColumn(_("Branch"), 18),
        LedgerColumn(_("Station"), 22),
        LedgerColumn(_("Grid"), 12),
        *(LedgerColumn(str(one.label), 10, "number", group=sources) for one in LearningRecord.Source),
        LedgerColumn(_("Hours in all"), 9, "number"),
        LedgerColumn(_("Hours of the rule"), 9, "number"),
        LedgerColumn(_("Remark"), 14),
    ]


def _learning_rows(asked: Asked) -> Iterator[list]:
    found = _learners(asked).order_by("name_key", "pk").iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        ids = [person.pk for person in chunk]
        sources, excused = by_source(ids, asked.filters["year"]), excused_among(ids, asked.day)
        grids = _grids(chunk)
        for person in chunk:
            held = sources.get(person.pk)
            parts = held.by_source if held else {}
            yield [
                person.full_name,
                person.home.name if person.home else "",
                person.station.name if person.station else "",
                grids.get(person.stay_path, ""),
                *(parts.get(one.value) for one in LearningRecord.Source),
                held.total if held else 0,
                None if person.pk in excused else person.target,
                _("Excused") if person.pk in excused else "",
            ]


def _grids(people: list) -> dict[str, str]:
    """The names of the grids that these people are in, by path."""
    paths = {person.stay_path for person in people}
    return dict(Unit.objects.filter(path__in=paths, kind=Unit.Kind.GRID).values_list("path", "name"))


def _compliance_columns() -> list[LedgerColumn]:
    roll = _("Roll")
    return [
        LedgerColumn(_("Unit"), 24),
        LedgerColumn(_("Kind"), 14),
        LedgerColumn(_("Months"), 9),
        LedgerColumn(_("Required"), 7, "number"),
        LedgerColumn(pgettext("occasion", "Held"), 7, "number"),
        LedgerColumn(_("Not held"), 7, "number"),
        LedgerColumn(pgettext("roll", "Expected"), 8, "number", group=roll),
        LedgerColumn(pgettext("roll", "Present"), 8, "number", group=roll),
        LedgerColumn(pgettext("roll", "On leave"), 8, "number", group=roll),
        LedgerColumn(pgettext("roll", "Absent"), 8, "number", group=roll),
        LedgerColumn(_("Remark"), 18),
    ]


def _compliance_size(asked: Asked) -> int:
    """A row for each kind and each of its periods in the year, for every unit that owes it."""
    units, year, known = list(_units(asked)), asked.filters["year"], {}
    full = full_members(units, year, asked.day)
    return sum(len(owed) for unit in units for _frequency, owed in required(unit, year, known, full))


def _compliance_rows(asked: Asked) -> Iterator[list]:
    for sheet in sheets(_units(asked), asked.filters["year"], asked.day):
        for kind, cells in sheet.lines:
            for cell in cells:
                months = f"{cell.period.first}" if cell.months == 1 else f"{cell.period.first}–{cell.period.last}"
                remark = _remark(sheet.unit, cell)
                roll = sheet.rolls(kind, cell.period)
                yield [
                    sheet.unit.name, str(kind.label), months, cell.required, cell.held, cell.gap,
                    roll.expected, roll.present, roll.on_leave, roll.absent, remark,
                ]  # fmt: skip


def _remark(unit: Unit, cell: Cell) -> str:
    """Why nothing is missing in a period yet, or nothing is asked."""
    if not stood_throughout(unit, cell.period):
        return _("not asked: the unit began or was closed")
    return "" if cell.is_over else _("not over yet")


def _items(asked: Asked) -> QuerySet[PlanItem]:
    return items_by(asked.unit, asked.filters["year"], asked.reach)


def _plan_columns() -> list[LedgerColumn]:
    return [
        LedgerColumn(_("Unit"), 20),
        LedgerColumn(_("Month"), 6, "number"),
        LedgerColumn(_("Kind"), 14),
        LedgerColumn(pgettext("audience", "For"), 14),
        LedgerColumn(_("Topic"), 30),
        LedgerColumn(_("Planned day"), 12, "date"),
        LedgerColumn(pgettext("occasion", "Led by"), 10),
        LedgerColumn(_("State"), 10),
        LedgerColumn(pgettext("occasion", "Held on"), 12, "date"),
        LedgerColumn(_("Remark"), 18),
    ]


def _plan_rows(asked: Asked) -> Iterator[list]:
    rows = with_occasions(_items(asked)).select_related("plan__unit", "grid")
    for row in rows.order_by("plan__unit_path", "month", "day", "kind", "pk").iterator(chunk_size=CHUNK):
        yield [
            row.plan.unit.name, row.month, str(row.get_kind_display()),
            row.grid.name if row.grid else row.group_title or _("everybody"), row.topic, row.day, row.lead,
            _state(row, asked), row.held_on if row.occasion_state == Occasion.State.HELD else None, row.drop_reason,
        ]  # fmt: skip


def _state(row: PlanItem, asked: Asked) -> str:
    """What became of an item: only what is over and was not held is missed."""
    if row.dropped_at is not None:
        return _("Dropped")
    if row.occasion_state == Occasion.State.HELD:
        return pgettext("occasion", "Held")
    if row.occasion:
        return _("roll open")
    return _("Not held") if due_day(row, row.plan.year) < asked.day else _("not held yet")


_SHAPES = {
    PLAN: (_plan_columns, _plan_rows),
    OCCASIONS: (_occasion_columns, _occasion_rows),
    LEARNING: (_learning_columns, _learning_rows),
    COMPLIANCE: (_compliance_columns, _compliance_rows),
}

for _kind in _SHAPES:
    large_ledgers.register(LedgerKind(_kind, Permission.EDUCATION_VIEW, size=size, ledger=ledger_of))
