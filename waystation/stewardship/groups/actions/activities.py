"""What a group does: planned, recorded with who took part, or called off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.stations.duty.actions import finish_key, open_item
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.contacts.actions import locked_people, renew_states
from waystation.stewardship.groups.actions.errors import ActivitySettled, GroupRefused, NotInGroup
from waystation.stewardship.groups.actions.members import hold_group
from waystation.stewardship.groups.models import FunctionalGroup, GroupActivity, GroupMember
from waystation.stewardship.groups.queries import members_on

State = GroupActivity.State


def item_key(activity: GroupActivity) -> str:
    """The one open item of a planned activity."""
    return f"group-activity:{activity.pk}"


@transaction.atomic
def plan_activity(
    group: FunctionalGroup, *, held_on: date, topic: str, place: str = "", by, at: datetime
) -> GroupActivity:
    """Plan something for a day; until it is recorded it stands among what the station has to do.

    Refuses a closed group (GroupClosed).
    """
    group = hold_group(group)
    made = GroupActivity.objects.create(
        group=group, held_on=held_on, topic=topic, place=place, planned_at=at, planned_by=by
    )
    audit.record("group.activity_planned", on=made, by=by, at=at, unit_path=group.station_path)
    open_item(
        unit=group.station, topic=OpenItem.Topic.LIFE, key=item_key(made), due_on=held_on, link="groups:activity",
        link_pk=made.pk, title=_("Record the activity of %(group)s: %(topic)s") % {"group": group.name, "topic": topic},
        by=by, at=at,
    )  # fmt: skip
    return made


@transaction.atomic
def record_activity(
    activity: GroupActivity, *, held_on: date, topic: str, place: str, record: str, attended: Iterable, by,
    at: datetime,
) -> GroupActivity:  # fmt: skip
    """Write down what the group did and which of its members (ids) took part.

    Refuses an activity that is recorded or called off (ActivitySettled), a day to come (GroupRefused) and
    somebody who was not in the group on the day (NotInGroup).
    """
    if held_on > timezone.localdate(at):
        raise GroupRefused(_("An activity is recorded when it has taken place."))
    wanted = set(attended)
    people = list(GroupMember.objects.filter(pk__in=wanted).values_list("person", flat=True))
    locked_people(people)
    _settle(activity, State.HELD, by, at, held_on=held_on, topic=topic, place=place, record=record)
    rows = set(members_on(activity.group_id, held_on).filter(pk__in=wanted).values_list("pk", flat=True))
    if rows != wanted:
        raise NotInGroup
    activity.attended.set(rows)
    renew_states(people)
    audit.record(
        "group.activity_held", on=activity, by=by, at=at, unit_path=activity.group.station_path, people=len(rows)
    )
    finish_key(item_key(activity), outcome=_("Recorded, %(n)d took part") % {"n": len(rows)}, by=by, at=at)
    return activity


def _settle(activity: GroupActivity, state: str, by, at: datetime, **columns) -> None:
    mine = GroupActivity.objects.filter(pk=activity.pk, state=State.PLANNED)
    if not mine.update(state=state, settled_at=at, settled_by=by, **columns):
        raise ActivitySettled
    activity.refresh_from_db()


@transaction.atomic
def cancel_activity(activity: GroupActivity, *, reason: str, by, at: datetime) -> GroupActivity:
    """Call a planned activity off, with the reason. Refuses a settled one (ActivitySettled)."""
    _settle(activity, State.CANCELLED, by, at, record=reason)
    path = activity.group.station_path
    audit.record("group.activity_cancelled", on=activity, by=by, at=at, unit_path=path, reason=reason)
    finish_key(item_key(activity), outcome=_("Called off: %(reason)s") % {"reason": reason}, by=by, at=at)
    return activity


def drop_plans(group: FunctionalGroup, *, reason: str, by, at: datetime) -> None:
    """Call off everything that a held group planned."""
    for activity in list(GroupActivity.objects.filter(group=group, state=State.PLANNED)):
        cancel_activity(activity, reason=reason, by=by, at=at)
