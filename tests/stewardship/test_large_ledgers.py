"""Ledgers of all apps: whole at any size, at once or by a job whose file its starter alone fetches."""

import io
from datetime import date

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests import places as make
from waystation.kernel import jobs
from waystation.kernel.models import AuditEvent, Job
from waystation.organizations.models import Mandate
from waystation.stewardship.contacts import actions as contacts
from waystation.stewardship.contacts.actions import Said
from waystation.stewardship.formalities.actions import issue_card
from waystation.stewardship.people import large_ledgers
from waystation.stewardship.people.queries import saved

pytestmark = pytest.mark.django_db
NAMES = ("缪春花", "雷远山", "林大海")
# Of each ledger: its address, the event that records it, and the field of the event that says which it was.
LEDGERS = {
    "dues": ("dues:export", [], "dues.exported", None),
    "learning": ("education:export", ["learning"], "ledger.exported", "education.learning"),
    "contacts": ("contacts:export", ["log"], "ledger.exported", "contacts.log"),
    "duties": ("duties:export", [], "ledger.exported", "duties"),
    "cards": ("formalities:card-export", [], "ledger.exported", "cards"),
}


@pytest.fixture
def three(places):
    """Three members in care, each with a contact and an activity card."""
    secretary = make.user("branch_secretary", places["branch"])
    for number, name in enumerate(NAMES, start=1):
        person = make.stay(places, name, starts_on=date(2026, 1, 5)).person
        said = Said(channel="phone", outcome="reached", contacted_on=date(2026, 11, 2))
        contacts.log_contact(person, said, unit=None, by=secretary, at=make.NOON)
        issue_card(person, number=f"闽A-{number}", issued_on=date(2026, 1, 5), by=secretary, at=make.NOON)


def names_in(answer):
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    return {row[1] for row in book.get_sheet_by_index(0).to_python()} & set(NAMES)


@pytest.mark.parametrize("ledger", LEDGERS)
def test_as_many_rows_as_a_request_may_write_come_at_once(client, places, three, enter, monkeypatch, ledger):
    monkeypatch.setattr(large_ledgers, "AT_ONCE", 3)
    enter("county_organiser", places["county"])
    name, args, *_event = LEDGERS[ledger]

    assert names_in(client.post(reverse(name, args=args))) == set(NAMES)
    assert not Job.objects.exists()


@pytest.mark.parametrize("ledger", LEDGERS)
def test_one_row_more_is_written_by_a_job_and_nothing_is_cut(client, places, three, enter, monkeypatch, ledger):
    monkeypatch.setattr(large_ledgers, "AT_ONCE", 2)
    user = enter("county_organiser", places["county"])
    name, args, verb, which = LEDGERS[ledger]

    answer = client.post(reverse(name, args=args))
    job = Job.objects.get()
    assert answer["Location"] == reverse("web:job", args=[job.pk])
    assert not AuditEvent.objects.filter(verb=verb).exists()
    jobs.run_inline(job)

    job.refresh_from_db()
    assert (job.state, job.result["rows"], job.created_by) == ("done", 3, user)
    assert names_in(client.get(job.result["url"])) == set(NAMES)
    event = AuditEvent.objects.get(verb=verb)
    assert (event.actor, event.facts.get("ledger"), event.facts["rows"]) == (user, which, 3)


@pytest.mark.parametrize(("table", "rows"), [("compliance", 22), ("occasions", 0)])
def test_the_tables_of_units_know_their_size(client, places, enter, monkeypatch, table, rows):
    enter("station_head", places["station"])
    address = reverse("education:export", args=[table])

    for most, by_job in ((rows, False), (rows - 1, True)):
        if most >= 0:
            monkeypatch.setattr(large_ledgers, "AT_ONCE", most)
            assert (client.post(address, {"year": "2026"}).status_code == 302) == by_job
    for job in Job.objects.all():
        jobs.run_inline(job)
        job.refresh_from_db()
        assert job.result["rows"] == rows


def test_the_filters_and_the_year_hold_in_the_job(client, places, three, enter, monkeypatch):
    make.stay(places, "钟小梅", origin="other branch")
    monkeypatch.setattr(large_ledgers, "AT_ONCE", 2)
    enter("county_organiser", places["county"])

    client.post(f"{reverse('dues:export')}?origin={places['branch'].name}&year=2025")
    job = Job.objects.get()
    jobs.run_inline(job)

    job.refresh_from_db()
    assert job.result["rows"] == 3
    assert AuditEvent.objects.get(verb="dues.exported").facts["year"] == 2025


def test_a_job_writes_what_its_starter_may_see_on_the_day(client, places, three, enter, monkeypatch):
    monkeypatch.setattr(large_ledgers, "AT_ONCE", 2)
    user = enter("county_organiser", places["county"])
    client.post(reverse("dues:export"))
    job = Job.objects.get()
    Mandate.objects.filter(user=user).delete()

    jobs.run_inline(job)

    job.refresh_from_db()
    assert (job.state, job.result) == ("failed", {})
    assert not AuditEvent.objects.filter(verb="dues.exported").exists()


def test_the_file_is_its_starters_and_goes_with_the_right(client, places, three, enter, monkeypatch):
    monkeypatch.setattr(large_ledgers, "AT_ONCE", 2)
    user = enter("county_organiser", places["county"])
    client.post(reverse("dues:export"))
    job = Job.objects.get()
    jobs.run_inline(job)
    job.refresh_from_db()

    enter("county_organiser", places["county"])
    assert client.get(job.result["url"]).status_code == 404
    Mandate.objects.filter(user=user).update(role="member")
    client.force_login(user)
    assert client.get(job.result["url"]).status_code in (403, 404)


def test_nothing_is_taken_out_by_a_link(client, places, enter):
    enter("county_organiser", places["county"])

    for name, args, *_event in LEDGERS.values():
        assert client.get(reverse(name, args=args)).status_code == 405


def test_filters_survive_the_way_through_a_job(places):
    filters = {"origin": places["branch"], "since": date(2026, 2, 3), "struck": True, "q": "缪", "days": 90}
    packed = saved.packed(filters)

    assert saved.unpacked(packed, saved.units_of(packed)) == filters
