"""What the groups do with many people chosen on any list."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.groups import actions
from waystation.stewardship.groups.models import FunctionalGroup, GroupMember
from waystation.stewardship.people import bulk_acts
from waystation.stewardship.people.models import Stay

MOST_TARGETS = 300


def _targets(user) -> list[tuple[str, str]]:
    reach = Reach.of(user, Permission.GROUP_MANAGE)
    groups = FunctionalGroup.objects.filter(reach.path_q("station_path")).open().select_related("station")
    rows = groups.order_by("station_path", "name")[:MOST_TARGETS]
    return [(str(group.pk), f"{group.station.name} · {group.name}") for group in rows]


def _staying(people: list[UUID], group: FunctionalGroup):
    return Stay.objects.open().filter(person__in=people, station=group.station_id)


def _preview(people: list[UUID], target: str, user) -> bulk_acts.Preview:
    group = FunctionalGroup.objects.get(pk=target)
    staying = _staying(people, group).count()
    here = GroupMember.objects.filter(group=group, person__in=people, ends_on=None).count()
    left = len(people) - staying
    remarks = [
        (here, ngettext("%(n)d takes part in this group already.", "%(n)d take part in this group already.", here)),
        (left, bulk_acts.not_in_care(left)),
    ]
    formal = _("Nobody's formal relation moves.")
    return bulk_acts.Preview(staying - here, (*(words % {"n": n} for n, words in remarks if n), formal))


def _run(people: list[UUID], target: str, *, by, at) -> int:
    group = FunctionalGroup.objects.get(pk=target)
    stays = _staying(people, group).values_list("pk", flat=True)
    return actions.add_members(group, stays, by=by, at=at)


bulk_acts.register(
    bulk_acts.BulkAct(
        name="group",
        label=_("Add to a functional group"),
        target_label=_("Functional group"),
        permission=Permission.GROUP_MANAGE,
        targets=_targets,
        preview=_preview,
        run=_run,
        done=lambda n: ngettext("%(n)d member joined.", "%(n)d members joined.", n) % {"n": n},
        refusals=(actions.GroupRefused,),
    )
)
