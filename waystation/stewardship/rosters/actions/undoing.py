"""Undoing a whole import while nothing later depends on it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.kernel.sealing import unseal
from waystation.stewardship.people.actions.errors import Refused
from waystation.stewardship.people.models import Arrival, Correction, Departure, Membership, Merge, Person, Stay
from waystation.stewardship.rosters.actions.lanes import restore
from waystation.stewardship.rosters.models import Import, ImportRow, MatchCandidate

_NAMED = 20  # sentences shown at most; the rest is counted


class UndoRefused(Refused):
    """Something later depends on the import; `dependants` says what, in sentences, and `more` how many are left out."""

    def __init__(self, dependants: list[str]):
        self.dependants, self.more = dependants[:_NAMED], len(dependants[_NAMED:])
        super().__init__(_("This import cannot be undone: something later depends on it."))


@dataclass(frozen=True)
class UndoResult:
    """How many registered rows were taken back, and how many changed ones got their old values again."""

    removed: int
    restored: int


def dependants(batch: Import) -> list[str]:
    """What stands in the way of undoing, in sentences that name the people."""
    rows = ImportRow.objects.filter(batch=batch, committed_at__isnull=False)
    is_origin = batch.kind == Import.Kind.DEPARTURES
    column = "departure" if is_origin else "arrival"
    ids = rows.filter(**{f"{column}__isnull": False}).values(f"{column}_id")
    found: list[str] = []
    model = Departure if is_origin else Arrival
    acted_on = model.objects.filter(pk__in=ids).exclude(state="pending")
    if is_origin:
        # A departure to a place outside the system is "departed" from the start.
        acted_on = acted_on.exclude(~Exists(Stay.objects.filter(departure=OuterRef("pk"))), state="departed")
    for row in acted_on.order_by("name_key"):
        found.append(_("%(name)s: %(state)s") % {"name": row.full_name, "state": row.get_state_display()})
    decided = MatchCandidate.objects.filter(**{f"{column}__in": ids}).filter(
        Q(origin_confirmed_at__isnull=False) | Q(station_confirmed_at__isnull=False) | ~Q(state="open")
    )
    for candidate in decided.select_related(column).order_by("name_key"):
        who = getattr(candidate, column).full_name
        found.append(_("%(name)s: a pair has been confirmed or rejected") % {"name": who})
    later = (
        ImportRow.objects.filter(**{f"{column}__in": ids}, committed_at__isnull=False)
        .exclude(batch=batch).filter(batch__created_at__gt=batch.created_at).exclude(batch__state="undone")
    )  # fmt: skip
    for row in later.select_related("batch").order_by("position"):
        found.append(
            _("%(name)s: changed by the later import %(file)s") % {"name": row.name, "file": row.batch.file_name}
        )
    if is_origin:
        found += _on_people(rows.filter(made_person=True).values("person_id"), ids)
    return list(dict.fromkeys(found))


def _on_people(people, departures) -> list[str]:
    """Corrections, merges and other departures of files that the import opened."""
    sentences = []
    for row in Correction.objects.filter(person__in=people).select_related("person"):
        sentences.append(_("%(name)s: the file has been corrected") % {"name": row.person.full_name})
    for row in Merge.objects.filter(Q(winner__in=people) | Q(loser__in=people)).select_related("winner"):
        sentences.append(_("%(name)s: the file has been merged") % {"name": row.winner.full_name})
    others = Departure.objects.filter(person__in=people).exclude(pk__in=departures).select_related("person")
    for row in others:
        sentences.append(_("%(name)s: another departure has followed") % {"name": row.person.full_name})
    for person in Person.objects.filter(pk__in=people, cards__isnull=False).distinct():
        sentences.append(_("%(name)s: a card has been issued") % {"name": person.full_name})
    return sentences


@transaction.atomic
def undo_import(batch: Import, *, by, at: datetime) -> UndoResult:
    """Take back everything the import wrote. Refuses (UndoRefused) while something later depends on it.

    What it registered was a claim nobody had acted upon, so the rows go; the audit keeps that they were.
    """
    batch = Import.objects.select_for_update().get(pk=batch.pk)
    if batch.state != Import.State.COMMITTED:
        raise UndoRefused([_("Only a committed import can be undone.")])
    # Lock what would go, so that nobody confirms it meanwhile.
    is_origin = batch.kind == Import.Kind.DEPARTURES
    rows = ImportRow.objects.filter(batch=batch, committed_at__isnull=False)
    model, column = (Departure, "departure") if is_origin else (Arrival, "arrival")
    list(model.objects.select_for_update().filter(pk__in=rows.values(f"{column}_id")).values_list("pk").order_by("pk"))
    if found := dependants(batch):
        raise UndoRefused(found)
    restored = _restore(rows.filter(verdict=ImportRow.Verdict.CHANGED), column)
    fresh = list(rows.filter(verdict=ImportRow.Verdict.NEW).values_list(f"{column}_id", flat=True))
    people = list(rows.filter(made_person=True).values_list("person_id", flat=True))
    gone = MatchCandidate.objects.filter(**{f"{column}__in": rows.values(f"{column}_id")})
    other = "arrival" if is_origin else "departure"
    partners = list(gone.values_list(other, flat=True))
    gone.delete()
    model.objects.filter(pk__in=fresh).delete()
    if is_origin:
        Membership.objects.filter(person__in=people).delete()
        Person.objects.filter(pk__in=people).delete()
    rows.update(committed_at=None, departure=None, arrival=None, person=None, made_person=False)
    Import.objects.filter(pk=batch.pk).update(state=Import.State.UNDONE, undone_at=at, undone_by=by)
    restore([(None, pk) if is_origin else (pk, None) for pk in partners])
    audit.record(
        "import.undone", on=batch, by=by, at=at, unit_path=batch.unit_path, removed=len(fresh), restored=restored
    )
    return UndoResult(len(fresh), restored)


def _restore(rows, column: str) -> int:
    count = 0
    for row in rows.select_related(column):
        target = getattr(row, column)
        before = json.loads(unseal(row, "before"))
        type(target).objects.filter(pk=target.pk).update(**before)
        count += 1
    return count
