"""A large round is opened by a job: the same rows as at once, once, and all or nothing."""

from collections import Counter
from datetime import date
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from tests.fault.conftest import together
from tests.stewardship.appraisals import rounds as make_round
from tests.stewardship.appraisals.rounds import OPENED
from waystation.kernel import audit, jobs
from waystation.kernel.models import AuditEvent, Job
from waystation.organizations.actions import end_mandate
from waystation.organizations.models import Mandate
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.appraisals.actions import errors, opening, rounds
from waystation.stewardship.appraisals.models import Appraisal, AppraisalRound, Assessment
from waystation.stewardship.contacts.actions import excuse_member
from waystation.stewardship.people.actions import transfer_stay

pytestmark = pytest.mark.django_db
NAMED = {"mutual": "named", "peers": 2, "weight_self": 10, "weight_mutual": 10}


@pytest.fixture
def head(places):
    return make.user("county_organiser", places["county"])


@pytest.fixture
def many(places, monkeypatch):
    """Seven members at two stations, which is many here; two a chunk."""
    monkeypatch.setattr(opening, "AT_ONCE", 3)
    monkeypatch.setattr(opening, "_CHUNK", 2)
    stays = [make.stay(places, f"成员{number}") for number in range(5)]
    excuse_member(stays[0].person, reason="aged", starts_on=date(2026, 1, 1), by=None, at=OPENED)
    return stays + [
        make.stay(places, f"邻县{number}", station="beside", origin="beside branch", community="beside community")
        for number in range(2)
    ]


def start(held, by):
    return opening.start_opening(held, by=by, at=timezone.now())


def written(held):
    """The rows of a round but for their keys, and which lots were drawn."""
    appraisals = Counter(
        held.appraisals.values_list(
            "person", "stay", "station", "station_path", "origin", "origin_path", "is_excused", "is_probationary"
        )
    )
    sides = Assessment.objects.filter(round=held)
    named = Counter(sides.exclude(side="mutual").values_list("person", "side", "assessor", "is_required"))
    peers = Counter(sides.filter(side="mutual").values_list("person"))
    items = Counter(
        OpenItem.objects.open().values_list("unit", "unit_path", "topic", "title", "bundle", "link", "due_on")
    )
    return appraisals, named, peers, items


def nothing_written(held):
    held.refresh_from_db()
    counts = [rows.objects.count() for rows in (Appraisal, Assessment, OpenItem)]
    return (held.state, held.opened_at, counts) == ("published", None, [0, 0, 0])


# --- the same as at once --------------------------------------------------------------------------


def test_the_job_writes_what_is_written_at_once(places, many, monkeypatch):
    head = make.user("city_organiser", places["city"])
    monkeypatch.setattr(opening.Reach, "covers", lambda self, path: True)  # nobody manages a whole prefecture today
    first = make_round.published(places["city"], **NAMED)
    opening.open_round(first, by=head, at=timezone.now())
    at_once = written(first)
    Assessment.objects.all().delete()
    Appraisal.objects.all().delete()
    OpenItem.objects.all().delete()

    second = make_round.published(places["city"], year=2027, **NAMED)
    job = jobs.run_inline(start(second, head))

    second.refresh_from_db()
    assert (job.state, job.error, second.state, second.opened_by) == ("done", "", "scoring", head)
    assert (job.done, job.total, job.result["url"]) == (7, 7, reverse("appraisals:round", args=[second.pk]))
    assert written(second) == at_once
    assert sum(at_once[0].values()) == 7
    assert sum(at_once[3].values()) == 14


def test_a_small_round_is_opened_while_the_user_waits(places, head):
    make.stay(places)
    held = make_round.published(places["county"])

    assert start(held, head) is None
    held.refresh_from_db()
    assert (held.state, held.opening, Job.objects.count()) == ("scoring", None, 0)


def test_many_items_leave_one_event_a_unit(places, many, head):
    make_round.opened(places["county"])
    events = AuditEvent.objects.filter(verb="item.opened").order_by("unit_path")
    assert [(event.unit_path, event.facts["items"]) for event in events] == sorted(
        [(places["station"].path, 5), (places["branch"].path, 5)]
    )


# --- once -----------------------------------------------------------------------------------------


def test_a_round_that_is_being_opened_is_neither_opened_nor_withdrawn(places, many, head):
    held = make_round.published(places["county"])
    job = start(held, head)

    with pytest.raises(errors.BeingOpened):
        start(held, head)
    with pytest.raises(errors.BeingOpened):
        opening.open_round(held, by=head, at=timezone.now())
    with pytest.raises(errors.BeingOpened):
        rounds.withdraw_round(held, reason="写错了", by=head, at=timezone.now())
    assert nothing_written(held)
    assert jobs.run_inline(job).state == Job.State.DONE


def test_a_job_that_runs_again_after_a_crash_doubles_nothing(places, many, head):
    held = make_round.published(places["county"])
    job = jobs.run_inline(start(held, head))
    before = written(held)

    Job.objects.filter(pk=job.pk).update(state="queued", finished_at=None)
    assert jobs.run_inline(job).state == Job.State.DONE
    assert written(held) == before


def test_a_job_that_was_stopped_and_begins_again_does_not_open_what_another_has_opened(places, many, head):
    held = make_round.published(places["county"])
    old = start(held, head)
    jobs.cancel(old, by=head, at=timezone.now())
    jobs.run_inline(start(held, head))
    before = written(held)

    jobs.retry(old, by=head, at=timezone.now())
    assert jobs.run_inline(old).state == Job.State.FAILED
    assert old.error == str(errors.NotInThisState())
    assert written(held) == before


def test_what_changes_while_the_rows_are_made_is_seen_when_they_are_written(places, many, head, monkeypatch):
    held = make_round.published(places["county"])
    job = start(held, head)
    prepare, runs = opening.prepared, []

    def somebody_moves(*args, **more):
        made = prepare(*args, **more)
        if not runs:
            transfer_stay(
                many[0], station=places["beside"], destination=None, on=date(2026, 11, 10), by=None, at=timezone.now()
            )
        runs.append(made)
        return made

    monkeypatch.setattr(opening, "prepared", somebody_moves)
    assert jobs.run_inline(job).state == Job.State.DONE
    assert len(runs) == 2
    assert set(held.appraisals.values_list("stay", flat=True)) == {stay.pk for stay in many[1:5]}


# --- all or nothing -------------------------------------------------------------------------------


@pytest.mark.parametrize("broken", ["open_items", "_item", "_drawn"])
def test_a_failure_leaves_the_round_as_it_was(places, many, head, monkeypatch, broken):
    held = make_round.published(places["county"])
    job = start(held, head)

    def break_down(*args, **kwargs):
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(opening, broken, break_down)
        for _attempt in range(jobs.ATTEMPTS):
            job = jobs.run_inline(job)
            assert nothing_written(held)
    assert job.state == Job.State.FAILED
    assert not AuditEvent.objects.filter(verb__in=["appraisal_round.opened", "item.opened"]).exists()

    assert jobs.run_inline(start(held, head)).state == Job.State.DONE


def test_whoever_stops_the_job_at_the_last_moment_stops_it(places, many, head, monkeypatch):
    held = make_round.published(places["county"])
    job = start(held, head)
    write = opening.open_items

    def stop_and_write(batches, **more):
        Job.objects.filter(pk=job.pk).update(cancel_asked_at=timezone.now(), cancel_asked_by=head)
        write(batches, **more)

    monkeypatch.setattr(opening, "open_items", stop_and_write)
    jobs.run_inline(job)
    assert nothing_written(held)


def test_a_right_that_has_ended_ends_the_job_with_a_reason_that_the_round_shows(places, many, head, client):
    held = make_round.published(places["county"])
    job = start(held, head)
    today, now = timezone.localdate(), timezone.now()
    end_mandate(Mandate.objects.get(user=head), ends_on=today, by=None, at=now)
    jobs.run_inline(job)

    assert (job.state, job.error) == (Job.State.FAILED, str(errors.ManagingEnded()))
    assert nothing_written(held)
    other = make.user("county_organiser", places["county"])
    client.force_login(other)
    page = client.get(reverse("appraisals:round", args=[held.pk])).content.decode()
    assert job.error in page
    assert reverse("appraisals:step", args=[held.pk, "open"]) in page


def test_the_pages_show_how_far_it_is_and_offer_no_step(places, many, head, client):
    held = make_round.published(places["county"])
    client.force_login(head)
    step = reverse("appraisals:step", args=[held.pk, "open"])
    assert client.post(step).headers["Location"] == reverse("appraisals:round", args=[held.pk])

    job = Job.objects.get(kind=opening.KIND)
    page = client.get(reverse("appraisals:round", args=[held.pk])).content.decode()
    assert reverse("web:job", args=[job.pk]) in page
    assert step not in page
    assert reverse("appraisals:step", args=[held.pk, "withdraw"]) not in page
    assert str(errors.NotInThisState()) in client.get(step).content.decode()
    jobs.run_inline(job)
    assert (
        reverse("appraisals:step", args=[held.pk, "unseal"])
        in client.get(reverse("appraisals:round", args=[held.pk])).content.decode()
    )


# --- at one moment --------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_large_round_opened_twice_at_one_moment_has_one_job(places, many, head):
    held = make_round.published(places["county"])

    outcomes = together(partial(start, held, head), partial(start, held, head))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["BeingOpened", "Job"]
    job = jobs.run_inline(Job.objects.get(kind=opening.KIND))
    assert (job.state, Appraisal.objects.count(), OpenItem.objects.count()) == (Job.State.DONE, 5, 10)
    assert audit.verify_chain() == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_rounds_one_above_the_other_opened_at_one_moment_take_a_member_in_once(places, head):
    stays = [make.stay(places, f"成员{number}") for number in range(3)]
    wide, narrow = make_round.published(places["county"]), make_round.published(places["station"])
    act = partial(opening.open_round, by=head, at=OPENED)

    outcomes = together(partial(act, wide), partial(act, narrow))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AppraisalRound", "NobodyInCare"]
    assert Appraisal.objects.count() == len(stays)
    assert AppraisalRound.objects.filter(state="scoring").count() == 1
