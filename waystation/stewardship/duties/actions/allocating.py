"""The first allocation of every duty, one stay at a time or a million at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db import connection, transaction

from waystation.kernel import audit, dated
from waystation.stewardship.duties.models import Duty
from waystation.stewardship.duties.queries import default_unit
from waystation.stewardship.duties.rules import Party, key_of
from waystation.stewardship.people.models import Stay


@transaction.atomic
def open_sheet(stay: Stay, *, at: datetime) -> list[Duty]:
    """A stay opened: give every duty to the unit that the rules of its first day name."""
    rows = []
    for kind in Duty.Kind.values:
        unit = default_unit(stay, kind)
        rows.append(
            Duty(
                stay=stay, kind=kind, unit=unit, unit_path=unit.path, starts_on=stay.starts_on, took_effect_at=at
            )
        )  # fmt: skip
    return Duty.objects.bulk_create(rows)


@transaction.atomic
def allocate_missing(*, by, at: datetime) -> int:
    """Open the sheet of every stay that has none, with the same outcome as `open_sheet`; returns how many rows.

    One statement a duty, period of its rule and party: a million stays take minutes, not hours.
    """
    made = 0
    for kind in Duty.Kind.values:
        for party, begins, ends in _periods(key_of(kind)):
            made += _insert(kind, party, begins, ends, at)
    if made:
        audit.record("duties.allocated", by=by, at=at, rows=made)
    return made


def _periods(key: str) -> Iterator[tuple[str, date | None, date | None]]:
    """What the rule says in each stretch of time, from the first to the last day there may be."""
    default, edge = dated.rule(key).default, None
    for setting in sorted(dated.periods(key), key=lambda setting: setting.starts_on):
        if edge is None or edge < setting.starts_on:
            yield default, edge, setting.starts_on
        yield dated.rule(key).parse(setting.value), setting.starts_on, setting.ends_on
        edge = setting.ends_on
        if edge is None:
            return
    yield default, edge, None


_UNIT = {
    Party.ORIGIN: "COALESCE(person.home_id, departure.origin_id)",
    Party.STATION: "stay.station_id",
    Party.DESTINATION: "COALESCE(stay.destination_id, stay.station_id)",
}
_ALLOCATE = """
INSERT INTO duties_duty (stay_id, kind, unit_id, unit_path, starts_on, took_effect_at)
SELECT stay.id, %s, unit.id, unit.path, stay.starts_on, %s
FROM people_stay stay
JOIN people_person person ON person.id = stay.person_id
JOIN people_departure departure ON departure.id = stay.departure_id
JOIN organizations_unit unit ON unit.id = {unit}
WHERE NOT EXISTS (SELECT 1 FROM duties_duty held WHERE held.stay_id = stay.id AND held.kind = %s)
AND stay.starts_on >= %s AND stay.starts_on < %s
"""


def _insert(kind: str, party: str, begins: date | None, ends: date | None, at: datetime) -> int:
    adapt = connection.ops.adapt_datefield_value
    bounds = [adapt(begins or date.min), adapt(ends or date.max)]
    moment = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.execute(_ALLOCATE.format(unit=_UNIT[Party(party)]), [kind, moment, kind, *bounds])
        return cursor.rowcount
