"""Activity cards: issued by the branch, checked once a year, lost, issued anew, handed in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit, dated
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.organizations.queries import county_of
from waystation.stations.duty.actions import finish_item, finish_key, open_item
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.formalities import rules
from waystation.stewardship.formalities.actions.errors import (
    AlreadyClosed,
    HasCard,
    NoBranch,
    NotAllowed,
    NumberTaken,
    ReasonMissing,
    WrongDay,
)
from waystation.stewardship.formalities.models import ActivityCard, CardCheck
from waystation.stewardship.formalities.queries.cards import Window, due, window_of
from waystation.stewardship.people.models import Departure, Person

LINK = "formalities:card"
LIST_LINK = "formalities:card-list"
_CHECK = "card-check:"


@transaction.atomic
def issue_card(
    person: Person, *, number: str, issued_on: date, reason: str = "", place: str = "", left: str = "", by, at: datetime
) -> ActivityCard:
    """Issue an activity card, or another one for a card that was lost, and write its number on the file.

    Refuses a file without a branch (NoBranch), a user who does not speak for it (NotAllowed), a day to come
    (WrongDay), a second valid card (HasCard) and a number that the county gave out (NumberTaken).
    """
    person = Person.objects.select_for_update(of=("self",)).select_related("home").get(pk=person.pk)
    if person.home is None or person.home.kind != Unit.Kind.BRANCH:
        raise NoBranch
    if not Reach.of(by, Permission.ACTIVITY_CARD_ISSUE).covers(person.home_path):
        raise NotAllowed
    if issued_on > timezone.localdate(at):
        raise WrongDay
    lost = ActivityCard.objects.filter(person=person, state=ActivityCard.State.LOST, replaced_by=None)
    card = ActivityCard(
        person=person, filed_as=person, number=number.strip(), county=county_of(person.home), branch=person.home,
        branch_path=person.home_path, issued_on=issued_on, reason=reason.strip()[:100], place=place.strip()[:200],
        left=left, replaces=lost.order_by("-closed_at").first(), issued_at=at, issued_by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            card.save(force_insert=True)
    except IntegrityError as error:
        taken = ActivityCard.objects.valid().filter(person=person).exists()
        raise (HasCard if taken else NumberTaken) from error
    Person.objects.filter(pk=person.pk).update(card_no=card.number)
    _record("activity_card.issued", card, by=by, at=at)
    return card


@transaction.atomic
def report_lost(card: ActivityCard, *, on: date, reason: str, by, at: datetime) -> ActivityCard:
    """The card is lost and not valid any more; another may be issued (NotAllowed, ReasonMissing, AlreadyClosed)."""
    return _close(card, ActivityCard.State.LOST, on=on, reason=reason, by=by, at=at)


@transaction.atomic
def withdraw_card(card: ActivityCard, *, on: date, reason: str, by, at: datetime) -> ActivityCard:
    """The card was handed in, or is called in, at the end (NotAllowed, ReasonMissing, AlreadyClosed)."""
    return _close(card, ActivityCard.State.WITHDRAWN, on=on, reason=reason, by=by, at=at)


def _close(card: ActivityCard, state: str, *, on: date, reason: str, by, at: datetime) -> ActivityCard:
    if not reason.strip():
        raise ReasonMissing
    if not Reach.of(by, Permission.ACTIVITY_CARD_ISSUE).covers(card.branch_path):
        raise NotAllowed
    if not card.issued_on <= on <= timezone.localdate(at):
        raise WrongDay
    mine = ActivityCard.objects.valid().filter(pk=card.pk)
    if not mine.update(state=state, closed_on=on, closed_at=at, closed_by=by, closing_reason=reason.strip()[:200]):
        raise AlreadyClosed
    card.refresh_from_db()
    Person.objects.filter(pk=card.person_id, card_no=card.number).update(card_no="")
    finish_key(f"card-back:{card.pk}", outcome=str(card.get_state_display()), by=by, at=at)
    _record(f"activity_card.{state}", card, by=by, at=at)
    return card


@transaction.atomic
def check_cards(cards: Iterable[ActivityCard], *, on: date, remark: str = "", by, at: datetime) -> int:
    """Record the yearly check of those of the cards that are due; returns how many.

    A card whose branch or station the user does not speak for is refused (NotAllowed), one that is checked
    already is left as it is.
    """
    if on > timezone.localdate(at):
        raise WrongDay
    window = window_of(on)
    ids = [card.pk for card in cards]
    rows = due(ActivityCard.objects.filter(pk__in=ids), window).select_for_update(of=("self",))
    found = list(rows.select_related("person__station", "branch"))
    reach = Reach.of(by, Permission.ACTIVITY_CARD_CHECK)
    checks = [
        CardCheck(
            card=card, year=window.year, checked_on=on, unit=_checking(card, reach), remark=remark.strip()[:200],
            checked_at=at, checked_by=by,
        )
        for card in found
    ]  # fmt: skip
    CardCheck.objects.bulk_create(checks, batch_size=500)
    _finish_checks({card.branch_id for card in found}, window, by=by, at=at)
    audit.record_many(
        [
            {
                "verb": "activity_card.checked", "on": card, "unit_path": card.branch_path, "year": window.year,
                "person": str(card.person_id),
            }
            for card in found
        ],
        by=by, at=at,
    )  # fmt: skip
    return len(checks)


def _checking(card: ActivityCard, reach: Reach) -> Unit:
    """The unit in whose name the user saw the card."""
    if reach.covers(card.branch_path):
        return card.branch
    if reach.covers(card.person.stay_path):
        return card.person.station
    raise NotAllowed


# --- prompts --------------------------------------------------------------------------------------


def prompt_checks(at: datetime) -> int:
    """Put the yearly check on the list of every branch with cards that are due, and take it off where none is left.

    Returns how many branches were told. A round of the worker.
    """
    day = timezone.localdate(at)
    window = window_of(day)
    waiting = set(due(ActivityCard.objects.all(), window).values_list("branch", flat=True).distinct())
    told = OpenItem.objects.open().filter(key__startswith=_CHECK)
    for item in told.exclude(unit__in=waiting, key__endswith=f":{window.year}"):
        finish_item(item, outcome=_("No card is left to be checked."), by=None, at=at)
    known = set(told.values_list("unit", flat=True))
    for unit in Unit.objects.filter(pk__in=waiting - known).order_by("pk"):
        open_item(
            unit=unit, topic=OpenItem.Topic.CARD, by=None, at=at, key=_key(unit.pk, window),
            title=_("Yearly check of activity cards %(year)d") % {"year": window.year}, link=LIST_LINK,
            due_on=window.closes_on,
        )  # fmt: skip
    return len(waiting - known)


def _key(unit: int, window: Window) -> str:
    return f"{_CHECK}{unit}:{window.year}"


def _finish_checks(units: set[int], window: Window, *, by, at: datetime) -> None:
    left = due(ActivityCard.objects.filter(branch__in=units), window)
    for unit in sorted(units - set(left.values_list("branch", flat=True).distinct())):
        finish_key(_key(unit, window), outcome=_("Every card has been checked."), by=by, at=at)


def prompt_return(departure: Departure, *, at: datetime) -> None:
    """The member is not away any more: the branch looks at the card and takes it in."""
    card = ActivityCard.objects.valid().filter(person=departure.person_id).select_related("branch", "person").first()
    if card is None:
        return
    day = timezone.localdate(at)
    open_item(
        unit=card.branch, topic=OpenItem.Topic.CARD, by=departure.closed_by, at=at, key=f"card-back:{card.pk}",
        title=_("Take in the activity card of %(name)s") % {"name": card.person.full_name}, link=LINK,
        link_pk=card.pk, due_on=day + timedelta(days=dated.value(rules.RETURN_DAYS, day)),
    )  # fmt: skip


def _record(verb: str, card: ActivityCard, *, by, at: datetime) -> None:
    audit.record(verb, on=card, by=by, at=at, unit_path=card.branch_path, person=str(card.person_id))
