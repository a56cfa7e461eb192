"""What can stand on a desk: each item is a number, the rows behind it, and where they open.

An item asks exactly the query of the page that it leads to, so that the number on the desk and
the rows of that page cannot differ. All numbers of a desk are one question to the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from waystation.accounts.models import User
from waystation.kernel import dated
from waystation.kernel.models import Job
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stations.sites.models import Station
from waystation.stewardship.grids import queries as grids
from waystation.stewardship.people.queries import arrivals_by, departures_by, people_by
from waystation.stewardship.people.rules import VERIFY_DAYS
from waystation.stewardship.rosters.models import Import
from waystation.stewardship.rosters.queries.board import Tab, candidates_by
from waystation.stewardship.rosters.queries.imports import imports_by
from waystation.stewardship.rosters.queries.powers import ORIGIN, STATION, Powers
from waystation.web import audit_queries, job_queries, user_queries

P = Permission


@dataclass(frozen=True)
class Desk:
    """For whom a desk is laid, and when."""

    user: User
    now: datetime
    today: date

    def reach(self, permission: Permission) -> Reach:
        return Reach.of(self.user, permission)


@dataclass
class Item:
    """A number of the desk: `rows` behind it, the `url` that opens them, and those that are urgent.

    `is_task` items count something to be done; the others only say how things stand. An item that
    `hides` is left out while it is zero.
    """

    key: str
    label: str
    rows: QuerySet
    url: str
    urgent: QuerySet | None = None
    urgent_words: Callable[[int], str] | None = None
    urgent_url: str = ""
    is_task: bool = True
    hides: bool = False
    number: int = field(default=0, init=False)
    urgent_number: int = field(default=0, init=False)

    @property
    def tone(self) -> str:
        if not self.is_task:
            return ""
        if self.urgent_number:
            return "due"
        return "" if self.number else "done"

    @property
    def note(self) -> str:
        if self.urgent_number and self.urgent_words:
            return self.urgent_words(self.urgent_number)
        return _("nothing waits") if self.is_task and not self.number else ""


_makers: list[tuple[Permission, Callable[[Desk], Iterable[Item]]]] = []


def item(permission: Permission):
    """Register items for everybody who holds the permission somewhere."""

    def register(make):
        _makers.append((permission, make))
        return make

    return register


def items_of(desk: Desk) -> list[Item]:
    """The items of the user's desk with their numbers, in the order of this file."""
    found = [one for permission, make in _makers if desk.reach(permission) for one in make(desk)]
    _count(found)
    return [one for one in found if one.number or not one.hides]


class _Rows(Subquery):
    """How many rows a query has, as a part of another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def _count(items: list[Item]) -> None:
    """Fill in every number by one query, whatever the desk holds."""
    asked: dict[str, Any] = {}
    for one in items:
        for name, rows in (("number", one.rows), ("urgent_number", one.urgent)):
            if rows is not None:
                asked[f"{name}_{len(asked)}"] = (one, name, rows)
    if not asked:
        return
    columns = {alias: _Rows(rows.order_by().values("pk")) for alias, (_one, _name, rows) in asked.items()}
    # Any one row will do to hang the numbers on; whoever has a desk has a unit.
    answer = Unit.objects.order_by("pk").values(**columns)[:1].get()
    for alias, (one, name, _rows) in asked.items():
        setattr(one, name, answer[alias] or 0)  # a condition that nothing fulfils counts as NULL


def _url(name: str, **filters) -> str:
    query = f"?{urlencode(filters)}" if filters else ""
    return f"{reverse(name)}{query}"


# --- stations -------------------------------------------------------------------------------------


@item(P.ARRIVAL_VIEW)
def arrivals_to_verify(desk: Desk) -> Iterator[Item]:
    reach, days = desk.reach(P.ARRIVAL_VIEW), dated.value(VERIFY_DAYS, desk.today)
    yield Item(
        "arrivals",
        _("Arrivals to verify"),
        arrivals_by({"state": "pending"}, reach, now=desk.now, due_days=days),
        _url("people:arrival-list", state="pending"),
        urgent=arrivals_by({"due": True}, reach, now=desk.now, due_days=days),
        urgent_words=lambda n: _("%(n)d of them over %(days)d days") % {"n": n, "days": days},
        urgent_url=_url("people:arrival-list", due="on"),
        is_task=bool(desk.reach(P.ARRIVAL_REGISTER)),
    )


@item(P.MATCH_VIEW)
def pairs(desk: Desk) -> Iterator[Item]:
    """The board: pairs that wait for this side's yes, and rows that stand alone."""
    reach, side = desk.reach(P.MATCH_VIEW), Powers.of(desk.user).my_side
    if side:
        other = ORIGIN if side == STATION else STATION
        yield Item(
            "pairs-waiting",
            _("Confirmed by the other side, waiting for us"),
            candidates_by(Tab.MATCHED, {"confirmed": other}, reach),
            _url("rosters:board", tab=Tab.MATCHED, confirmed=other),
        )
    yield Item(
        "pairs-proposed",
        _("Proposed pairs nobody has confirmed"),
        candidates_by(Tab.MATCHED, {"confirmed": "nobody"}, reach),
        _url("rosters:board", tab=Tab.MATCHED, confirmed="nobody"),
        is_task=bool(side),
    )
    yield Item(
        "pairs-in-doubt",
        _("Pairs in doubt"),
        candidates_by(Tab.CONFLICTING, {}, reach),
        _url("rosters:board", tab=Tab.CONFLICTING),
        is_task=bool(side),
        hides=True,
    )
    lone = [
        (Tab.ONLY_DEPARTED, _("Only departed: to call"), STATION),
        (Tab.ONLY_ARRIVED, _("Only arrived: to ask the origin"), ORIGIN),
    ]
    words = {
        (Tab.ONLY_DEPARTED, ORIGIN): _("Departed, not reported at a station"),
        (Tab.ONLY_ARRIVED, ORIGIN): _("Reported at a station, no departure of ours"),
    }
    for tab, label, _whose in lone:
        yield Item(
            tab.value,
            words.get((tab, side), label),
            candidates_by(tab, {"followed": "no"}, reach),
            _url("rosters:board", tab=tab, followed="no"),
            is_task=bool(side),
            hides=True,
        )


@item(P.GRID_ASSIGN)
def without_grid(desk: Desk) -> Iterator[Item]:
    """One item for each station of the user, because the page shows one station."""
    reach = desk.reach(P.GRID_ASSIGN)
    stations = Unit.objects.within(reach).active().filter(kind=Unit.Kind.STATION)
    for station in stations.order_by("path")[:3]:
        yield Item(
            f"without-grid-{station.pk}",
            _("In care without a grid"),
            grids.unassigned(station),
            _url("grids:proposals", station=station.pk),
        )


@item(P.GRID_MANAGE)
def vacant_grids(desk: Desk) -> Iterator[Item]:
    yield Item(
        "vacant-grids",
        _("Grids without a leader"),
        grids.vacant(grids.in_use().within(desk.reach(P.GRID_VIEW)), desk.today),
        _url("grids:list", vacant="on"),
    )


@item(P.STATION_MANAGE)
def stations(desk: Desk) -> Iterator[Item]:
    """For the city, which answers for all of them; the register shows every station."""
    if "city_organiser" in desk.reach(P.STATION_MANAGE).roles:
        yield Item(
            "stations",
            _("Stations"),
            Station.objects.filter(unit__closed_on=None),
            _url("sites:list"),
            is_task=False,
        )


# --- origins --------------------------------------------------------------------------------------


@item(P.DEPARTURE_VIEW)
def departures_awaiting(desk: Desk) -> Iterator[Item]:
    yield Item(
        "departures",
        _("Departures awaiting arrival"),
        departures_by({"state": "pending"}, desk.reach(P.DEPARTURE_VIEW)),
        _url("people:departure-list", state="pending"),
        is_task=False,
    )


# --- both -----------------------------------------------------------------------------------------


@item(P.MATCH_VIEW)
def imports_to_commit(desk: Desk) -> Iterator[Item]:
    """Rosters that were checked and wait for somebody to say yes."""
    if not any(desk.reach(p) for p in (P.IMPORT_DEPARTURES, P.IMPORT_ARRIVALS)):
        return
    yield Item(
        "imports",
        _("Rosters waiting to be committed"),
        imports_by({"state": Import.State.CHECKED}, desk.reach(P.MATCH_VIEW)),
        _url("rosters:import-list", state=Import.State.CHECKED),
        hides=True,
    )


@item(P.PERSON_VIEW)
def in_care(desk: Desk) -> Iterator[Item]:
    yield Item(
        "in-care",
        _("Members in care"),
        people_by({"status": "care"}, desk.reach(P.PERSON_VIEW)),
        _url("people:list", status="care"),
        is_task=False,
    )


@item(P.JOB_VIEW)
def failed_jobs(desk: Desk) -> Iterator[Item]:
    rows = job_queries.visible(desk.user, desk.reach(P.JOB_VIEW))
    yield Item(
        "failed-jobs",
        _("Tasks that failed"),
        job_queries.filtered(rows, {"state": Job.State.FAILED}),
        _url("web:jobs", state=Job.State.FAILED),
        hides=True,
    )


# --- the three administrators ---------------------------------------------------------------------


@item(P.RULE_MANAGE)
def running_jobs(desk: Desk) -> Iterator[Item]:
    rows = job_queries.visible(desk.user, desk.reach(P.JOB_VIEW))
    yield Item(
        "jobs",
        _("Tasks waiting or running"),
        job_queries.filtered(rows, {"state": "unfinished"}),
        _url("web:jobs", state="unfinished"),
        is_task=False,
    )


@item(P.USER_MANAGE)
def users(desk: Desk) -> Iterator[Item]:
    labels = {
        "locked": _("Users locked out now"),
        "new": _("Waiting for the first sign-in"),
        "roleless": _("Users without a mandate"),
    }
    for state, label in labels.items():
        yield Item(
            f"users-{state}",
            label,
            user_queries.filtered({"state": state}, now=desk.now),
            _url("web:user-list", state=state),
            is_task=state != "new",
        )


@item(P.AUDIT_VIEW)
def audit(desk: Desk) -> Iterator[Item]:
    reach = desk.reach(P.AUDIT_VIEW)
    today, week = desk.today.isoformat(), (desk.today - timedelta(days=6)).isoformat()
    rows = audit_queries.visible(reach)
    kinds: list[tuple[str, str, dict, bool]] = [
        ("audit-today", _("Events today"), {"since": today}, False),
        ("audit-denied", _("Refused in seven days"), {"since": week, "result": "denied"}, True),
        ("audit-exports", _("Exports in seven days"), {"since": week, "verb": "exported"}, False),
        ("audit-reveals", _("Numbers shown in seven days"), {"since": week, "verb": "revealed"}, False),
    ]  # fmt: skip
    for key, label, filters, is_task in kinds:
        yield Item(
            key,
            label,
            audit_queries.filtered(rows, filters),
            _url("web:audit", **filters),
            is_task=is_task,
        )
