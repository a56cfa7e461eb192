"""Writing the log of contacts."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit, dated
from waystation.kernel.ids import new_id
from waystation.kernel.sealing import Tampered, seal, unseal
from waystation.kernel.templatetags.ui import zh_date
from waystation.organizations.models import Unit
from waystation.stations.duty.actions import finish_key, open_item
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.contacts import rules
from waystation.stewardship.contacts.actions.errors import AlreadyStruck, ContactRefused
from waystation.stewardship.contacts.actions.states import locked_people, renew_states
from waystation.stewardship.contacts.models import Contact
from waystation.stewardship.contacts.queries.log import bundle_of, holder_of
from waystation.stewardship.people.models import Person

SEALED = ("sealed_note", "needs")


@dataclass(frozen=True)
class Said:
    """What somebody says about one contact."""

    channel: str
    outcome: str
    contacted_on: date
    note: str = ""
    is_sensitive: bool = False
    companions: str = ""
    needs: str = ""
    follow_up_on: date | None = None

    @property
    def is_real(self) -> bool:
        """Reached in person, by a channel that the rule of that day counts."""
        channels = dated.value(rules.REAL_CHANNELS, self.contacted_on).split()
        return self.outcome == Contact.Outcome.REACHED and self.channel in channels


def log_contact(
    person: Person, said: Said, *, unit: Unit | None, spoken_by: str = "", source: str = "desk", by, at: datetime
) -> Contact:
    """Write one contact with one member into the log; see `log_contacts`."""
    return log_contacts([person], said, unit=unit, spoken_by=spoken_by, source=source, by=by, at=at)[0]


@transaction.atomic
def log_contacts(
    people: Iterable[Person], said: Said, *, unit: Unit | None, spoken_by: str = "", source: str = "desk", by,
    at: datetime,
) -> list[Contact]:  # fmt: skip
    """Write the same contact with each of the people into the log: one call, or a meeting with twenty of them.

    Refuses (ContactRefused) a day that has not come, and a member reached in person through the family. What is
    to be done next becomes an open item of the unit that answers for contact with the member that day, and what a
    household needs one of the unit that answers for service.
    """
    if said.contacted_on > timezone.localdate(at):
        raise ContactRefused(_("A contact lies in the past or happened today."))
    if said.channel == Contact.Channel.FAMILY and said.outcome == Contact.Outcome.REACHED:
        raise ContactRefused(_("Through the family nobody is reached in person; choose “heard of through others”."))
    found = locked_people(people)
    meeting = uuid.uuid4() if len(found) > 1 else None
    who = spoken_by or str(by or "")
    rows = [_row(person, said, unit, who, source, meeting, by, at) for person in found]
    Contact.objects.bulk_create(rows)
    renew_states([person.pk for person in found])
    audit.record_many([_event(row, person) for row, person in zip(rows, found, strict=True)], by=by, at=at)
    for row, person in zip(rows, found, strict=True):
        _tell_duty(row, person, said, unit, by, at)
    return rows


def _row(person, said: Said, unit, who: str, source: str, meeting, by, at) -> Contact:
    row = Contact(
        id=new_id(), person=person, recorded_for=person, channel=Contact.Channel(said.channel),
        outcome=Contact.Outcome(said.outcome), is_real=said.is_real, contacted_on=said.contacted_on,
        spoken_by=who[:100], unit=unit, companions=said.companions[:100], follow_up_on=said.follow_up_on,
        meeting=meeting, source=Contact.Source(source), recorded_at=at, recorded_by=by,
        note="" if said.is_sensitive else said.note[:200],
    )  # fmt: skip
    seal(row, "sealed_note", said.note if said.is_sensitive else None)
    seal(row, "needs", said.needs or None)
    return row


def _event(row: Contact, person: Person) -> dict:
    return {
        "verb": "contact.logged", "on": row, "unit_path": person.stay_path or person.home_path,
        "person": str(person.pk), "channel": str(row.channel), "outcome": str(row.outcome),
    }  # fmt: skip


def _tell_duty(row: Contact, person: Person, said: Said, unit, by, at) -> None:
    """An earlier follow-up is done by a real contact or replaced by a later date; needs are somebody's to answer."""
    key = f"follow-up:{person.pk}"
    if row.is_real or said.follow_up_on:
        outcome = _("Contact on %(day)s") % {"day": zh_date(row.contacted_on)}
        for pk in (person.pk, *Person.objects.filter(merged_into=person).values_list("pk", flat=True)):
            finish_key(f"follow-up:{pk}", outcome=outcome, by=by, at=at)
    if said.follow_up_on:
        title = _("Get in touch with %(name)s again")
        _ask_holder(row, person, OpenItem.Topic.CONTACT, title, unit, by, at, due_on=said.follow_up_on, key=key)
    if said.needs:
        title = _("See to what the home visit to %(name)s brought up")
        _ask_holder(row, person, OpenItem.Topic.SERVICE, title, unit, by, at, key=f"needs:{row.pk}")


def _ask_holder(row: Contact, person: Person, topic: str, title: str, unit, by, at, **more) -> None:
    """An item for the unit that answers for the duty of the topic; without a home, for the unit that spoke."""
    holder = holder_of(person, topic, timezone.localdate(at)) or unit
    if holder is None:
        return
    open_item(
        unit=holder, topic=topic, title=title % {"name": person.full_name}, bundle=bundle_of(person),
        link="contacts:contact", link_pk=row.pk, by=by, at=at, **more,
    )  # fmt: skip


@transaction.atomic
def strike_contact(contact: Contact, *, reason: str, by, at: datetime) -> Contact:
    """Strike a wrong entry out; it stays readable and counts no more. Refuses a second time and without a reason."""
    if not reason.strip():
        raise ContactRefused(_("Write why the entry is wrong."))
    locked_people([contact.recorded_for_id, contact.person_id])
    mine = Contact.objects.standing().filter(pk=contact.pk)
    if not mine.update(struck_at=at, struck_by=by, strike_reason=reason.strip()[:200]):
        raise AlreadyStruck
    contact.refresh_from_db()
    renew_states([contact.person_id])
    path = contact.person.stay_path or contact.person.home_path
    audit.record("contact.struck", on=contact, by=by, at=at, unit_path=path, person=str(contact.person_id))
    outcome = _("The contact was struck out")
    finish_key(f"needs:{contact.pk}", outcome=outcome, by=by, at=at)
    if OpenItem.objects.open().filter(key=f"follow-up:{contact.person_id}", link_pk=str(contact.pk)).exists():
        finish_key(f"follow-up:{contact.person_id}", outcome=outcome, by=by, at=at)
    return contact


def open_sealed(contact: Contact, field: str, *, purpose: str, by, at: datetime) -> str:
    """What a sealed note says. The event is written first: no trace, no reading. Raises Tampered."""
    if field not in SEALED:
        raise ValueError(field)
    path = contact.person.stay_path or contact.person.home_path
    event = {"on": contact, "by": by, "at": at, "purpose": purpose, "fields": (field,), "unit_path": path}
    try:
        with transaction.atomic():
            audit.record("contact.revealed", person=str(contact.person_id), **event)
            return unseal(contact, field) or ""
    except Tampered:
        audit.record("contact.revealed", result="error", person=str(contact.person_id), **event)
        raise
