"""After a merge, its undo or the end of a stay: rows follow the person they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from waystation.stewardship.contacts.actions import renew_states
from waystation.stewardship.education.actions.credits import settle
from waystation.stewardship.education.actions.packs import call_off
from waystation.stewardship.education.actions.rolls import recount_all
from waystation.stewardship.education.actions.totals import renew_totals
from waystation.stewardship.education.models import Attendance, Delivery, LearningRecord
from waystation.stewardship.people.models import Person, Stay


@transaction.atomic
def follow_people(people: Iterable[Person], *, at: datetime) -> None:
    """Give every row written for one of these files, or for a file merged into them, to the file in use now.

    Where two rows are then about one occasion, one counts: of a roll the line that says present, else one that
    says why the member was away; of credits the first. The other is kept aside, so that the undo of a merge gives
    back exactly what was.
    """
    owners = _owners(people)
    # Records first: whose credit a line has is asked of the file in use.
    _follow_records(owners)
    _follow_rolls(owners, at)
    renew_states(owners)
    for file in owners:
        Delivery.objects.filter(stay__person=file).update(person=file)


def _owners(people: Iterable[Person]) -> dict:
    """Each file that these are, or that was merged into them, with the file that it is part of now."""
    parents = dict(Person.objects.filter(pk__in=[one.pk for one in people]).values_list("pk", "merged_into"))
    fresh = set(parents)
    while fresh:
        aliases = dict(Person.objects.filter(merged_into__in=fresh).values_list("pk", "merged_into"))
        above = {pk for pk in parents.values() if pk} - set(parents)
        found = dict(Person.objects.filter(pk__in=above).values_list("pk", "merged_into"))
        fresh = (set(aliases) | set(found)) - set(parents)
        parents |= aliases | found
    return {file: _root(file, parents) for file in parents}


def _root(file, parents: dict):
    seen = set()
    while parents.get(file) and file not in seen:
        seen.add(file)
        file = parents[file]
    return file


def _follow_rolls(owners: dict, at: datetime) -> None:
    lines = list(Attendance.objects.filter(recorded_for__in=owners).order_by("pk"))
    groups = defaultdict(list)
    for line in lines:
        groups[line.occasion_id, owners[line.recorded_for_id]].append(line)
    counting = {min(group, key=_rank).pk for group in groups.values()}
    changed = _given(Attendance, lines, owners, counting)
    held = recount_all({line.occasion_id for line in changed})
    reason = _("Two files became one or were parted")
    for occasion in held:
        people = {owners[line.recorded_for_id] for line in lines if line.occasion_id == occasion.pk}
        settle(occasion, people | {line.recorded_for_id for line in lines}, reason=reason, by=None, at=at)


def _rank(line: Attendance) -> tuple:
    """Present before all; then lines that leave nothing open; then those not marked or away without a reason."""
    says_nothing = not line.reason and line.mark != Attendance.Mark.EXCUSED
    return line.mark != Attendance.Mark.PRESENT, says_nothing, line.pk


def _follow_records(owners: dict) -> None:
    rows = list(LearningRecord.objects.filter(recorded_for__in=owners).order_by("pk"))
    before = {(row.person_id, row.year) for row in rows}
    groups = defaultdict(list)
    for row in rows:
        is_credit = row.occasion_id is not None and row.state == LearningRecord.State.CONFIRMED
        groups[(row.occasion_id, owners[row.recorded_for_id]) if is_credit else row.pk].append(row)
    _given(LearningRecord, rows, owners, {min(row.pk for row in group) for group in groups.values()})
    renew_totals(before | {(owners[row.recorded_for_id], row.year) for row in rows})


def _given(model, rows: list, owners: dict, counting: set) -> list:
    """Write whose the rows are and which count; returns those that changed."""
    changed = [
        row for row in rows if row.person_id != owners[row.recorded_for_id] or row.is_double == (row.pk in counting)
    ]
    # All aside first: while they move, no two of them may count for one person.
    model.objects.filter(pk__in=[row.pk for row in changed]).update(is_double=True)
    for row in changed:
        row.person_id, row.is_double = owners[row.recorded_for_id], row.pk not in counting
    model.objects.bulk_update(sorted(changed, key=lambda row: not row.is_double), ["person", "is_double"], 400)
    return changed


@transaction.atomic
def end_with_stay(stay: Stay, *, by=None, at: datetime) -> int:
    """A stay ended: packs that wait for the member are called off; returns how many."""
    rows = list(Delivery.objects.due().filter(stay=stay))
    for row in rows:
        call_off(row, reason=_("The stay has ended"), by=by, at=at)
    return len(rows)
