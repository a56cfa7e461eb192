"""Units that a form or a filter names in words."""

from __future__ import annotations

from django.db.models import Q

from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.organizations.places import Places
from waystation.organizations.queries import ancestors, county_of

MOST_OPTIONS = 12


def full_name(unit: Unit) -> str:
    """The unit with the town it lies in, as people write it: 点头镇过笕党支部."""
    return _written(unit, {above.pk: above for above in ancestors(unit)})


def _written(unit: Unit, known: dict[int, Unit]) -> str:
    """Town and unit; a village between them is left out because the branch bears its name."""
    above = [known.get(int(part)) for part in unit.path.split(".") if part]
    town = next((one for one in above if one is not None and one.kind == Unit.Kind.TOWN), None)
    if town is None or town.pk == unit.pk:
        return unit.name
    return f"{town.name}{unit.name}"


def options(text: str, *, kinds: tuple[str, ...], within: Reach | Unit | None) -> list[str]:
    """Full names of open units whose name begins with the text, for a list of suggestions.

    The text may start with the town: 点头镇过, 过笕 and 点头 all lead to 点头镇过笕党支部.
    """
    text = text.strip()
    if not text:
        return []
    units = _scope(within).filter(kind__in=kinds).select_related("parent__parent")
    direct = units.filter(Q(name__startswith=text) | Q(short_name__startswith=text))
    found = list(direct.order_by("path")[:MOST_OPTIONS])
    if len(found) < MOST_OPTIONS:
        found += _under_a_town(text, units, {unit.pk for unit in found}, MOST_OPTIONS - len(found))
    known = {unit.pk: unit for unit in found}
    for unit in found:
        for above in (unit.parent, getattr(unit.parent, "parent", None)):
            if above is not None:
                known[above.pk] = above
    return [_written(unit, known) for unit in found]


def _under_a_town(text: str, units, seen: set[int], room: int) -> list[Unit]:
    """Units of the towns that the text begins with, or that begin with the text."""
    towns = [
        (town, text.removeprefix(town.name))
        for town in Unit.objects.active().filter(kind=Unit.Kind.TOWN)
        if text.startswith(town.name) or town.name.startswith(text)
    ]
    found: list[Unit] = []
    for town, rest in towns:
        below = units.under(town).exclude(pk__in=seen)
        if rest and rest != text:
            below = below.filter(Q(name__startswith=rest) | Q(short_name__startswith=rest))
        found += below.order_by("path")[: room - len(found)]
    return found[:room]


def _scope(within: Reach | Unit | None):
    units = Unit.objects.active()
    if within is None:
        return units
    return units.under(within) if isinstance(within, Unit) else units.within(within)


def counties(reach: Reach) -> list[Unit]:
    """The counties in which the units of the reach lie, or the city of a city's reach."""
    found: dict[int, Unit] = {}
    for unit in Unit.objects.filter(pk__in=reach.units):
        above = county_of(unit) or unit
        found.setdefault(above.pk, above)
    return list(found.values())


def branch_named(text: str, reach: Reach) -> Unit | None:
    """The branch that the text names in the counties of the reach, or what it lies in."""
    return _first(counties(reach), lambda places: places.branch(text))


def place_named(text: str, reach: Reach) -> Unit | None:
    """The village, community, town or county that the text names in the counties of the reach."""
    return _first(counties(reach), lambda places: places.place(text))


def _first(roots: list[Unit], ask) -> Unit | None:
    found = [unit for root in roots if (unit := ask(Places(root))) is not None]
    return max(found, key=lambda unit: unit.path.count("."), default=None)


def unit_named(text: str, reach: Reach, *, kinds: tuple[str, ...], anywhere: bool = False) -> Unit | None:
    """The unit of a filter: its number, its full name or the beginning of its name, in reach.

    With `anywhere` it may lie outside, such as the origin of members in care: in the counties of the reach
    first, else where the name is known at all. The tree is no secret, and the rows stay those in reach.
    """
    text = text.strip()
    units = (Unit.objects.all() if anywhere else Unit.objects.within(reach)).filter(kind__in=kinds)
    if text.isdigit():
        return units.filter(pk=int(text[:18])).first()
    if not text:
        return None
    same_name = units.filter(Q(name=text) | Q(short_name=text)).order_by("path")
    if anywhere:
        near = Q(pk__in=[])
        for county in counties(reach):
            near |= Q(pk__in=Unit.objects.under(county).values("pk"))
        exact = same_name.filter(near).first() or same_name.first()
    else:
        exact = same_name.first()
    if exact is not None:
        return exact
    named = branch_named(text, reach)
    return named if named is not None and named.kind in kinds and (anywhere or reach.covers(named.path)) else None


def stations_of(reach: Reach) -> list[Unit]:
    """The open stations of the counties in which the reach lies, in the order of the tree."""
    condition = Q(pk__in=[])
    for county in counties(reach):
        condition |= Q(pk__in=Unit.objects.under(county).values("pk"))
    stations = Unit.objects.active().filter(condition, kind=Unit.Kind.STATION)
    return list(stations.order_by("path"))


def own_units(reach: Reach) -> list[Unit]:
    """The very units in which the mandates of the reach are held."""
    return list(Unit.objects.filter(pk__in=reach.units).order_by("path"))
