"""The weekly five of a grid: kept for the week, and marked by one tap, perhaps sent later and twice."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit, dated
from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stations.duty.actions import open_item
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.contacts import rules
from waystation.stewardship.contacts.actions.errors import ContactRefused
from waystation.stewardship.contacts.actions.log import Said, log_contact
from waystation.stewardship.contacts.actions.states import locked_people
from waystation.stewardship.contacts.models import Contact, WeeklyDue, WeeklyMark
from waystation.stewardship.contacts.models.weekly import MOST
from waystation.stewardship.contacts.queries.log import bundle_of, holder_of
from waystation.stewardship.contacts.queries.weekly import Due, candidates, members_of, monday, stored

Outcome = WeeklyDue.Outcome
_SAID = {
    Outcome.PHONED: (Contact.Channel.PHONE, Contact.Outcome.REACHED),
    Outcome.MET: (Contact.Channel.MET, Contact.Outcome.REACHED),
    Outcome.VISITED: (Contact.Channel.VISIT, Contact.Outcome.REACHED),
    Outcome.NOT_REACHED: (Contact.Channel.PHONE, Contact.Outcome.NOT_REACHED),
}


def prepare_week(grid: Unit, *, day: date, at: datetime) -> list[Due]:
    """The five of the week as they are kept; made the first time, filled up when places are free.

    Whoever left the grid before anything was marked gives the place up. Of two who come at once one writes.
    """
    week, kept = monday(day), stored(grid, day)
    gone = [due for due in kept if not due.row.outcome and due.person.stay_path != grid.path]
    if len(kept) - len(gone) >= MOST and not gone:
        return kept
    fresh = candidates(members_of(grid), day)
    known = {due.person.pk for due in kept}
    if gone or any(due.person.pk not in known for due in fresh):
        _keep(grid, week, [due.row.pk for due in gone], fresh, at)
        return stored(grid, day)
    return kept


@transaction.atomic
def _keep(grid: Unit, week: date, gone: list, fresh: list[Due], at: datetime) -> None:
    # The grid's row is the lock: whoever comes second finds the places taken.
    Unit.objects.select_for_update(no_key=True, of=("self",)).get(pk=grid.pk)
    WeeklyDue.objects.filter(pk__in=gone, outcome="", marks=None).delete()
    rows = list(WeeklyDue.objects.filter(grid=grid, week=week))
    free = [place for place in range(1, MOST + 1) if place not in {row.place for row in rows}]
    known = {row.person_id for row in rows}
    chosen = [due for due in fresh if due.person.pk not in known][: len(free)]
    WeeklyDue.objects.bulk_create(
        WeeklyDue(
            id=new_id(), grid=grid, week=week, place=place, person=due.person, recorded_for=due.person,
            reasons=[list(pair) for pair in due.keys], made_at=at,
        )
        for place, due in zip(free, chosen, strict=False)
    )  # fmt: skip


@dataclass(frozen=True)
class Marked:
    """What came of a tap: the mark, whether it was known already, and what the leader should be told."""

    mark: WeeklyMark
    is_new: bool
    words: str


@transaction.atomic
def mark_due(due: WeeklyDue, *, key: uuid.UUID, outcome: str, tapped_at: datetime, by, at: datetime) -> Marked:
    """Record what the leader tapped; a key that was recorded before changes nothing.

    A conversation goes into the log of contacts on the day of the tap; a need becomes an open item of
    the unit that answers for service that day.
    Refuses (ContactRefused) a key with other content, a tap older than the rule of its day allows, a member of
    another grid.
    """
    if outcome not in Outcome.values or not outcome:
        raise ContactRefused(_("Nothing was chosen."))
    locked_people([due.person_id])
    due = WeeklyDue.objects.select_for_update(of=("self",)).select_related("grid__parent", "person").get(pk=due.pk)
    if (known := WeeklyMark.objects.filter(pk=key).first()) is not None:
        return _again(known, due, outcome, by)
    tapped_at = min(tapped_at, at)
    _refuse_late(due, tapped_at, at)
    earlier = due.marks.select_related("recorded_by").order_by("tapped_at").last()
    contact = _contact(due, outcome, tapped_at, by, at)
    try:
        with transaction.atomic():
            mark = WeeklyMark.objects.create(
                key=key, due=due, outcome=outcome, tapped_at=tapped_at, recorded_at=at, recorded_by=by, contact=contact
            )
    except IntegrityError:
        raise ContactRefused(_("This tap was recorded for somebody else.")) from None
    if earlier is None or earlier.tapped_at <= tapped_at:
        WeeklyDue.objects.filter(pk=due.pk).update(outcome=outcome)
    if outcome == Outcome.NEEDS_HELP:
        _ask_for_help(due, by, at)
    audit.record(
        "weekly.marked", on=due, by=by, at=at, unit_path=due.grid.path, person=str(due.person_id), outcome=outcome
    )
    return Marked(mark, True, _words(due, outcome, earlier, by))


def _again(known: WeeklyMark, due: WeeklyDue, outcome: str, by) -> Marked:
    if (known.due_id, known.outcome, known.recorded_by_id) != (due.pk, outcome, by.pk):
        raise ContactRefused(_("This tap was recorded for somebody else."))
    return Marked(known, False, _("%(name)s: already recorded.") % {"name": due.person.full_name})


def _refuse_late(due: WeeklyDue, tapped_at: datetime, at: datetime) -> None:
    name = {"name": due.person.full_name}
    if at - tapped_at > timedelta(days=dated.value(rules.TAP_DAYS, timezone.localdate(tapped_at))):
        raise ContactRefused(_("%(name)s: this was tapped too long ago. Write the contact into the log.") % name)
    if due.person.merged_into_id or due.person.stay_path != due.grid.path:
        raise ContactRefused(_("%(name)s is not in this grid any more. Tell the station what you heard.") % name)


def _contact(due: WeeklyDue, outcome: str, tapped_at: datetime, by, at: datetime) -> Contact | None:
    if outcome not in _SAID:
        return None
    channel, reached = _SAID[Outcome(outcome)]
    said = Said(channel, reached, timezone.localdate(tapped_at))
    return log_contact(due.person, said, unit=due.grid, source=Contact.Source.FIVE, by=by, at=at)


def _ask_for_help(due: WeeklyDue, by, at: datetime) -> None:
    words, today = {"grid": due.grid.name, "name": due.person.full_name}, timezone.localdate(at)
    holder = holder_of(due.person, "service", today) or due.grid.parent
    open_item(
        unit=holder, topic=OpenItem.Topic.SERVICE, title=_("%(grid)s: %(name)s needs help") % words,
        key=f"help:{due.pk}", bundle=bundle_of(due.person), link="contacts:person", link_pk=due.person_id,
        due_on=today + timedelta(days=dated.value(rules.HELP_DAYS, today)), by=by, at=at,
    )  # fmt: skip


def _words(due: WeeklyDue, outcome: str, earlier: WeeklyMark | None, by) -> str:
    words = {"name": due.person.full_name, "outcome": Outcome(outcome).label}
    if earlier is not None and earlier.recorded_by_id != by.pk:
        words |= {"other": earlier.recorded_by, "before": earlier.get_outcome_display()}
        return _("%(name)s: %(outcome)s. %(other)s had already recorded: %(before)s. Both are kept.") % words
    return _("%(name)s: %(outcome)s.") % words
