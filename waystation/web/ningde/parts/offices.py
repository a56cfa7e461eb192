"""What the demonstration shows of how offices are reached: county, towns, a branch, the station. Invented."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from waystation.organizations.actions import set_contacts
from waystation.organizations.models import Unit, UnitContact

_OFFICES = {
    "350921": {
        "address": "霞浦县松城街道示例路1号（县委组织部）", "phone": "0593-0000301", "fax": "0593-0000302",
        "postcode": "355100", "contact_person": "谢明华",
    },
    "350921203": {
        "address": "霞浦县柏洋乡示例街8号（乡党委）", "phone": "0593-0000311", "fax": "0593-0000312",
        "postcode": "355100", "contact_person": "汤国华",
    },
    "350921202": {"address": "霞浦县崇儒畲族乡示例街6号（乡党委）", "phone": "0593-0000321", "postcode": "355100"},
}  # fmt: skip
_BRANCH, _OF_BRANCH = "350921203201", {"phone": "0593-0000313", "contact_person": "缪家旺"}
_OF_STATION = {"contact_person": "曾美华", "postcode": "355100"}


@transaction.atomic
def build(*, station: Unit, at: datetime) -> int:
    """Write what is not there yet; returns how many offices were written."""
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=_OFFICES)}
    plans = [(units[code], said) for code, said in _OFFICES.items() if code in units]
    plans.append((Unit.objects.get(kind=Unit.Kind.BRANCH, parent__code=_BRANCH), _OF_BRANCH))
    plans.append((station, _OF_STATION))
    known = set(UnitContact.objects.values_list("unit", flat=True))
    missing = [(unit, said) for unit, said in plans if unit.pk not in known]
    for unit, said in missing:
        set_contacts(unit, by=None, at=at, **said)
    return len(missing)
