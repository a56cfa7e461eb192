"""Questions about the tree that several pages ask."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Length

from waystation.organizations.access import Reach
from waystation.organizations.models import Mandate, Unit


def ancestors(unit: Unit) -> list[Unit]:
    """The units above `unit` and itself, from the root down; the breadcrumb of every page."""
    ids = [int(part) for part in unit.path.split(".") if part]
    found = Unit.objects.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def county_of(unit: Unit) -> Unit | None:
    """The county a unit lies in (or is)."""
    return next((above for above in ancestors(unit) if above.kind == Unit.Kind.COUNTY), None)


def committee_of(unit: Unit) -> Unit | None:
    """The grass-roots committee (基层党委) over a branch: its town, or the county where no town lies between."""
    kinds = (Unit.Kind.TOWN, Unit.Kind.COUNTY)
    return next((above for above in reversed(ancestors(unit)) if above.kind in kinds), None)


def holders(unit: Unit, role: str, day) -> list[Mandate]:
    """Who holds the role in this very unit on the day."""
    return list(Mandate.objects.in_force(day).filter(unit=unit, role=role).select_related("user"))


SEPARATOR = " › "
MOST_NAMED = 12


def full_names(units: Iterable[Unit]) -> dict[int, str]:
    """Each unit with everything above it, from the county down: 福鼎市 › 叠石乡 › 竹阳党支部."""
    units = list(units)
    ids = {int(part) for unit in units for part in unit.path.split(".") if part}
    known = dict(Unit.objects.filter(pk__in=ids).values_list("pk", "name"))
    return {unit.pk: _written(unit, known) for unit in units}


def _written(unit: Unit, known: dict[int, str]) -> str:
    parts = [int(part) for part in unit.path.split(".") if part]
    # Only the city itself is written with the city: everybody here lies in it.
    return SEPARATOR.join(known.get(pk, "?") for pk in parts[1:] or parts)


def units_named(text: str, reach: Reach, *, kinds: Iterable[str] = ()) -> list[Unit]:
    """Open units in reach whose name begins with the text, at most twelve, the highest first.

    The text may be a whole chain of names, as `full_names` writes it; then only its last unit is
    meant.
    """
    parts = [part.strip() for part in text.split(SEPARATOR.strip()) if part.strip()]
    if not parts:
        return []
    units = Unit.objects.within(reach).active()
    if kinds:
        units = units.filter(kind__in=list(kinds))
    wanted = Q(name__startswith=parts[-1]) | Q(short_name__startswith=parts[-1])
    found = list(units.filter(wanted).order_by(Length("path"), "path")[: MOST_NAMED * 4])
    if len(parts) > 1:
        names = full_names(found)
        found = [unit for unit in found if names[unit.pk].endswith(SEPARATOR.join(parts))]
    exact = [unit for unit in found if parts[-1] in (unit.name, unit.short_name)]
    rest = [unit for unit in found if unit not in exact]
    return [*exact, *rest][:MOST_NAMED]


def with_counts(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """The units with `below`: how many open units lie directly under each."""
    return units.annotate(below=Count("children", filter=Q(children__closed_on=None)))


def tops(reach: Reach) -> QuerySet[Unit]:
    """The units where the reach begins: the roots of the part of the tree that the user sees."""
    return Unit.objects.filter(path__in=[*reach.paths, *reach.exact])
