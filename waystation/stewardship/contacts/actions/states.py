"""What is kept about each person beside the log, rolls and dues, worked out whenever one of them changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from waystation.kernel.partial_dates import PartialDate
from waystation.stewardship.contacts.models import Contact, ContactState
from waystation.stewardship.contacts.queries.seen import absences, last_paid, last_seen
from waystation.stewardship.people.models import Departure, Person, Stay

_CHUNK = 500
_FIELDS = [
    "is_mobile", "last_real_on", "last_any_on", "last_visit_on", "last_paid_on", "quiet_since", "station",
    "absent_since", "absent_last_on",
]  # fmt: skip


@transaction.atomic
def lock_states(people: Iterable) -> dict:
    """The rows of the people (ids), made where they are missing, locked in one order; whoever writes the log waits."""
    ids = sorted(set(people))
    ContactState.objects.bulk_create((ContactState(person_id=pk) for pk in ids), ignore_conflicts=True)
    return {row.pk: row for row in ContactState.objects.select_for_update().filter(pk__in=ids).order_by("pk")}


@transaction.atomic
def renew_states(people: Iterable) -> None:
    """Work out anew what the log and the registers say about each of the people (ids).

    Whoever changes a roll, an activity or dues calls it in the same transaction.
    """
    ids = sorted(set(people))
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        rows = lock_states(chunk)
        logged, mobile, seen, paid = _logged(chunk), _mobile(chunk), last_seen(chunk), last_paid(chunk)
        absent = absences(chunk)
        for pk, row in rows.items():
            _fill(row, logged.get(pk, {}), seen.get(pk), *mobile.get(pk, (None, None)))
            row.last_paid_on = paid.get(pk)
            row.absent_since, row.absent_last_on = absent.get(pk, (None, None))
        ContactState.objects.bulk_update(rows.values(), _FIELDS)


def _fill(row: ContactState, logged: dict, seen: date | None, since: date | None, station: int | None) -> None:
    row.station_id = station
    row.last_real_on, row.last_any_on = _later(logged.get("real"), seen), _later(logged.get("last"), seen)
    row.last_visit_on, row.is_mobile = logged.get("visit"), since is not None
    row.quiet_since = _later(row.last_real_on, since)


def _later(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _logged(people: list) -> dict:
    rows = Contact.objects.standing().filter(person__in=people).order_by().values("person")
    rows = rows.annotate(
        last=Max("contacted_on"),
        real=Max("contacted_on", filter=Q(is_real=True)),
        visit=Max("contacted_on", filter=Q(is_real=True, channel=Contact.Channel.VISIT)),
    )
    return {row["person"]: row for row in rows}


def _mobile(people: list) -> dict[object, tuple[date, int | None]]:
    """Since when each is a mobile member and at which station: by the stay, else by what is known of the departure."""
    found = {}
    rows = Departure.objects.open().filter(person__in=people).values_list("person", "left", "created_at")
    for person, left, created_at in rows:
        found[person] = _whole_day(left, created_at), None
    stays = Stay.objects.open().filter(person__in=people).values_list("person", "starts_on", "station")
    found.update({person: (day, station) for person, day, station in stays})
    return found


def _whole_day(left: str, created_at: datetime) -> date:
    day = PartialDate.parse_iso(left) if left else None
    if day is None or day.month is None:
        return timezone.localdate(created_at)
    return min(date(day.year, day.month, day.day or 1), timezone.localdate(created_at))


def gather_states(at: datetime) -> int:
    """Begin to count for everybody who left by a roster, which tells nobody one by one; says how many."""
    missing = Departure.objects.open().filter(person__contact_state=None).values_list("person", flat=True)
    stale = Departure.objects.open().filter(person__contact_state__is_mobile=False).values_list("person", flat=True)
    found = {*missing[: 200 * _CHUNK], *stale[: 200 * _CHUNK]}
    renew_states(found)
    return len(found)


def mend_states(at: datetime) -> int:
    """Work out anew each state of another station than that of the open stay; says how many.

    There are none, unless a server of an older version went on writing after an update.
    """
    here = Stay.objects.open().filter(person=OuterRef("pk"), station=OuterRef("station"))
    strayed = ContactState.objects.filter(~Exists(here), station__isnull=False).values_list("pk", flat=True)
    unseen = Stay.objects.open().filter(person__contact_state__station=None).values_list("person", flat=True)
    found = {*strayed[: 200 * _CHUNK], *unseen[: 200 * _CHUNK]}
    renew_states(found)
    return len(found)


def living(person: Person) -> Person:
    """The file in use into which this one was merged, however often."""
    while person.merged_into_id is not None:
        person = Person.objects.get(pk=person.merged_into_id)
    return person


def locked_people(people: Iterable) -> list[Person]:
    """The people (ids) as they are now, held so that no merge can take place meanwhile; merged files lead on."""
    ids = sorted({getattr(person, "pk", person) for person in people})
    rows = list(Person.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids).order_by("pk"))
    found = {living(person).pk: living(person) for person in rows}
    return [found[pk] for pk in sorted(found)]
