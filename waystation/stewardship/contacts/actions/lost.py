"""Cases of lost contact. Timers prompt, people decide; nothing here happens by itself."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit, dated
from waystation.kernel.templatetags.ui import zh_date
from waystation.organizations.models import Unit
from waystation.organizations.queries import ancestors
from waystation.stations.duty.actions import finish_key, open_item
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.contacts import rules
from waystation.stewardship.contacts.actions.errors import (
    AlreadyReported,
    ContactRefused,
    SameReporter,
    StageRefused,
    TooEarly,
)
from waystation.stewardship.contacts.actions.log import Said, log_contact
from waystation.stewardship.contacts.actions.states import locked_people, renew_states
from waystation.stewardship.contacts.models import ContactState, LostContact, SearchStep
from waystation.stewardship.contacts.queries.log import bundle_of
from waystation.stewardship.contacts.queries.lost import months_after, timers
from waystation.stewardship.people.actions import StatusRefused, change_status
from waystation.stewardship.people.models import PartyStatus, Person, StatusChange

State = LostContact.State


@transaction.atomic
def report_lost(person: Person, *, lost_since: date, situation: str, unit: Unit, by, at: datetime) -> LostContact:
    """Open a case: contact with the member is lost, the unit searches. Stage one begins.

    Refuses before the months of the rule have passed since `lost_since` (TooEarly), a day before the last real
    contact, organization life or dues paid (ContactRefused), and a second open case (AlreadyReported).
    """
    day = timezone.localdate(at)
    (person,) = locked_people([person])
    renew_states([person.pk])
    heard = ContactState.objects.get(pk=person.pk).heard_on
    if heard is not None and lost_since < heard:
        words = {"day": zh_date(heard)}
        raise ContactRefused(
            _("The member was in contact, at organization life or paid dues on %(day)s; contact is lost since then.")
            % words
        )
    first = months_after(lost_since, dated.value(rules.PROMPT_MONTHS, day))
    if day < first:
        raise TooEarly(first)
    try:
        with transaction.atomic():
            case = LostContact.objects.create(
                person=person, recorded_for=person, situation=LostContact.Situation(situation),
                lost_since=lost_since, unit=unit, reported_at=at, reported_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        if LostContact.objects.open().filter(person=person).exists():
            raise AlreadyReported from error
        raise
    _record("lost.reported", case, by=by, at=at, lost_since=lost_since)
    open_item(
        unit=unit, topic=OpenItem.Topic.LOST, title=_("Search for %(name)s") % {"name": person.full_name},
        key=f"lost:{case.pk}", bundle=bundle_of(person), link="contacts:lost", link_pk=case.pk, by=by, at=at,
    )  # fmt: skip
    return case


@transaction.atomic
def add_step(case: LostContact, *, way: str, searched_on: date, result: str, by, at: datetime) -> SearchStep:
    """Record one way in which the member was searched for. Refuses in a closed case (StageRefused)."""
    case = _locked(case, *LostContact.OPEN)
    if searched_on > timezone.localdate(at) or searched_on < case.lost_since:
        raise ContactRefused(_("A search lies between the day contact was lost and today."))
    step = SearchStep.objects.create(
        case=case, way=SearchStep.Way(way), searched_on=searched_on, result=result[:200], recorded_at=at, recorded_by=by
    )
    _record("lost.searched", case, by=by, at=at, way=way)
    return step


@transaction.atomic
def suspend_membership(case: LostContact, *, decided_on: date, document: str, by, at: datetime) -> LostContact:
    """Record the decision that ends stage one: the membership is suspended; stage two begins.

    Refuses another stage (StageRefused), too few ways of searching (StageRefused), before the months of the rule
    (TooEarly), whoever reported (SameReporter).
    """
    case = _locked(case, State.SEARCHING)
    _refuse_own(case, by)
    state = timers(case, day=decided_on)
    if decided_on > timezone.localdate(at):
        raise ContactRefused(_("A decision lies in the past or was made today."))
    if decided_on < state.suspend_from:
        raise TooEarly(state.suspend_from)
    if state.ways < state.ways_needed:
        words = {"n": state.ways, "needed": state.ways_needed}
        raise StageRefused(_("Searched for in %(n)d ways so far; %(needed)d different ones are needed.") % words)
    if state.heard_since is not None:
        raise StageRefused(_("The member was heard of meanwhile: a real contact, organization life or dues paid."))
    case.state, case.suspended_on, case.suspension_document = State.SUSPENDED, decided_on, document[:60]
    case.suspended_at, case.suspended_by = at, by
    case.save(update_fields=["state", "suspended_on", "suspension_document", "suspended_at", "suspended_by"])
    _decide(case, PartyStatus.SUSPENDED, decided_on, document, by, at)
    _record("lost.suspended", case, by=by, at=at, decided_on=decided_on, document=document)
    return case


@transaction.atomic
def remove_member(case: LostContact, *, decided_on: date, document: str, note: str, by, at: datetime) -> LostContact:
    """Record the decision that ends stage two: removed as having left the Party by oneself. The case closes.

    Refuses another stage (StageRefused), before the months of the rule have passed since the suspension
    (TooEarly), whoever reported (SameReporter).
    """
    case = _locked(case, State.SUSPENDED)
    _refuse_own(case, by)
    state = timers(case, day=decided_on)
    if decided_on > timezone.localdate(at):
        raise ContactRefused(_("A decision lies in the past or was made today."))
    if decided_on < state.remove_from:
        raise TooEarly(state.remove_from)
    if state.heard_since is not None:
        raise StageRefused(_("The member was heard of meanwhile: a real contact, organization life or dues paid."))
    case.removed_on, case.removal_document, case.removed_at, case.removed_by = decided_on, document[:60], at, by
    _close(case, State.REMOVED, note or str(State.REMOVED.label), decided_on, by, at)
    case.save()
    _decide(case, PartyStatus.LEFT, decided_on, document, by, at)
    _record("lost.removed", case, by=by, at=at, decided_on=decided_on, document=document)
    return case


@transaction.atomic
def close_found(case: LostContact, said: Said, *, note: str, by, at: datetime) -> LostContact:
    """The member was found: the contact goes into the log, the case closes, the member returns to usual care.

    If the membership was suspended, the county is asked to decide whether it is restored. Refuses a closed case,
    and a contact that is not real.
    """
    case = _locked(case, *LostContact.OPEN)
    if not said.is_real or said.contacted_on < case.lost_since:
        raise ContactRefused(_("Found is who answered in person after contact was lost."))
    was_suspended = case.state == State.SUSPENDED
    _close(case, State.FOUND, note, said.contacted_on, by, at)
    case.save()
    _record("lost.found", case, by=by, at=at, was_suspended=was_suspended)
    log_contact(case.person, said, unit=case.unit, by=by, at=at)
    county = next((unit for unit in ancestors(case.unit) if unit.kind == Unit.Kind.COUNTY), case.unit)
    if was_suspended:
        words = {"name": case.person.full_name}
        open_item(
            unit=county, topic=OpenItem.Topic.LOST, key=f"restore:{case.pk}",
            link="people:status", link_pk=case.person_id,
            title=_("%(name)s was found after the suspension: decide on restoring the membership") % words,
            by=by, at=at,
        )  # fmt: skip
    return case


@transaction.atomic
def answer_restoring(change: StatusChange) -> None:
    """Close the county's item about restoring a membership once a status was recorded."""
    for case in LostContact.objects.filter(person=change.person_id, state=State.FOUND).values_list("pk", flat=True):
        finish_key(f"restore:{case}", outcome=change.get_status_display(), by=change.recorded_by, at=change.recorded_at)


@transaction.atomic
def close_mistaken(case: LostContact, *, note: str, by, at: datetime) -> LostContact:
    """Contact was never lost: the report was a mistake. Only while searching; refuses without a reason."""
    if not note.strip():
        raise ContactRefused(_("Write why the report was a mistake."))
    case = _locked(case, State.SEARCHING)
    _close(case, State.MISTAKEN, note, timezone.localdate(at), by, at)
    case.save()
    _record("lost.mistaken", case, by=by, at=at)
    return case


def _decide(case: LostContact, status: str, decided_on: date, document: str, by, at: datetime) -> None:
    """The decision takes effect on the file; it may stand there already."""
    if Person.objects.filter(pk=case.person_id, party_status=status).exists():
        return
    try:
        change_status(
            case.person, status, decided_on=decided_on, document=document, by=by, at=at, note=_("Lost contact")
        )
    except StatusRefused as refusal:
        raise StageRefused(str(refusal)) from refusal


def _locked(case: LostContact, *states: str) -> LostContact:
    locked_people([case.person_id])
    found = LostContact.objects.select_for_update(of=("self",)).select_related("person", "unit").get(pk=case.pk)
    if found.state not in states:
        raise StageRefused(_("The case is in another stage now: %(state)s.") % {"state": found.get_state_display()})
    return found


def _refuse_own(case: LostContact, by) -> None:
    if by is None or by.pk == case.reported_by_id:
        raise SameReporter


def _close(case: LostContact, state: str, note: str, day: date, by, at: datetime) -> None:
    case.state, case.closed_on, case.closed_at, case.closed_by = state, day, at, by
    case.closing_note = note.strip()[:200] or str(State(state).label)
    finish_key(f"lost:{case.pk}", outcome=str(State(state).label), by=by, at=at)


def _record(verb: str, case: LostContact, *, by, at: datetime, **facts) -> None:
    path = case.person.stay_path or case.person.home_path
    audit.record(verb, on=case, by=by, at=at, unit_path=path, person=str(case.person_id), **facts)
