"""Writes on stations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.organizations.actions import create_unit
from waystation.organizations.models import Unit
from waystation.stations.sites.models import Station

EDITABLE = ("address", "phone", "opening_hours")


class StationRefused(Exception):
    """The station cannot stand there or serve that; the sentence says why."""


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
    opening_hours: str = "",
    by,
    at: datetime,
) -> Station:
    """Open a station under the county (a county service centre) or the township that runs it.

    Refuses a county centre that does not lie under a county, a township's station that does not
    lie under a town, and communities that are no communities (StationRefused).
    """
    _refuse_misplaced(kind, parent, host_town)
    unit = create_unit(name=name, kind=Unit.Kind.STATION, parent=parent, by=by, at=at)
    station = Station.objects.create(
        unit=unit,
        kind=kind,
        host_town=host_town,
        address=address,
        phone=phone,
        opening_hours=opening_hours,
    )
    station.communities.set(_communities(communities))
    audit.record("station.opened", on=station, by=by, at=at, unit_path=unit.path, kind=kind)
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
    address: str,
    phone: str,
    opening_hours: str,
    by,
    at: datetime,
) -> Station:
    """Bring the public facts of a station up to date; the audit event names what changed."""
    _refuse_misplaced(station.kind, station.unit.parent, host_town)
    fresh = Station.objects.select_for_update().get(pk=station.pk)
    wanted = {"address": address, "phone": phone, "opening_hours": opening_hours}
    changed = [name for name in EDITABLE if getattr(fresh, name) != wanted[name]]
    for name in changed:
        setattr(fresh, name, wanted[name])
    if fresh.host_town_id != host_town.pk:
        fresh.host_town = host_town
        changed.append("host_town")
    if changed:
        fresh.save(update_fields=changed)
    served = _communities(communities)
    if {unit.pk for unit in served} != set(fresh.communities.values_list("pk", flat=True)):
        fresh.communities.set(served)
        changed.append("communities")
    if changed:
        path = fresh.unit.path
        audit.record("station.edited", on=fresh, by=by, at=at, fields=changed, unit_path=path)
    return fresh
