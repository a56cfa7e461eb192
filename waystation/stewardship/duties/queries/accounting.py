"""Which unit answers for which duty of a stay, on any day, for one stay or for a list of them."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from waystation.kernel import dated
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.organizations.queries import ancestors
from waystation.stewardship.duties import rules
from waystation.stewardship.duties.models import Duty
from waystation.stewardship.people.models import Stay


def accountable(stay: Stay, kind: str, day: date) -> Unit:
    """The unit that answers for a kind of duty of a stay on a day: dues, life, talk, education, appraisal,
    service, contact.

    The kinds are those topics of `OpenItem` that a duty sheet has. Before and after the stay it is the origin.
    """
    kind = Duty.Kind(kind)
    if day < stay.starts_on or (stay.ends_on is not None and day >= stay.ends_on):
        return origin_of(stay)
    return holder_on(stay, kind, day)


def holder_on(stay: Stay, kind: str, day: date) -> Unit:
    """The unit of the sheet on a day, whether or not the stay lasts that long.

    A stay that was written past its action has no sheet until the next round; the rule of its first day
    says then what the sheet will say.
    """
    rows = Duty.objects.filter(stay=stay, kind=kind, starts_on__lte=max(day, stay.starts_on))
    row = rows.select_related("unit").order_by("-starts_on").first()
    return row.unit if row is not None else default_unit(stay, kind)


def default_unit(stay: Stay, kind: str) -> Unit:
    """The unit that the rule of the stay's first day gives the duty to."""
    party = dated.value(rules.key_of(kind), stay.starts_on)
    if party == rules.Party.ORIGIN:
        return origin_of(stay)
    if party == rules.Party.DESTINATION and stay.destination_id is not None:
        return stay.destination
    return stay.station


def origin_of(stay: Stay) -> Unit:
    """The branch with which the member's formal relation is, else whoever registered the departure."""
    return stay.person.home or stay.departure.origin


def parties(stay: Stay) -> list[tuple[str, Unit]]:
    """Who may answer for duties of the stay, each with its part: the origin and the township above it, the
    station, the destination and the town above it."""
    origin = origin_of(stay)
    found = [(rules.Party.ORIGIN, origin), *_above(rules.Party.ORIGIN, origin)]
    found.append((rules.Party.STATION, stay.station))
    if stay.destination is not None:
        found += [
            (rules.Party.DESTINATION, stay.destination),
            *_above(rules.Party.DESTINATION, stay.destination),
        ]
    seen: set[int] = set()
    return [(part, unit) for part, unit in found if not (unit.pk in seen or seen.add(unit.pk))]


def _above(part: str, unit: Unit) -> list[tuple[str, Unit]]:
    return [(part, above) for above in ancestors(unit)[:-1] if above.kind == Unit.Kind.TOWN]


# --- for lists ------------------------------------------------------------------------------------


def accountable_id(kind: str, day: date, stay: str = "pk", *, column: str = "unit") -> Subquery:
    """The accountable unit of each row that names a stay in the column `stay`, as an expression.

    `column` may also be "unit_path" or "unit__name". One probe of an index a row.
    """
    rows = Duty.objects.filter(stay=OuterRef(stay), kind=Duty.Kind(kind), starts_on__lte=day)
    return Subquery(rows.order_by("-starts_on").values(column)[:1])


def with_accountable(stays: QuerySet[Stay], kind: str, day: date) -> QuerySet[Stay]:
    """The stays with `accountable_id`, the unit that answers for the duty on the day."""
    return stays.annotate(accountable_id=accountable_id(kind, day))


def is_answered_within(reach: Reach, kind: str, day: date, stay: str = "pk") -> Exists:
    """A condition on rows that name a stay: a unit in reach answers for the duty on the day."""
    rows = Duty.objects.on(day).filter(reach.path_q("unit_path"), kind=Duty.Kind(kind), stay=OuterRef(stay))
    return Exists(rows)
