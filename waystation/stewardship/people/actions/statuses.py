"""How somebody stands in the Party: suspended, restored, out of it, or dead. People decide; here it takes effect."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.stewardship.people import signals
from waystation.stewardship.people.actions.accounts import follow_membership
from waystation.stewardship.people.actions.departures import close_ended
from waystation.stewardship.people.actions.errors import Refused
from waystation.stewardship.people.actions.stays import end_stay
from waystation.stewardship.people.models import Departure, Membership, PartyStatus, Person, StatusChange, Stay

# What may follow what. Whoever is out of the Party or was thought dead comes back by a decision, too.
NEXT = {
    PartyStatus.NORMAL: (PartyStatus.SUSPENDED, PartyStatus.LEFT, PartyStatus.DIED),
    PartyStatus.SUSPENDED: (PartyStatus.NORMAL, PartyStatus.LEFT, PartyStatus.DIED),
    PartyStatus.LEFT: (PartyStatus.NORMAL,),
    PartyStatus.DIED: (PartyStatus.NORMAL,),
}


class StatusRefused(Refused):
    """The party status does not change; `str(error)` says why."""


@transaction.atomic
def change_status(
    person: Person, status: str, *, decided_on: date, document: str, by, at: datetime, note: str = ""
) -> StatusChange:
    """Record a decision on the party status, or a death; nobody is deleted.

    Whoever is no member any more leaves every duty of a member in the same transaction: the stay ends, the departure
    closes, the formal relation ends; the branch keeps the file. With the way back the relation begins anew. Refuses
    what cannot follow, a day to come, a day before the last change, and a decision without a document (StatusRefused).
    """
    # Stays before the person, as everybody locks them.
    stay = Stay.objects.select_for_update().filter(person=person.pk, ends_on=None).first()
    person = Person.objects.select_for_update(of=("self",)).select_related("home").get(pk=person.pk)
    status = PartyStatus(status)
    _refuse(person, status, decided_on, document, at)
    change = StatusChange.objects.create(
        person=person, before=person.party_status, status=status, decided_on=decided_on, document=document.strip()[:60],
        note=note.strip()[:200], recorded_at=at, recorded_by=by,
    )  # fmt: skip
    was, path = person.party_status, person.stay_path or person.home_path
    Person.objects.filter(pk=person.pk).update(party_status=status)
    if status in Person.ENDED:
        _let_go(person, stay, on=decided_on, by=by, at=at)
    elif was in Person.ENDED and person.home is not None:
        Membership.objects.create(person=person, branch=person.home, starts_on=decided_on)
        follow_membership(person, old=None, new=person.home, by=by, at=at)
    signals.status_changed.send(sender=StatusChange, change=change)
    audit.record(
        "person.status_changed", on=person, by=by, at=at, unit_path=path, before=was, status=str(status.value),
        decided_on=decided_on,
    )  # fmt: skip
    return change


def _refuse(person: Person, status: PartyStatus, decided_on: date, document: str, at: datetime) -> None:
    if person.merged_into_id is not None:
        raise StatusRefused(_("This file was merged into another. Record it there."))
    if status not in NEXT[person.party_status]:
        words = {"before": person.get_party_status_display(), "status": status.label}
        raise StatusRefused(_("“%(status)s” cannot follow “%(before)s”.") % words)
    if not document.strip():
        raise StatusRefused(_("Name the document of the decision, or the certificate."))
    if decided_on > timezone.localdate(at):
        raise StatusRefused(_("A decision lies in the past or was made today."))
    last = StatusChange.objects.filter(person=person).order_by("-decided_on").first()
    if last is not None and decided_on < last.decided_on:
        raise StatusRefused(_("The last change was decided on a later day."))


def _let_go(person: Person, stay: Stay | None, *, on: date, by, at: datetime) -> None:
    departure = Departure.objects.open().filter(person=person).first()
    if departure is not None:
        close_ended(departure, on=on, by=by, at=at)
    elif stay is not None:
        end_stay(stay, on=on, ending=Stay.Ending.ENDED, by=by, at=at)
    for row in Membership.objects.select_for_update().filter(person=person, ends_on=None):
        Membership.objects.filter(pk=row.pk).update(ends_on=max(on, row.starts_on))
    follow_membership(person, old=person.home, new=None, by=by, at=at)
