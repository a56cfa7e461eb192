"""How many people stations cover, each person once.

The people live in apps above. Each of them registers a source: rows of a station and the key of a person. A
person whom several sources name, or one source names in several rows, is one person of a station; and of a
county or the city, too, whatever stations have them in their books.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, UUIDField
from django.utils.functional import Promise

from waystation.kernel.counting import LARGE, Lately
from waystation.organizations.models import Unit


@dataclass(frozen=True)
class Source:
    """Where people come from: `rows(stations)` are pairs of station and person, `values_list` of two columns.

    The columns are named `station_id` or the like and `person`. `opens(station)` is the address of the source's
    own list, where it has one.
    """

    key: str
    title: str | Promise
    rows: Callable[[list[int]], QuerySet]
    opens: Callable[[int], str] | None = None


SOURCES: dict[str, Source] = {}
_namers: list[Callable] = []


def register(key: str, title: str | Promise, *, opens: Callable[[int], str] | None = None) -> Callable:
    """Let `rows(station ids)` say which people a station covers, and why (`title`)."""

    def keep(rows: Callable[[list[int]], QuerySet]) -> Callable:
        SOURCES[key] = Source(key, title, rows, opens)
        return rows

    return keep


def names_people(name: Callable) -> Callable:
    """Let `name(keys, user) -> {key: Named}` name those of the people whom the user may see."""
    _namers[:] = [name]
    return name


@dataclass(frozen=True)
class Named:
    """A person as a list of coverage shows them to somebody who may see them."""

    name: str
    note: str
    url: str


def _union(stations: list[int], sources: Iterable[Source]) -> tuple[str, tuple]:
    """All pairs of station and person as one query, each pair once."""
    parts: list[str] = []
    params: list = []
    for source in sources:
        try:
            sql, given = source.rows(stations).order_by().query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT DISTINCT * FROM ({sql}) AS pairs")  # noqa: S608 - what the ORM wrote
        params += given
    return " UNION ".join(parts), tuple(params)


def _asked(
    stations: Iterable[int], select: str, more: tuple = (), sources: Iterable[Source] | None = None
) -> list[tuple]:
    """What `select` finds among the pairs of the sources (all of them); it reads them as `covered`, with the
    columns `station` and `person`."""
    ids = list(stations)
    union, params = _union(ids, SOURCES.values() if sources is None else sources) if ids else ("", ())
    if not union:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"WITH covered (station, person) AS ({union}) {select}", (*params, *more))
        return cursor.fetchall()


_lately = Lately()
_TOTAL = 0  # no unit has this number
_BY_STATION_AND_ALL = (
    "SELECT station, COUNT(*) FROM covered GROUP BY station"
    " UNION ALL SELECT %s, COUNT(*) FROM (SELECT DISTINCT person FROM covered) people"
)


def _counts(stations: Iterable[int]) -> dict[int, int]:
    """People by station, and of all these stations together under `_TOTAL`; the pairs are found once."""
    ids = tuple(stations)
    found = _lately.get(ids)
    if found is None:
        found = dict(_asked(ids, _BY_STATION_AND_ALL, (_TOTAL,)))
        if sum(found.values()) > LARGE:
            _lately.keep(ids, found)
    return found


def covered(stations: Iterable[int]) -> dict[int, int]:
    """People by station; zero where nobody is."""
    ids = list(stations)
    return dict.fromkeys(ids, 0) | {key: count for key, count in _counts(ids).items() if key != _TOTAL}


def people_in_all(stations: Iterable[int]) -> int:
    """People of all these stations together: fewer than the sum where somebody is in two of them."""
    return _counts(stations).get(_TOTAL, 0)


def by_county(stations: Iterable[int]) -> dict[int, int]:
    """People by county, each once in a county whatever stations of it have them."""
    unit = connection.ops.quote_name(Unit._meta.db_table)
    select = (
        "SELECT CASE WHEN above.kind = %s THEN above.id ELSE above.parent_id END, COUNT(DISTINCT person) "  # noqa: S608
        f"FROM covered JOIN {unit} own ON own.id = covered.station JOIN {unit} above ON above.id = own.parent_id "
        "GROUP BY CASE WHEN above.kind = %s THEN above.id ELSE above.parent_id END"
    )
    return dict(_asked(stations, select, (Unit.Kind.COUNTY.value, Unit.Kind.COUNTY.value)))


def by_source(stations: Iterable[int]) -> dict[str, int]:
    """People of all these stations by source; somebody whom two sources name counts in both."""
    ids = list(stations)
    select = "SELECT COUNT(DISTINCT person) FROM covered"
    return {key: sum(count for (count,) in _asked(ids, select, sources=[source])) for key, source in SOURCES.items()}


def page(stations: Iterable[int], *, after: UUID | None, size: int) -> tuple[list[UUID], bool]:
    """The keys of the people behind the number, each once, and whether more follow."""
    key = UUIDField()
    where = "" if after is None else "WHERE person > %s "
    params = () if after is None else (key.get_db_prep_value(after, connection),)
    select = f"SELECT DISTINCT person FROM covered {where}ORDER BY person LIMIT %s"  # noqa: S608 - only %s
    rows = _asked(stations, select, (*params, size + 1))
    keys = [found if isinstance(found, UUID) else UUID(found) for (found,) in rows]
    return keys[:size], len(keys) > size


def named(keys: list[UUID], user) -> dict[UUID, Named]:
    """Those of the people whom the user may see, as they are shown."""
    return {key: one for name in _namers for key, one in name(keys, user).items()}
