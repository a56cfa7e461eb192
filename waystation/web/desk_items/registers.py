"""Arrivals, departures, the board, rosters and members in care, as a desk counts them."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waystation.kernel import dated
from waystation.organizations.permissions import Permission
from waystation.stations.sites.models import Station
from waystation.stewardship.grids import queries as grids
from waystation.stewardship.grids.rules import TERM_NOTICE_DAYS
from waystation.stewardship.people.queries import (
    arrivals_by,
    departure_pieces,
    people_pieces,
)
from waystation.stewardship.people.rules import VERIFY_DAYS
from waystation.stewardship.rosters.models import Import
from waystation.stewardship.rosters.queries.board import Tab, candidates_by
from waystation.stewardship.rosters.queries.imports import imports_by
from waystation.stewardship.rosters.queries.powers import ORIGIN, STATION, Powers
from waystation.web.desk_items.core import Desk, Item, item, url_of

P = Permission


# --- stations -------------------------------------------------------------------------------------


@item(P.ARRIVAL_VIEW, of_the_moment=True)
def arrivals_to_verify(desk: Desk) -> Iterator[Item]:
    reach, days = desk.reach(P.ARRIVAL_VIEW), dated.value(VERIFY_DAYS, desk.today)
    yield Item(
        "arrivals",
        _("Arrivals to verify"),
        arrivals_by({"state": "pending"}, reach, now=desk.now, due_days=days),
        url_of("people:arrival-list", state="pending"),
        urgent=arrivals_by({"due": True}, reach, now=desk.now, due_days=days),
        urgent_words=lambda n: _("%(n)s of them over %(days)d days") % {"n": n, "days": days},
        urgent_url=url_of("people:arrival-list", due="on"),
        is_task=bool(desk.reach(P.ARRIVAL_REGISTER)),
        button=pgettext("button", "Verify"),
        order=1,
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
            url_of("rosters:board", tab=Tab.MATCHED, confirmed=other),
            button=pgettext("button", "Compare"),
            order=0,
        )
    yield Item(
        "pairs-proposed",
        _("Proposed pairs nobody has confirmed"),
        candidates_by(Tab.MATCHED, {"confirmed": "nobody"}, reach),
        url_of("rosters:board", tab=Tab.MATCHED, confirmed="nobody"),
        is_task=bool(side),
        button=pgettext("button", "Compare"),
    )
    yield Item(
        "pairs-in-doubt",
        _("Pairs in doubt"),
        candidates_by(Tab.CONFLICTING, {}, reach),
        url_of("rosters:board", tab=Tab.CONFLICTING),
        is_task=bool(side),
        button=pgettext("button", "Compare"),
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
            url_of("rosters:board", tab=tab, followed="no"),
            is_task=bool(side),
            button=pgettext("button", "Follow up"),
            hides=True,
        )


@item(P.GRID_ASSIGN)
def without_grid(desk: Desk) -> Iterator[Item]:
    """One item for each station of the user, because the page shows one station."""
    for station in desk.stations(P.GRID_ASSIGN)[:3]:
        yield Item(
            f"without-grid-{station.pk}",
            _("In care without a grid"),
            grids.unassigned(station),
            url_of("grids:proposals", station=station.pk),
            button=pgettext("button", "Assign"),
        )


@item(P.GRID_MANAGE)
def vacant_grids(desk: Desk) -> Iterator[Item]:
    yield Item(
        "vacant-grids",
        _("Grids without a leader"),
        grids.vacant(grids.in_use().within(desk.reach(P.GRID_VIEW)), desk.today),
        url_of("grids:list", vacant="on"),
        button=pgettext("button", "Name a leader"),
    )
    notice = dated.value(TERM_NOTICE_DAYS, desk.today)
    yield Item(
        "ending-grids",
        _("Grid leaders whose term ends soon"),
        grids.grids_by({"ending": True}, desk.reach(P.GRID_VIEW), day=desk.today, notice_days=notice),
        url_of("grids:list", ending="on"),
        button=pgettext("button", "Name a leader"),
        hides=True,
    )


@item(P.STATION_MANAGE)
def stations(desk: Desk) -> Iterator[Item]:
    """For the city, which answers for all of them; the register shows every station."""
    if "city_organiser" in desk.reach(P.STATION_MANAGE).roles:
        yield Item(
            "stations",
            _("Stations"),
            Station.objects.filter(unit__closed_on=None),
            url_of("sites:list"),
            is_task=False,
        )


# --- origins --------------------------------------------------------------------------------------


@item(P.DEPARTURE_VIEW)
def departures_awaiting(desk: Desk) -> Iterator[Item]:
    yield Item(
        "departures",
        _("Departures awaiting arrival"),
        departure_pieces({"state": "pending"}, desk.reach(P.DEPARTURE_VIEW)),
        url_of("people:departure-list", state="pending"),
        is_task=False,
        whole=True,
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
        url_of("rosters:import-list", state=Import.State.CHECKED),
        button=pgettext("button", "Look and commit"),
        order=3,
        hides=True,
    )


@item(P.PERSON_VIEW)
def in_care(desk: Desk) -> Iterator[Item]:
    yield Item(
        "in-care",
        _("Members in care"),
        people_pieces({"status": "care"}, desk.reach(P.PERSON_VIEW)),
        url_of("people:list", status="care"),
        is_task=False,
        whole=True,
    )
