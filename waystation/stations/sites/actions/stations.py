"""Writes on the register of stations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.organizations.actions import create_unit
from waystation.organizations.models import Unit
from waystation.stations.sites.actions.errors import StationRefused
from waystation.stations.sites.actions.hours import set_hours
from waystation.stations.sites.models import Station
from waystation.stations.sites.services import usual_services
from waystation.stations.sites.week import Week

EDITABLE = ("address", "phone", "other_phone", "hours_note", "services")


@transaction.atomic
def open_station(
    *,
    name: str,
    kind: str,
    parent: Unit,
    host_town: Unit,
    communities: Iterable[Unit] = (),
    address: str = "",
    phone: str = "",
    week: Week | None = None,
    opened_on: date | None = None,
    by,
    at: datetime,
) -> Station:
    """Open a station under the county (a county service centre) or the township that runs it.

    `opened_on` is its first day if that was before it is entered.

    Refuses a county centre that does not lie under a county, a township's station that does not
    lie under a town, and communities that are no communities (StationRefused).
    """
    _refuse_misplaced(kind, parent, host_town)
    unit = create_unit(name=name, kind=Unit.Kind.STATION, parent=parent, opened_on=opened_on, by=by, at=at)
    station = Station.objects.create(
        unit=unit,
        kind=kind,
        host_town=host_town,
        address=address,
        phone=phone,
        services="\n".join(usual_services()),
    )
    station.communities.set(_communities(communities))
    audit.record("station.opened", on=station, by=by, at=at, unit_path=unit.path, kind=kind)
    if week:
        set_hours(station, week, starts_on=timezone.localdate(at), by=by, at=at)
    return station


def _refuse_misplaced(kind: str, parent: Unit, host_town: Unit) -> None:
    wanted = {
        Station.Kind.COUNTY_CENTRE: Unit.Kind.COUNTY,
        Station.Kind.TOWNSHIP: Unit.Kind.TOWN,
    }[Station.Kind(kind)]
    if parent.kind != wanted:
        raise StationRefused(_("A county service centre lies under its county, a township's station under its town."))
    if host_town.kind != Unit.Kind.TOWN:
        raise StationRefused(_("The host town of a station is a town or a subdistrict."))


def _communities(units: Iterable[Unit]) -> list[Unit]:
    units = list(units)
    if any(unit.kind != Unit.Kind.VILLAGE for unit in units):
        raise StationRefused(_("A station serves communities and villages, nothing else."))
    return units


@transaction.atomic
def edit_station(
    station: Station,
    *,
    host_town: Unit,
    communities: Iterable[Unit],
    by,
    at: datetime,
    **facts: str,
) -> Station:
    """Bring the public facts of a station (EDITABLE) up to date; the audit event holds what each was before."""
    _refuse_misplaced(station.kind, station.unit.parent, host_town)
    fresh = Station.objects.select_for_update(of=("self",)).select_related("unit", "host_town").get(pk=station.pk)
    changes = {name: [getattr(fresh, name), facts[name]] for name in EDITABLE if getattr(fresh, name) != facts[name]}
    for name, (_before, after) in changes.items():
        setattr(fresh, name, after)
    if fresh.host_town_id != host_town.pk:
        changes["host_town"] = [fresh.host_town.name, host_town.name]
        fresh.host_town = host_town
    if changes:
        fresh.save(update_fields=list(changes))
    changes |= _serve(fresh, _communities(communities))
    if changes:
        audit.record(
            "station.edited", on=fresh, by=by, at=at, fields=changes, unit_path=fresh.unit.path, changes=changes
        )
    return fresh


def _serve(station: Station, wanted: list[Unit]) -> dict[str, list[str]]:
    """Let the station serve these communities; the names that went and those that came."""
    served = {unit.pk: unit.name for unit in station.communities.all()}
    new = {unit.pk: unit.name for unit in wanted}
    if served.keys() == new.keys():
        return {}
    station.communities.set(new)
    gone = sorted(name for pk, name in served.items() if pk not in new)
    come = sorted(name for pk, name in new.items() if pk not in served)
    return {"communities": ["、".join(gone), "、".join(come)]}
