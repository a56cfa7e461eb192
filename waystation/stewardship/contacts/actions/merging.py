"""What was recorded about a person follows when two files become one, and goes back when they part again."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from waystation.stewardship.contacts.actions.states import renew_states
from waystation.stewardship.contacts.models import Contact, Excuse, LostContact, WeeklyDue
from waystation.stewardship.people.actions.errors import MergeRefused
from waystation.stewardship.people.models import Person

_FOLLOWERS = (Contact, Excuse, LostContact)


@transaction.atomic
def follow_merge(winner: Person, loser: Person) -> None:
    """Everything recorded about `loser` is about `winner` now. Refuses (MergeRefused) two of what may be one."""
    both = [winner.pk, loser.pk]
    if Excuse.objects.open().filter(person__in=both).count() > 1:
        raise MergeRefused(_("Both files are excused without an end. End one of the excuses first."))
    if LostContact.objects.open().filter(person__in=both).count() > 1:
        raise MergeRefused(_("Both files have an open case of lost contact. Close one of them first."))
    for model in _FOLLOWERS:
        model.objects.filter(person=loser).update(person=winner)
    same = WeeklyDue.objects.filter(grid=OuterRef("grid"), week=OuterRef("week"), person=winner)
    moving = WeeklyDue.objects.filter(person=loser).filter(~Exists(same)).values_list("pk", flat=True)
    WeeklyDue.objects.filter(pk__in=list(moving)).update(person=winner)
    renew_states(both)


@transaction.atomic
def follow_undo(winner: Person, loser: Person) -> None:
    """What was recorded on `loser`, or on a file merged into it before, is about `loser` again."""
    family = _family(loser.pk)
    for model in (*_FOLLOWERS, WeeklyDue):
        model.objects.filter(person=winner, recorded_for__in=family).update(person=loser)
    renew_states([winner.pk, loser.pk])


def _family(pk) -> set:
    """The file and every file that was merged into it, however often."""
    found, new = {pk}, {pk}
    while new:
        new = set(Person.objects.filter(merged_into__in=new).values_list("pk", flat=True)) - found
        found |= new
    return found
