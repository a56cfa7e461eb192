"""What becomes of dues when two files are made one, and when that is undone."""

from __future__ import annotations

from django.db import transaction

from waystation.stewardship.contacts.actions import renew_states
from waystation.stewardship.dues.actions.standing import renew
from waystation.stewardship.dues.models import DuesBase, DuesEntry, DuesReduction
from waystation.stewardship.people.models import Person


@transaction.atomic
def follow_merge(winner: Person, loser: Person) -> None:
    """Payments belong to the one file. Its own bases and reductions hold; those of the other stay with the
    alias, unless the one file has none at all."""
    DuesEntry.objects.filter(person=loser).update(person=winner)
    for model in (DuesBase, DuesReduction):
        if not model.objects.filter(person=winner).exists():
            model.objects.filter(person=loser).update(person=winner)
    renew([winner, loser])
    renew_states([winner.pk, loser.pk])


@transaction.atomic
def follow_undo(winner: Person, loser: Person) -> None:
    """Give the other file back what was entered for it, or for a file that was merged into it before."""
    family, found = {loser.pk}, [loser.pk]
    while found:
        found = list(Person.objects.filter(merged_into__in=found).values_list("pk", flat=True))
        family.update(found)
    DuesEntry.objects.filter(person=winner, original__in=family).update(person=loser)
    for model in (DuesBase, DuesReduction):
        model.objects.filter(person=winner, original__in=family).update(person=loser)
    renew([winner, loser])
    renew_states([winner.pk, loser.pk])
