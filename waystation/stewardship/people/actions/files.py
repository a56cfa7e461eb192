"""The person's file: corrections, merging two files that are one person, and undoing that."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.kernel.sealing import seal, unseal
from waystation.organizations.models import Unit
from waystation.stewardship.people import signals
from waystation.stewardship.people.actions.errors import (
    AlreadyOnFile,
    Changed,
    MergeRefused,
    ReasonMissing,
)
from waystation.stewardship.people.claims import fill_id_number, fill_phones, name_columns
from waystation.stewardship.people.identity import read_id_number, read_phones
from waystation.stewardship.people.models import (
    Arrival,
    Card,
    Correction,
    Departure,
    Membership,
    Merge,
    Person,
    StatusChange,
    Stay,
)

# What may be corrected on a file. Places move by actions of their own, never by a correction.
CORRECTABLE = (
    "full_name", "sex", "born", "nation", "education", "member_kind", "joined", "trade", "employer", "skill",
    "card_no", "id_number", "phone", "other_phone", "address", "hardship",
)  # fmt: skip
SEALED = ("id_number", "phone", "other_phone", "address", "hardship")


@transaction.atomic
def correct_person(
    person: Person, *, field: str, value: str, reason: str, version: int, by, at: datetime
) -> Correction | None:
    """Correct one field of a file; before and after are kept sealed. Returns None if nothing changes.

    Refuses without a reason (ReasonMissing), when somebody saved the file after this form was opened
    (Changed), and an ID number that another file holds (AlreadyOnFile). `version` is the one the form was
    opened with.
    """
    if field not in CORRECTABLE:
        raise ValueError(field)
    if not reason.strip():
        raise ReasonMissing
    fresh = Person.objects.select_for_update().get(pk=person.pk)
    if fresh.version != version:
        raise Changed(fresh)
    before = unseal(fresh, field) if field in SEALED else getattr(fresh, field)
    if (before or "") == value:
        return None
    columns = _write(fresh, field, value)
    fresh.version += 1
    try:
        with transaction.atomic():
            fresh.save(update_fields=[*columns, "version"])
    except IntegrityError as error:
        raise AlreadyOnFile from error
    correction = Correction(person=fresh, field=field, reason=reason.strip()[:200], corrected_at=at, corrected_by=by)
    seal(correction, "before", before or None)
    seal(correction, "after", value or None)
    correction.save(force_insert=True)
    audit.record("person.corrected", on=fresh, by=by, at=at, fields=(field,), unit_path=fresh.home_path)
    return correction


def _write(person: Person, field: str, value: str) -> list[str]:
    """Set the field and every column derived from it; returns their names."""
    if field == "full_name":
        columns = name_columns(value)
        for column, text in columns.items():
            setattr(person, column, text)
        return list(columns)
    if field == "id_number":
        fill_id_number(person, read_id_number(value) if value else None)
        return ["id_number", "id_index", "id_mask", "id_state"]
    if field in ("phone", "other_phone"):
        texts = {name: unseal(person, name) or "" for name in ("phone", "other_phone")} | {field: value}
        phones = [next(iter(read_phones(texts[name])), None) for name in ("phone", "other_phone")]
        fill_phones(person, *phones)
        return ["phone", "phone_index", "other_phone", "other_phone_index", "phone_mask", "phone_tail"]
    if field in SEALED:
        seal(person, field, value or None)
    else:
        setattr(person, field, value)
    return [field]


# Rows that follow the person to the other file, by model.
_FOLLOWERS = (
    (Departure, "departures"), (Arrival, "arrivals"), (Stay, "stays"), (Card, "cards"),
    (StatusChange, "status_changes"),
)  # fmt: skip
_PLACES = ("home", "station", "destination")


@transaction.atomic
def merge_people(winner: Person, loser: Person, *, by, at: datetime) -> Merge:
    """Make two files one: everything of `loser` moves to `winner`, which takes what it lacks.

    `loser` stays as an alias so that old links lead to the one file; its account follows. Refuses (MergeRefused)
    two open departures, stays or memberships in different branches, two accounts, and a file that is merged already.
    """
    people = {p.pk: p for p in Person.objects.select_for_update().filter(pk__in=[winner.pk, loser.pk]).order_by("pk")}
    if len(people) != 2:
        raise MergeRefused(_("Choose two different files."))
    winner, loser = people[winner.pk], people[loser.pk]
    if winner.merged_into_id or loser.merged_into_id:
        raise MergeRefused(_("One of these files has been merged already."))
    _refuse_double(winner, loser)
    merge = Merge(winner=winner, loser=loser, merged_at=at, merged_by=by)
    memory = {"winner": _state(winner), "loser": _state(loser), "moved": {}}
    for model, label in _FOLLOWERS:
        ids = [str(pk) for pk in model.objects.filter(person=loser).values_list("pk", flat=True)]
        memory["moved"][label] = ids
        model.objects.filter(pk__in=ids).update(person=winner)
    closed = list(Membership.objects.filter(person=loser, ends_on=None).values_list("pk", flat=True))
    if closed and Membership.objects.filter(person=winner, ends_on=None).exists():
        for row in Membership.objects.filter(pk__in=closed):
            Membership.objects.filter(pk=row.pk).update(ends_on=max(timezone.localdate(at), row.starts_on))
        memory["closed"] = [str(pk) for pk in closed]
    else:
        Membership.objects.filter(pk__in=closed).update(person=winner)
        memory["memberships"] = [str(pk) for pk in closed]
    _absorb(winner, loser)
    # The rows that follow are locked before the head of the trail.
    signals.people_merged.send(sender=Merge, winner=winner, loser=loser)
    memory["places"] = _places(winner.pk)
    seal(merge, "before", json.dumps(memory, ensure_ascii=False))
    merge.save(force_insert=True)
    audit.record("person.merged", on=winner, by=by, at=at, unit_path=winner.home_path, loser=str(loser.pk))
    return merge


def _refuse_double(winner: Person, loser: Person) -> None:
    both = [winner, loser]
    if Departure.objects.open().filter(person__in=both).count() > 1:
        raise MergeRefused(_("Both files have an open departure. Cancel one of them first."))
    if Stay.objects.open().filter(person__in=both).count() > 1:
        raise MergeRefused(_("Both files have an open stay. End one of them first."))
    if Card.objects.filter(person__in=both, revoked_at=None).count() > 1:
        raise MergeRefused(_("Both files have a valid card. Withdraw one of them first."))
    if winner.user_id and loser.user_id:
        raise MergeRefused(_("Both files have an account. Take one of the two links back first."))
    if winner.party_status != loser.party_status:
        raise MergeRefused(
            _("The two files say different things of the party status. Record it in the other file first.")
        )
    homes = {person.home_id for person in both if person.home_id and person.home.kind == Unit.Kind.BRANCH}
    if len(homes) > 1:
        raise MergeRefused(_("The formal memberships lie in two different branches."))


_RESTORED = tuple(
    field.attname for field in Person._meta.concrete_fields if field.attname not in ("id", "version", "created_at")
)


def _state(person: Person) -> dict:
    """Every column that a merge may change; sealed ones stay sealed, for they open only on their own row."""
    return {name: _plain(getattr(person, name)) for name in _RESTORED}


_PLACES = ("home_id", "home_path", "station_id", "stay_path", "destination_id", "destination_path")


def _places(pk) -> dict:
    """Where the file stands: its home, its stay and the grid of it, its destination."""
    return {name: _plain(value) for name, value in Person.objects.values(*_PLACES).get(pk=pk).items()}


def _stand(*states: dict) -> bool:
    """Whether every place that is remembered is where it was: a unit may have moved since."""
    paths = {state[name] for state in states for name in _PLACES if name.endswith("_path") and state[name]}
    return Unit.objects.filter(path__in=paths).count() == len(paths)


def _plain(value):
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)


def _absorb(winner: Person, loser: Person) -> None:
    """The winner takes what it lacks; the loser gives up its keys and points to the winner."""
    id_number, phones = unseal(loser, "id_number"), [unseal(loser, n) for n in ("phone", "other_phone")]
    loser_id = (loser.id_index, loser.id_mask, loser.id_state)
    loser.merged_into, loser.id_index = winner, None
    loser.stay_path = loser.destination_path = loser.home_path = ""
    user, loser.user = loser.user, None
    loser.version += 1
    loser.save()
    # Only now: an account has one file.
    winner.user = winner.user or user
    if not winner.id_index and id_number and (loser_id[0] or not winner.id_number):
        seal(winner, "id_number", id_number)
        winner.id_index, winner.id_mask, winner.id_state = loser_id
    if not winner.phone and phones[0]:
        fill_phones(winner, *[next(iter(read_phones(text or "")), None) for text in phones])
    for name in ("address", "hardship"):
        if not getattr(winner, name) and unseal(loser, name):
            seal(winner, name, unseal(loser, name))
    for name in (
        "sex",
        "born",
        "nation",
        "education",
        "member_kind",
        "joined",
        "trade",
        "employer",
        "skill",
        "card_no",
    ):
        if not getattr(winner, name):
            setattr(winner, name, getattr(loser, name))
    if winner.home is None:
        winner.home, winner.home_path = loser.home, loser.home.path if loser.home else ""
    if winner.station is None and loser.station is not None:
        winner.station, winner.destination = loser.station, loser.destination
        winner.stay_path = Stay.objects.open().get(person=winner).station_path
        winner.destination_path = loser.destination.path if loser.destination else ""
    winner.version += 1
    winner.save()


@transaction.atomic
def undo_merge(merge: Merge, *, by, at: datetime) -> Merge:
    """Take the two files apart again, exactly as they were.

    Refuses (MergeRefused) a second undo, and when either file changed since, its account too: what would be lost is
    then for a human to sort out.
    """
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    winner = Person.objects.select_for_update().get(pk=merge.winner_id)
    if merge.undone_at is not None:
        raise MergeRefused(_("This merge has been undone already."))
    memory = json.loads(unseal(merge, "before"))
    if Correction.objects.filter(
        person__in=[merge.winner_id, merge.loser_id], corrected_at__gt=merge.merged_at
    ).exists():
        raise MergeRefused(_("The file has been corrected since the merge; undo is no longer exact."))
    later = Merge.objects.filter(winner=merge.winner, undone_at=None, merged_at__gt=merge.merged_at)
    if later.exists():
        raise MergeRefused(_("Undo the later merge into this file first."))
    if _plain(winner.user_id) != (memory["winner"]["user_id"] or memory["loser"]["user_id"]):
        raise MergeRefused(_("The account of the file has changed since the merge; undo is no longer exact."))
    known = {pk for ids in memory["moved"].values() for pk in ids}
    fresh = Departure.objects.filter(person=merge.winner, created_at__gt=merge.merged_at).exclude(pk__in=known)
    if fresh.exists() or Stay.objects.filter(person=merge.winner, opened_at__gt=merge.merged_at).exists():
        raise MergeRefused(_("A departure or a stay has followed the merge; undo is no longer exact."))
    if StatusChange.objects.filter(person=merge.winner, recorded_at__gt=merge.merged_at).exists():
        raise MergeRefused(_("The party status has changed since the merge; undo is no longer exact."))
    if memory.get("places") not in (None, _places(winner.pk)) or not _stand(memory["winner"], memory["loser"]):
        raise MergeRefused(_("The stay, the grid or the home has changed since the merge; undo is no longer exact."))
    for model, label in _FOLLOWERS:
        model.objects.filter(pk__in=memory["moved"].get(label, [])).update(person=merge.loser)
    Membership.objects.filter(pk__in=memory.get("memberships", [])).update(person=merge.loser)
    Membership.objects.filter(pk__in=memory.get("closed", [])).update(ends_on=None)
    # The loser takes its keys back only after the winner has let go of them.
    Person.objects.filter(pk=merge.winner_id).update(**memory["winner"], version=merge.winner.version + 1)
    Person.objects.filter(pk=merge.loser_id).update(**memory["loser"], version=merge.loser.version + 1)
    merge.undone_at, merge.undone_by = at, by
    merge.save(update_fields=["undone_at", "undone_by"])
    signals.merge_undone.send(sender=Merge, winner=merge.winner, loser=merge.loser)
    audit.record("person.merge_undone", on=merge.winner, by=by, at=at, loser=str(merge.loser_id))
    return merge
