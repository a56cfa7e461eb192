"""Classes of people that the groups know: in which functional group; and who is excused."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.organizations.access import Reach
from waystation.stewardship.contacts.models import Excuse
from waystation.stewardship.contacts.queries import is_excused
from waystation.stewardship.groups.models import FunctionalGroup, GroupMember
from waystation.stewardship.people import classes

MOST_CHOICES = 200
NONE, ANY_GROUP = "none", "any"


def _groups(reach: Reach) -> list[tuple[str, str]]:
    """The open groups in reach; where they are too many to choose from, only whether there is one."""
    named = [(ANY_GROUP, _("in some group")), (NONE, _("in no group"))]
    rows = list(
        FunctionalGroup.objects.within(reach)
        .open()
        .order_by("station_path", "name")
        .values_list("pk", "name")[: MOST_CHOICES + 1]
    )
    return named + [(str(pk), name) for pk, name in rows] if len(rows) <= MOST_CHOICES else named


def _in_group(value: str, day: date) -> Q:
    inside = GroupMember.objects.filter(ends_on=None)
    if value == NONE:
        return Q(station__isnull=False) & ~Q(pk__in=inside.values("person"))
    if value != ANY_GROUP:
        try:
            inside = inside.filter(group=UUID(value))
        except ValueError:
            return Q(pk__in=[])
    return Q(pk__in=inside.values("person"))


def _excused(value: str, day: date) -> Q:
    # Few are excused: their ids are looked up first. Of all others each is asked.
    return Q(pk__in=Excuse.objects.in_force(day).values("person")) if value == "yes" else ~Q(is_excused(day))


def _excused_choices(reach: Reach) -> list[tuple]:
    """Why somebody is excused is about health: who only helps at a destination is not told who is."""
    return [("yes", pgettext_lazy("answer", "Yes")), ("no", pgettext_lazy("answer", "No"))] * (reach.caring is reach)


classes.register(
    classes.Classification("group", _("Functional group"), _in_group, _groups, finds_few=lambda value: value != NONE)
)
classes.register(
    classes.Classification(
        "excused", _("Excused from requirements"), _excused, _excused_choices, finds_few=lambda value: value == "yes"
    )
)
