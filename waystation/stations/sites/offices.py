"""How a station is reached: its address and telephones, which the register of stations keeps."""

from __future__ import annotations

from collections.abc import Collection

from waystation.organizations import offices
from waystation.organizations.models import Unit
from waystation.stations.sites.models import Station


def _read(keys: Collection[int]) -> dict[int, dict[str, str]]:
    stations = Station.objects.in_use().filter(pk__in=keys).only("address", "phone", "other_phone")
    return {row.pk: {"address": row.address, "phone": "、".join(row.phones)} for row in stations}


offices.register(offices.Keeper(Unit.Kind.STATION.value, frozenset({"address", "phone"}), _read))
