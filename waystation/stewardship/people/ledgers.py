"""The ledgers (台账) that offices hand up: mobile members, departures, arrivals.

A ledger shows no ID number and only masked phones, unless somebody with that right asks for them
and says what for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waystation.kernel import dated
from waystation.kernel.sealing import unseal
from waystation.kernel.sheets.ledgers import Ledger, LedgerColumn, write_ledger
from waystation.kernel.templatetags.ui import zh_date, zh_time
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stewardship.people import ledger_columns, ledger_offices, rules
from waystation.stewardship.people.models import Arrival, Departure, Person, Stay
from waystation.stewardship.people.queries import (
    arrivals_by,
    departures_by,
    movement,
    people_by,
    sight,
    with_states,
)
from waystation.stewardship.people.queries.lists import SEALED_COLUMNS

MEMBERS, DEPARTURES, ARRIVALS = "members", "departures", "arrivals"
CHUNK = 500


@dataclass(frozen=True)
class Order:
    """A ledger that somebody asks for: which, for which filters and reach, with numbers or not."""

    kind: str
    filters: dict
    reach: Reach
    user: object
    unit: Unit
    with_numbers: bool = False

    def rows(self) -> QuerySet:
        """The rows of the ledger, in the order of the list."""
        if self.kind == DEPARTURES:
            rows = departures_by(self.filters, self.reach)
        elif self.kind == ARRIVALS:
            now = timezone.now()
            days = dated.value(rules.VERIFY_DAYS, timezone.localdate())
            rows = arrivals_by(self.filters, self.reach, now=now, due_days=days)
        else:
            rows = people_by(self.filters, self.reach)
        if self.with_numbers:
            hidden = [name for name in SEALED_COLUMNS if name not in ("id_number", "phone")]
            own = {field.name for field in rows.model._meta.concrete_fields}
            rows = rows.defer(None).defer(*(name for name in hidden if name in own))
        return rows.order_by("name_key", "pk")

    def sees(self, person) -> bool:
        """Whether whoever takes the ledger answers for the person, not only helps."""
        return sight(self.user, person, self.reach).numbers


def write(stream: BinaryIO, order: Order, *, at: datetime, beat=None) -> int:
    """Write the ledger and return how many people it holds. `beat(done)` is told of progress."""
    columns, cells = _SHAPES[order.kind]
    columns = [*columns(), *(_number_columns() if order.with_numbers else [])]
    ledger = Ledger(
        title=title(order),
        columns=columns,
        rows=_numbered(cells(order), beat),
        unit=_("Unit: %(unit)s") % {"unit": order.unit.name},
        day=_("Date: %(day)s") % {"day": zh_date(timezone.localdate(at))},
        watermark=_("Taken by %(name)s, %(at)s") % {"name": order.user, "at": zh_time(at)},
    )
    return write_ledger(stream, ledger)


def title(order: Order) -> str:
    """The title row, such as 福鼎市流动党员台账."""
    titles = {
        MEMBERS: _("Ledger of mobile members, %(unit)s"),
        DEPARTURES: _("Ledger of departed members, %(unit)s"),
        ARRIVALS: _("Ledger of arrived members, %(unit)s"),
    }
    return titles[order.kind] % {"unit": order.unit.short_name or order.unit.name}


def file_name(order: Order, *, at: datetime) -> str:
    """The name of the file."""
    return f"{title(order)}-{timezone.localdate(at):%Y%m%d}.xlsx"


def _numbered(rows: Iterable[list], beat) -> Iterator[list]:
    for number, row in enumerate(rows, start=1):
        if beat is not None and number % CHUNK == 0:
            beat(number)
        yield [number, *row]


def _chunks(rows: QuerySet) -> Iterator[list]:
    found = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        yield chunk


def _person_columns() -> list[LedgerColumn]:
    return [
        LedgerColumn(_("No."), 6, "number"),
        LedgerColumn(_("Name"), 10),
        LedgerColumn(_("Sex"), 6),
        LedgerColumn(_("Nation"), 8),
        LedgerColumn(_("Born"), 11),
        LedgerColumn(_("Kind of member"), 11),
        LedgerColumn(_("Joined the Party"), 11),
    ]


def _number_columns() -> list[LedgerColumn]:
    return [LedgerColumn(_("ID number"), 21), LedgerColumn(_("Phone (whole)"), 14)]


def _person_cells(row) -> list:
    return [
        row.full_name,
        row.get_sex_display() if row.sex else "",
        row.nation,
        row.born,
        row.get_member_kind_display() if row.member_kind else "",
        row.joined,
    ]


def _numbers(order: Order, row, shows: bool = True) -> list:
    if not order.with_numbers:
        return []
    if not shows:
        return ["", ""]
    return [unseal(row, "id_number") or "", unseal(row, "phone") or ""]


def _member_columns() -> list[LedgerColumn]:
    origin, station = _("Origin"), _("Station and destination")
    return [
        *_person_columns(),
        LedgerColumn(_("Branch"), 18, group=origin),
        LedgerColumn(_("Left on"), 11, group=origin),
        LedgerColumn(_("Reason for leaving"), 12, group=origin),
        LedgerColumn(_("Station"), 20, group=station),
        LedgerColumn(_("Grid"), 12, group=station),
        LedgerColumn(_("Community"), 18, group=station),
        LedgerColumn(_("In care since"), 11, "date", group=station),
        LedgerColumn(_("Trade"), 12),
        LedgerColumn(_("Phone"), 14),
        LedgerColumn(_("Party status"), 10),
        *ledger_columns.columns(),
        LedgerColumn(_("State"), 10),
    ]


def _member_cells(order: Order) -> Iterator[list]:
    untold = [""] * len(ledger_columns.columns())
    for chunk in _chunks(order.rows()):
        ids = [person.pk for person in chunk]
        departures = {
            row.person_id: row
            for row in Departure.objects.filter(person__in=ids)
            .only("person_id", "left", "reason", "created_at")
            .order_by("created_at")
        }
        starts = dict(Stay.objects.open().filter(person__in=ids).values_list("person", "starts_on"))
        rows = with_states(chunk, order.sees)
        told = ledger_columns.cells([row.person for row in rows if row.shows_numbers])
        for shown in rows:
            person = shown.person
            departure = departures.get(person.pk)
            yield [
                *_person_cells(person),
                person.home.name if person.home else "",
                departure.left if departure else "",
                departure.reason if departure else "",
                person.station.name if person.station else "",
                shown.place if person.station and shown.place != person.station.name else "",
                person.destination.name if person.destination else "",
                starts.get(person.pk),
                person.trade,
                person.phone_mask if shown.shows_numbers else "",
                str(person.get_party_status_display()),
                *told.get(person.pk, untold),
                str(shown.status.label),
                *_numbers(order, person, shown.shows_numbers),
            ]


def _departure_columns() -> list[LedgerColumn]:
    return [
        *_person_columns(),
        *ledger_offices.origin_columns(),
        LedgerColumn(_("Left on"), 11),
        LedgerColumn(_("Expected back"), 11),
        LedgerColumn(_("Reason for leaving"), 14),
        LedgerColumn(_("Trade"), 12),
        LedgerColumn(_("Kind of place gone to"), 14),
        LedgerColumn(_("Range of the movement"), 14),
        LedgerColumn(_("Destination"), 22),
        *ledger_offices.destination_columns(),
        LedgerColumn(pgettext("ledger", "Arrived on"), 11, "date"),
        LedgerColumn(pgettext("ledger", "Holds an activity card"), 12),
        LedgerColumn(_("Activity card no."), 12),
        LedgerColumn(pgettext("ledger", "Dues paid to"), 11),
        LedgerColumn(_("Phone"), 14),
        LedgerColumn(_("Kind"), 10),
        LedgerColumn(_("State"), 10),
        LedgerColumn(pgettext("ledger", "Returned on"), 11, "date"),
        LedgerColumn(pgettext("ledger", "Reason of refusal or cancellation"), 16),
        LedgerColumn(_("Remark"), 16),
    ]


def _starts(register: str, rows: list) -> dict[object, date]:
    """When the stay began that followed from each row of the register, the last one of several. One opened by
    mistake was none."""
    stays = Stay.objects.filter(**{f"{register}__in": rows}).exclude(ending=Stay.Ending.MISTAKEN)
    return dict(stays.order_by("starts_on", "opened_at").values_list(register, "starts_on"))


def _cards(rows: list[Departure]) -> dict[object, str]:
    """The number of the activity card by the key of each row that is known to have one: what the origin wrote, or, of
    whoever is away still, what the file says."""
    away = [row.person_id for row in rows if row.state in Departure.OPEN and not row.card_no]
    on_file = dict(Person.objects.filter(pk__in=away).exclude(card_no="").values_list("pk", "card_no"))
    numbers = {row.pk: row.card_no or on_file.get(row.person_id, "") for row in rows}
    return {pk: number for pk, number in numbers.items() if number}


def _departure_cells(order: Order) -> Iterator[list]:
    state, offices = Departure.State, ledger_offices.Offices()
    for chunk in _chunks(order.rows()):
        starts, cards, ranges = _starts("departure", chunk), _cards(chunk), movement.ranges_of(chunk)
        offices.learn(unit for row in chunk for unit in (row.origin, row.station))
        for row in chunk:
            yield [
                *_person_cells(row),
                *offices.cells(row.origin),
                row.left,
                row.expected_back,
                row.reason,
                row.trade,
                str(row.get_place_kind_display()),
                movement.in_words(ranges[row.pk]),
                row.destination_text or (row.destination.name if row.destination else ""),
                *offices.cells(row.station, _("Outside the area")),
                starts.get(row.pk),
                pgettext("answer", "Yes") if row.pk in cards else pgettext("answer", "No"),
                cards.get(row.pk, ""),
                row.dues_paid_to,
                row.phone_mask,
                str(row.get_kind_display()),
                str(row.get_state_display()),
                timezone.localdate(row.closed_at) if row.state == state.RETURNED else None,
                row.closing_reason if row.state in (state.REFUSED, state.CANCELLED) else "",
                row.remark,
                *_numbers(order, row),
            ]


def _arrival_columns() -> list[LedgerColumn]:
    return [
        *_person_columns(),
        *ledger_offices.origin_columns(),
        *ledger_offices.destination_columns(),
        LedgerColumn(_("Community"), 18),
        LedgerColumn(_("Range of the movement"), 14),
        LedgerColumn(_("Registered on"), 11),
        LedgerColumn(pgettext("ledger", "Care began on"), 11, "date"),
        LedgerColumn(_("Trade"), 12),
        LedgerColumn(_("Phone"), 14),
        LedgerColumn(_("Channel"), 10),
        LedgerColumn(_("State"), 10),
        LedgerColumn(pgettext("ledger", "Reason of refusal"), 16),
        LedgerColumn(_("Remark"), 16),
    ]


def _arrival_cells(order: Order) -> Iterator[list]:
    offices = ledger_offices.Offices()
    for chunk in _chunks(order.rows()):
        starts, ranges = _starts("arrival", chunk), movement.ranges_of(chunk)
        offices.learn(unit for row in chunk for unit in (row.home, row.station))
        for row in chunk:
            yield [
                *_person_cells(row),
                *offices.cells(row.home, row.home_text),
                *offices.cells(row.station),
                row.destination.name if row.destination else row.destination_text,
                movement.in_words(ranges[row.pk]),
                row.registered or timezone.localdate(row.created_at).isoformat(),
                starts.get(row.pk),
                row.trade,
                row.phone_mask,
                str(row.get_channel_display()),
                str(row.get_state_display()),
                row.closing_reason if row.state == Arrival.State.REFUSED else "",
                row.remark,
                *_numbers(order, row),
            ]


_SHAPES = {
    MEMBERS: (_member_columns, _member_cells),
    DEPARTURES: (_departure_columns, _departure_cells),
    ARRIVALS: (_arrival_columns, _arrival_cells),
}
