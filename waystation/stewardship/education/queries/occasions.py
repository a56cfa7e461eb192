"""Questions about occasions and their rolls."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.education.models import Attendance, Occasion, SheetScan


def occasions_by(filters: dict, reach: Reach) -> QuerySet[Occasion]:
    """Occasions in reach: `unit`, `kind`, `state`, `group`, `since` and `until` (the day itself included)."""
    rows = Occasion.objects.within(reach).select_related("unit")
    for name in ("unit", "kind", "state"):
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    if filters.get("group"):
        rows = rows.filter(group_key=filters["group"].pk)
    if filters.get("since"):
        rows = rows.filter(held_on__gte=filters["since"])
    if filters.get("until"):
        rows = rows.filter(held_on__lte=filters["until"])
    if filters.get("whole"):
        rows = rows.filter(group_title="")
    return rows


def rolls_open(reach: Reach) -> QuerySet[Occasion]:
    """Occasions whose roll waits to be closed."""
    return occasions_by({"state": Occasion.State.OPEN}, reach)


def roll_of(occasion: Occasion) -> QuerySet[Attendance]:
    """The lines of a roll with their people; page it by the name key."""
    return occasion.roll.filter(is_double=False).select_related("person__home", "marked_by")


def reach_of_reasons(user) -> Reach:
    """Where the user may read why somebody on leave or absent was away.

    It may touch illness and family, so it takes more than seeing the roll: whoever answers for excuses there reads
    it, and neither grid leaders nor those who only oversee.
    """
    return Reach.of(user, Permission.EXCUSE_MANAGE)


def told_reasons(occasions: Iterable[Occasion], reach: Reach) -> dict:
    """For each occasion (id) within `reach_of_reasons` who was away and why, by name; one query.

    Rows of name, mark and reason; whoever gave no reason is in the figures of the roll only.
    """
    ids = [row.pk for row in occasions if reach.covers(row.unit_path)]
    lines = Attendance.objects.filter(occasion__in=ids, is_double=False).exclude(reason="")
    found: dict = {}
    for row in lines.order_by("person__name_key", "person__pk").select_related("person"):
        found.setdefault(row.occasion_id, []).append((row.person.full_name, row.mark, row.reason))
    return found


def scans_of(occasion: Occasion) -> QuerySet[SheetScan]:
    """The scans of the signed sheet in the order in which they were added, with the withdrawn ones."""
    return occasion.scans.select_related("file", "added_by", "withdrawn_by").order_by("added_at", "pk")


def marks_of(occasion: Occasion) -> dict[str, int]:
    """How many lines have which mark."""
    rows = occasion.roll.filter(is_double=False).order_by().values_list("mark").annotate(n=Count("pk"))
    return dict(rows)


def perhaps_same(occasion: Occasion) -> QuerySet[Occasion]:
    """Entries of other units for the same day that name somebody of this roll: perhaps the same occasion."""
    mine = Attendance.objects.filter(occasion=occasion.pk, is_double=False).values("person")
    shared = Attendance.objects.filter(occasion=OuterRef("pk"), is_double=False, person__in=mine)
    return (
        Occasion.objects.filter(Exists(shared), held_on=occasion.held_on)
        .exclude(Q(unit=occasion.unit_id) | Q(state=Occasion.State.CANCELLED))
        .select_related("unit")
        .order_by("pk")
    )


def attended(person, year: int) -> QuerySet[Attendance]:
    """The lines of a member on closed rolls of a year, the latest first."""
    return (
        Attendance.objects.filter(
            person=person, is_double=False, occasion__state=Occasion.State.HELD,
            occasion__held_on__gte=date(year, 1, 1), occasion__held_on__lt=date(year + 1, 1, 1),
        )
        .select_related("occasion__unit")
        .order_by("-occasion__held_on", "-pk")
    )  # fmt: skip
