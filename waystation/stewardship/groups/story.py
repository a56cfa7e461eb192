"""The part of a person's file that the groups know."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from waystation.kernel.days import midnight
from waystation.kernel.templatetags.ui import zh_date
from waystation.organizations.permissions import Permission
from waystation.stewardship.groups.models import GroupActivity, GroupLeader, GroupMember
from waystation.stewardship.groups.queries import groups_of
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries import asides, timeline
from waystation.stewardship.people.queries.sights import Sight

MOST_ACTIVITIES = 50


@timeline.register
def tell(person: Person, sight: Sight) -> Iterator[timeline.Entry]:
    """Each group joined, led and left, and what the member took part in; to whoever may open the groups."""
    if not sight.may(Permission.GROUP_VIEW):
        return
    for row in GroupMember.objects.filter(person=person).select_related("group__station", "added_by"):
        names = {"group": row.group.name, "station": row.group.station.name}
        yield timeline.Entry(
            row.added_at,
            _("Joined the functional group %(group)s of %(station)s") % names,
            [str(row.added_by or "")],
            about=f"group:{row.pk}",
            url=reverse("groups:group", args=[row.group_id]),
        )
        if row.ends_on is not None:
            yield timeline.Entry(midnight(row.ends_on), _("Left the functional group %(group)s") % names, tone="plain")
    for row in GroupLeader.objects.filter(member__person=person).select_related("group"):
        yield timeline.Entry(row.named_at, _("Leads the functional group %(group)s") % {"group": row.group.name})
    held = GroupActivity.objects.filter(attended__person=person).select_related("group").order_by("-held_on")
    for row in held[:MOST_ACTIVITIES]:
        words = {"group": row.group.name, "topic": row.topic}
        yield timeline.Entry(
            midnight(row.held_on), _("Took part in %(topic)s of %(group)s") % words, [row.place], tone="plain"
        )


@asides.register
def groups_now(person: Person, sight: Sight) -> asides.Aside | None:
    """The groups of a member in care, or that there is none."""
    if not sight.may(Permission.GROUP_VIEW) or not person.station_id:
        return None
    lines = [
        asides.Line(
            row.group.name,
            _("leader, since %(day)s") % {"day": zh_date(row.starts_on)}
            if row.leads
            else _("since %(day)s") % {"day": zh_date(row.starts_on)},
            reverse("groups:group", args=[row.group_id]),
            Permission.GROUP_VIEW,
        )
        for row in groups_of(person)
    ]
    return asides.Aside(_("Functional groups"), lines, _("In no functional group."))
