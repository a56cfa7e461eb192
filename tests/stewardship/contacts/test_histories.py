"""Over random histories: what is kept beside the log, rolls and dues is what they give; merges take nothing away."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import places as make
from tests.places import NOON
from tests.stewardship.dues import make as dues
from tests.stewardship.education import made
from waystation.stewardship.contacts import actions
from waystation.stewardship.contacts.actions import Said
from waystation.stewardship.contacts.models import Contact, ContactState
from waystation.stewardship.dues.actions import reverse
from waystation.stewardship.dues.models import DuesEntry
from waystation.stewardship.education import actions as education
from waystation.stewardship.education.models import Attendance
from waystation.stewardship.people.actions import MergeRefused, end_stay, merge_people, undo_merge
from waystation.stewardship.people.models import Merge, Person, Stay

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FIRST = date(2026, 1, 5)
PEOPLE = 3

steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("log"), st.integers(0, PEOPLE - 1), st.integers(0, 300),
            st.sampled_from(["phone", "visit", "wechat", "family"]),
            st.sampled_from(["reached", "not_reached", "through_others"]),
        ),
        st.tuples(st.just("strike"), st.integers(0, 30)),
        st.tuples(st.just("merge"), st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1)),
        st.tuples(st.just("undo")),
        st.tuples(st.just("roll"), st.integers(0, 300), st.sets(st.integers(0, PEOPLE - 1), min_size=1)),
        st.tuples(st.just("correct"), st.integers(0, 30), st.sampled_from(["present", "absent"])),
        st.tuples(st.just("cancel"), st.integers(0, 30)),
        st.tuples(st.just("pay"), st.integers(0, PEOPLE - 1), st.integers(0, 300)),
        st.tuples(st.just("reverse"), st.integers(0, 30)),
        st.tuples(st.just("end")),
    ),
    max_size=14,
)  # fmt: skip


def expected(person) -> tuple:
    """The state by plain reading of the log, in words of its own."""
    real, last, visit = None, None, None
    for row in Contact.objects.filter(person=person):
        if row.struck_at is None:
            last = max(filter(None, [last, row.contacted_on]))
            if row.outcome == "reached" and row.channel != "family":
                real = max(filter(None, [real, row.contacted_on]))
                if row.channel == "visit":
                    visit = max(filter(None, [visit, row.contacted_on]))
    for line in Attendance.objects.filter(person=person, mark="present").select_related("occasion"):
        if line.occasion.state == "held":
            real = max(filter(None, [real, line.occasion.held_on]))
            last = max(filter(None, [last, line.occasion.held_on]))
    entries = DuesEntry.objects.filter(person=person, amount__gt=0)
    paid = max((row.paid_on for row in entries if not row.reversals.exists()), default=None)
    stay = Stay.objects.filter(person=person, ends_on=None).first()
    left = person.departures.filter(state__in=["pending", "departed"]).first()
    since = stay.starts_on if stay else NOON.date() if left else None
    days = [day for day in (real, since) if day]
    assert not (since and Person.objects.get(pk=person.pk).merged_into_id), "a merged file is in nobody's care"
    away = absent_from_rolls(person)
    return real, last, visit, paid, *away, bool(since), max(days, default=None), stay and stay.station_id


def absent_from_rolls(person) -> tuple:
    """The first and last day of an absence that nothing broke."""
    lines = Attendance.objects.filter(person=person, is_double=False, occasion__state="held").select_related("occasion")
    days = sorted({line.occasion.held_on for line in lines})
    away: list = []
    for day in days:
        marks = {line.mark for line in lines if line.occasion.held_on == day}
        away = [*away, day] if marks == {"absent"} else []
    return (away[0], away[-1]) if away else (None, None)


def kept(person) -> tuple:
    row = ContactState.objects.filter(pk=person.pk).first() or ContactState()
    shown = (row.last_real_on, row.last_any_on, row.last_visit_on, row.last_paid_on)
    return *shown, row.absent_since, row.absent_last_on, row.is_mobile, row.quiet_since, row.station_id


def live(name, rest, people, station, by):
    """A step of organization life or dues."""
    if name == "roll":
        days, numbers = rest
        found = [Person.objects.get(pk=people[number].pk) for number in numbers]
        occasion = made.occasion(station, held_on=FIRST + timedelta(days=days))
        education.add_to_roll(occasion, [person for person in found if not person.merged_into_id], by=by, at=NOON)
        made.marked(occasion, *found)
        education.close_roll(occasion, by=by, at=NOON)
    elif name in ("correct", "cancel"):
        lines = list(Attendance.objects.filter(is_double=False, occasion__state="held").order_by("pk"))
        if lines and name == "correct":
            education.correct_line(lines[rest[0] % len(lines)], rest[1], reason="错", by=by, at=NOON)
        elif lines:
            education.cancel_occasion(lines[rest[0] % len(lines)].occasion, reason="错", by=by, at=NOON)
    elif name == "pay":
        person = Person.objects.get(pk=people[rest[0]].pk)
        if not person.merged_into_id:
            if not person.dues_bases.exists():
                dues.base(person, by=by)
            dues.paid(person, paid_on=FIRST + timedelta(days=rest[1]), unit=station, by=by, remark="补交")
    else:
        entries = list(DuesEntry.objects.live().order_by("pk"))
        if entries:
            reverse(entries[rest[0] % len(entries)], reason="错", by=by, at=NOON)


def play(step, people, station, by):
    """Do one step; what the laws refuse is refused and changes nothing."""
    name, *rest = step
    try:
        with transaction.atomic():
            if name == "log":
                who, days, channel, outcome = rest
                person = Person.objects.get(pk=people[who].pk)
                said = Said(channel, outcome, FIRST + timedelta(days=days))
                actions.log_contact(person, said, unit=None, by=by, at=NOON)
            elif name == "strike":
                rows = list(Contact.objects.order_by("pk"))
                if rows:
                    actions.strike_contact(rows[rest[0] % len(rows)], reason="错", by=by, at=NOON)
            elif name == "merge":
                pair = [Person.objects.get(pk=people[number].pk) for number in rest]
                merge_people(*pair, by=by, at=NOON)
            elif name == "undo":
                open_merges = Merge.objects.filter(undone_at=None).order_by("-pk")
                if open_merges:
                    undo_merge(open_merges[0], by=by, at=NOON)
            elif name != "end":
                live(name, rest, people, station, by)
            else:
                stay = Stay.objects.open().first()
                if stay is not None:
                    end_stay(stay, on=NOON.date(), ending="returned", by=by, at=NOON)
    except (actions.ContactRefused, Exception) as refusal:
        if type(refusal).__name__ not in ("ContactRefused", "AlreadyStruck", "MergeRefused", "RollEmpty"):
            raise


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=steps)
def test_what_is_kept_beside_the_log_is_what_the_log_gives(places, history):
    with transaction.atomic():
        by = make.user()
        people = [make.stay(places, "缪春花", starts_on=FIRST).person]
        for _n in range(PEOPLE - 1):
            person = make.departure(places, "缪春花", station=None).person
            person.departures.all().delete()
            actions.renew_states([person.pk])
            people.append(person)
        for step in history:
            play(step, people, places["station"], by)
            for person in people:
                assert kept(person) == expected(person), step
        while (merge := Merge.objects.filter(undone_at=None).order_by("-pk").first()) is not None:
            try:
                undo_merge(merge, by=by, at=NOON)
            except MergeRefused:  # a stay has ended since
                break
        else:
            for row in Contact.objects.all():
                assert row.person_id == row.recorded_for_id
        for person in people:
            assert kept(person) == expected(person)
        transaction.set_rollback(True)
