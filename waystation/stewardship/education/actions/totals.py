"""Keeping each year's total equal to the sum of its rows."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Sum

from waystation.stewardship.education.models import LearningRecord, YearTotal

CHUNK = 400


def renew_totals(pairs: Iterable[tuple]) -> None:
    """Write the totals of these (person id, year) anew. Call it after the rows, inside their transaction.

    The totals are the locks, always taken in one order: of two acts on one person the second sums up both.
    """
    wanted = sorted(set(pairs), key=lambda pair: (str(pair[0]), pair[1]))
    YearTotal.objects.bulk_create(
        [YearTotal(person_id=person, year=year) for person, year in wanted], ignore_conflicts=True, batch_size=CHUNK
    )
    for year in sorted({year for _person, year in wanted}):
        people = [person for person, of in wanted if of == year]
        for start in range(0, len(people), CHUNK):
            _renew(people[start : start + CHUNK], year)


def _renew(people: list, year: int) -> None:
    rows = YearTotal.objects.select_for_update().filter(person__in=people, year=year).order_by("person_id")
    held = {row.person_id: row for row in rows}
    sums = dict(
        LearningRecord.objects.counting()
        .filter(person__in=people, year=year)
        .order_by()
        .values_list("person")
        .annotate(hours=Sum("hours"))
    )
    changed = []
    for person, row in held.items():
        hours = sums.get(person) or Decimal(0)
        if row.hours != hours:
            row.hours = hours
            changed.append(row)
    YearTotal.objects.bulk_update(changed, ["hours"], batch_size=CHUNK)
