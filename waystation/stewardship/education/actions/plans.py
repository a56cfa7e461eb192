"""Writes on yearly plans."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit, dated
from waystation.organizations.models import Unit
from waystation.stations.duty.actions import finish_key, open_item
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.education import rules
from waystation.stewardship.education.actions.errors import (
    AlreadyApproved,
    EducationRefused,
    GroupElsewhere,
    NotAPlanHolder,
    PlanEmpty,
    PlanExists,
    ReasonMissing,
)
from waystation.stewardship.education.models import Occasion, Plan, PlanItem
from waystation.stewardship.education.queries.frequencies import REQUIRED, Per, full_members, required
from waystation.stewardship.education.queries.plans import due_day
from waystation.stewardship.groups.models import FunctionalGroup

# In which month of its period an occasion is proposed: quarterly ones in the middle, yearly ones at the end.
_MONTH_IN = {Per.MONTH: 0, Per.QUARTER: 1, Per.YEAR: 11}


@transaction.atomic
def draft_plan(*, unit: Unit, year: int, by, at: datetime) -> Plan:
    """Begin the plan of a unit for a year with everything the rules ask of it.

    Refuses other units than stations, grids and branches (NotAPlanHolder) and a second plan (PlanExists).
    """
    plan = _begin(unit, year, by, at)
    items = []
    for frequency, asked in required(unit, year, {}, full_members([unit], year, timezone.localdate(at))):
        for period, times in asked:
            month = period.first + _MONTH_IN[frequency.per]
            items += [PlanItem(plan=plan, kind=frequency.kind, month=month) for _n in range(times)]
    PlanItem.objects.bulk_create(items)
    audit.record("plan.drafted", on=plan, by=by, at=at, unit_path=unit.path, year=year, items=len(items))
    return plan


@transaction.atomic
def copy_plan(plan: Plan, *, by, at: datetime) -> Plan:
    """Begin next year's plan with the items of this one, their days left open.

    Refuses when next year has a plan (PlanExists).
    """
    made = _begin(plan.unit, plan.year + 1, by, at)
    kept = plan.items.filter(dropped_at=None).order_by("month", "pk")
    copied = [
        PlanItem(
            plan=made, kind=item.kind, month=item.month, topic=item.topic, lead=item.lead, grid_id=item.grid_id,
            group_key=item.group_key, group_title=item.group_title,
        )
        for item in kept
    ]  # fmt: skip
    PlanItem.objects.bulk_create(copied)
    audit.record("plan.copied", on=made, by=by, at=at, unit_path=plan.unit_path, year=made.year, items=len(copied))
    return made


def _begin(unit: Unit, year: int, by, at: datetime) -> Plan:
    if unit.kind not in REQUIRED:
        raise NotAPlanHolder
    try:
        with transaction.atomic():
            return Plan.objects.create(unit=unit, unit_path=unit.path, year=year, created_at=at, created_by=by)
    except IntegrityError as error:
        raise PlanExists from error


@transaction.atomic
def save_item(
    plan: Plan,
    item: PlanItem | None = None,
    *,
    kind: str,
    month: int,
    day: date | None = None,
    topic: str = "",
    lead: str = "",
    grid: Unit | None = None,
    group: FunctionalGroup | None = None,
    group_title: str = "",
    by,
    at: datetime,
) -> PlanItem:
    """Add an item to the plan or change one; a day decides the month.

    Refuses a day of another year, a grid or a functional group of another station, and a change of a dropped item.
    """
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if day is not None:
        if day.year != plan.year:
            raise EducationRefused(_("This day lies in another year than the plan."))
        month = day.month
    if grid is not None and grid.parent_id != plan.unit_id:
        raise EducationRefused(_("This grid belongs to another station."))
    group_key, group_title = named_group(group, group_title, unit=plan.unit)
    values = {
        "kind": kind, "month": month, "day": day, "topic": topic, "lead": lead, "grid": grid, "group_key": group_key,
        "group_title": group_title,
    }  # fmt: skip
    if item is None:
        item = PlanItem.objects.create(plan=plan, **values)
        audit.record("plan_item.added", on=item, by=by, at=at, unit_path=plan.unit_path, kind=kind, month=month)
        return item
    item = PlanItem.objects.select_for_update().get(pk=item.pk, plan=plan)
    if item.dropped_at is not None:
        raise EducationRefused(_("This item has been dropped."))
    changed = [name for name, value in values.items() if getattr(item, name) != value]
    for name in changed:
        setattr(item, name, values[name])
    if changed:
        item.save(update_fields=changed)
        OpenItem.objects.open().filter(key=item_key(item)).update(due_on=due_day(item, plan.year))
        audit.record("plan_item.changed", on=item, by=by, at=at, unit_path=plan.unit_path, fields=changed)
    return item


def named_group(group: FunctionalGroup | None, title: str, *, unit: Unit, day: date | None = None) -> tuple:
    """The key and the title of a functional group of the unit; a group that is not registered has a title alone.

    Refuses a group of another unit, or one that was closed by the day (GroupElsewhere).
    """
    if group is None:
        return None, title
    if group.station_id != unit.pk or (day is not None and group.closed_on is not None and group.closed_on < day):
        raise GroupElsewhere
    return group.pk, group.name


@transaction.atomic
def drop_item(item: PlanItem, *, reason: str = "", by, at: datetime) -> None:
    """Take an item off the plan: out of a draft it goes, of an approved plan it is struck out with a reason.

    Refuses an approved plan without a reason (ReasonMissing), and an item that was held or is dropped.
    """
    plan = Plan.objects.select_for_update().get(pk=item.plan_id)
    item = PlanItem.objects.select_for_update().get(pk=item.pk)
    if item.dropped_at is not None or item.occasions.exclude(state=Occasion.State.CANCELLED).exists():
        raise EducationRefused(_("This item was held or dropped already."))
    is_draft = plan.state == Plan.State.DRAFT and not item.occasions.exists()
    if not is_draft and not reason.strip():
        raise ReasonMissing
    if is_draft:
        audit.record("plan_item.removed", on=item, by=by, at=at, unit_path=plan.unit_path, kind=item.kind)
        item.delete()
        return
    item.dropped_at, item.dropped_by, item.drop_reason = at, by, reason.strip()[:200]
    item.save(update_fields=["dropped_at", "dropped_by", "drop_reason"])
    finish_key(item_key(item), outcome=_("Dropped from the plan: %(reason)s") % {"reason": reason}, by=by, at=at)
    audit.record("plan_item.dropped", on=item, by=by, at=at, unit_path=plan.unit_path, kind=item.kind)


@transaction.atomic
def approve_plan(plan: Plan, *, by, at: datetime) -> Plan:
    """Approve the plan and so publish it. Refuses an approved one (AlreadyApproved) and an empty one (PlanEmpty)."""
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.state == Plan.State.APPROVED:
        raise AlreadyApproved
    if not plan.items.filter(dropped_at=None).exists():
        raise PlanEmpty
    plan.state, plan.approved_at, plan.approved_by = Plan.State.APPROVED, at, by
    plan.save(update_fields=["state", "approved_at", "approved_by"])
    audit.record("plan.approved", on=plan, by=by, at=at, unit_path=plan.unit_path, year=plan.year)
    return plan


def item_key(item: PlanItem) -> str:
    """The key of the open item that stands for a planned occasion."""
    return f"plan-item:{item.pk}"


def open_items_near(at: datetime) -> int:
    """Put what approved plans hold for the days ahead on the lists of their units; returns how many are new."""
    today = timezone.localdate(at)
    until = today + timedelta(days=dated.value(rules.ITEM_DAYS, today))
    since = today - timedelta(days=dated.value(rules.MISSED_DAYS, today))
    return sum(_open(item, at) for item in _near(since, today, until))


def _near(since: date, today: date, until: date) -> Iterable[PlanItem]:
    held = Occasion.objects.exclude(state=Occasion.State.CANCELLED).filter(item__isnull=False)
    keys = set(OpenItem.objects.open().filter(key__startswith="plan-item:").values_list("key", flat=True))
    months = Q(plan__year=today.year, month__lte=today.month) | Q(plan__year=until.year, month=until.month)
    if since.year < today.year:
        months |= Q(plan__year=since.year, month__gte=since.month)
    rows = (
        PlanItem.objects.filter(months, plan__state=Plan.State.APPROVED, dropped_at=None, plan__unit__closed_on=None)
        .exclude(pk__in=held.values("item"))
        .select_related("plan__unit", "grid")
    )
    for item in rows:
        due = due_day(item, item.plan.year)
        # What was missed long ago stands in the list of gaps, not for ever among the open items.
        if since <= due <= until and item_key(item) not in keys:
            yield item


def _open(item: PlanItem, at: datetime) -> bool:
    unit = item.grid or item.plan.unit
    words = {"kind": item.get_kind_display(), "topic": item.topic or item.group_title}
    title = _("%(kind)s: %(topic)s") % words if words["topic"] else words["kind"]
    open_item(
        unit=unit, topic=OpenItem.Topic.LIFE, title=title, due_on=due_day(item, item.plan.year), key=item_key(item),
        link="education:item", link_pk=item.pk, by=None, at=at,
    )  # fmt: skip
    return True
