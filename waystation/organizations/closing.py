"""What still hangs on a unit that is to be closed; apps above register what they keep there.

A closed unit takes part in nothing any more: what somebody answers for in its name would be answered for by
nobody. So everything that is open is handed on or brought to an end first, and the refusal says what and how much.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from waystation.organizations.models import Unit
from waystation.organizations.permissions import ROLES

Check = Callable[[Unit, date], Iterator[tuple[int, str]]]
_checks: list[Check] = []


def register(check: Check) -> Check:
    """Let `check(unit, day)` yield numbers, each with its words: `3, "3 open stays"`. Nought is not told."""
    _checks.append(check)
    return check


def hanging(unit: Unit, on: date, *, besides: Collection[Check] = ()) -> list[str]:
    """What would hang on the unit if it closed on the day, in words with their numbers, `besides` what is left out."""
    asked = (check for check in _checks if check not in besides)
    return [words for check in asked for number, words in check(unit, on) if number]


@register
def units(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Open units below it: the grids of a station, the branches of a village."""
    below = unit.children.filter(Q(closed_on=None) | Q(closed_on__gt=on)).order_by("kind").values_list("kind")
    for kind, number in below.annotate(Count("pk")):
        yield number, _("open units below it (%(kind)s): %(n)d") % {"kind": Unit.Kind(kind).label, "n": number}


@register
def roles(unit: Unit, on: date) -> Iterator[tuple[int, str]]:
    """Mandates in force on the day or later, such as the leader of a grid; a term that never ran is none."""
    held = unit.mandates.filter(Q(ends_on=None) | Q(ends_on__gt=on) & Q(ends_on__gt=F("starts_on")))
    for role, number in held.order_by("role").values_list("role").annotate(Count("pk")):
        yield number, _("roles held in it (%(role)s): %(n)d") % {"role": ROLES[role].label, "n": number}
