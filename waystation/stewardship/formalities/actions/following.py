"""What happens to transfers and cards when two files are made one, or taken apart again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from waystation.stewardship.formalities.models import ActivityCard, Transfer
from waystation.stewardship.people.actions import MergeRefused
from waystation.stewardship.people.models import Merge, Person

_FOLLOWERS = (Transfer, ActivityCard)


@transaction.atomic
def follow_merge(winner: Person, loser: Person) -> None:
    """Everything of the loser belongs to the winner. Refuses (MergeRefused) what one person cannot have twice."""
    both = [winner.pk, loser.pk]
    if Transfer.objects.open().filter(person__in=both).count() > 1:
        raise MergeRefused(_("Both files have a formal transfer on its way. Withdraw one of them first."))
    if ActivityCard.objects.valid().filter(person__in=both).count() > 1:
        raise MergeRefused(_("Both files have a valid activity card. Withdraw one of them first."))
    for model in _FOLLOWERS:
        model.objects.filter(person=loser).update(person=winner)


@transaction.atomic
def follow_undo(winner: Person, loser: Person) -> None:
    """Everything that was filed under the loser, or a file merged into it, goes back there.

    Refuses (MergeRefused) once a receipt has moved the membership since the merge: the undo would put the
    file back to a branch that is not responsible any more.
    """
    merge = Merge.objects.filter(winner=winner, loser=loser).order_by("-merged_at").first()
    received = Transfer.objects.filter(person=winner, state=Transfer.State.RECEIVED)
    if merge is not None and received.filter(closed_at__gt=merge.merged_at).exists():
        raise MergeRefused(_("The formal relation has been transferred since the merge; undo is no longer exact."))
    files, found = {loser.pk}, {loser.pk}
    while found:
        found = set(Person.objects.filter(merged_into__in=found).values_list("pk", flat=True)) - files
        files |= found
    for model in _FOLLOWERS:
        model.objects.filter(person=winner, filed_as__in=files).update(person=loser)
