"""What merges of files mean for appraisals."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from waystation.stewardship.appraisals.models import Appraisal, Assessment
from waystation.stewardship.people.models import Person


@transaction.atomic
def follow_stays(people: Iterable[Person]) -> None:
    """After a merge or its undo: an appraisal, and what is said in it, belongs to the person of its stay."""
    for person in people:
        moved = Appraisal.objects.filter(stay__person=person).exclude(person=person)
        before = dict(moved.values_list("pk", "person"))
        for pk, old in before.items():
            rows = Assessment.objects.filter(appraisal=pk)
            rows.filter(side=Assessment.Side.SELF).update(person=person, assessor=person)
            rows.exclude(side=Assessment.Side.SELF).exclude(assessor=person).update(person=person)
            others = Assessment.objects.filter(round__appraisals=pk, side=Assessment.Side.MUTUAL, assessor=old)
            others.exclude(person=person).update(assessor=person)
        Appraisal.objects.filter(pk__in=list(before)).update(person=person)
