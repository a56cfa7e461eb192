"""F2: the disk is full in the middle of a commit; nothing is torn, and with room again the work goes on by itself."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.utils import timezone

from tests.stewardship.rosters.bring_in import ORIGIN_HEAD, check, csv, small_county, upload
from waystation.kernel import audit
from waystation.kernel.jobs import run_inline
from waystation.kernel.models import AuditEvent, Job
from waystation.stewardship.people.models import Departure, Person
from waystation.stewardship.rosters.actions import committing, importing
from waystation.stewardship.rosters.models import ImportRow

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = [f"缪{first}{second}" for first in "春夏秋冬梅兰竹菊松柏桃李" for second in "花红英云雨雪风月星江河"]
ROWS = len(NAMES)


@pytest.fixture
def batch():
    rows = [f"{name},女,1985-08,,福鼎市叠石乡竹阳党支部,,2021-02,桐山街道" for name in NAMES]
    return check(upload(small_county(), "departures", csv(ORIGIN_HEAD, *rows), "origin.csv"))


@contextmanager
def full_disk(after_people):
    """A database that cannot grow once it holds so many people.

    SQLite refuses a page more than it has; PostgreSQL cannot be told to, so a trigger raises its own error 53100.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")  # else there is room in the file for what other tests left
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0] + 20}")
        else:
            cursor.execute(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF (SELECT count(*) FROM people_person) >= {after_people} THEN "
                "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; "
                "END IF; RETURN NEW; END $$"
            )
            cursor.execute(
                "CREATE TRIGGER no_room BEFORE INSERT ON people_person FOR EACH ROW EXECUTE FUNCTION no_room()"
            )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA max_page_count = 1073741823")
            else:
                cursor.execute("DROP TRIGGER no_room ON people_person")
                cursor.execute("DROP FUNCTION no_room()")


def test_a_full_disk_leaves_no_chunk_half_written_and_the_import_goes_on(batch, monkeypatch):
    monkeypatch.setattr(committing, "CHUNK", 20)
    job = importing.start_commit(batch, by=batch.created_by, at=timezone.now())

    with full_disk(after_people=50):
        job = run_inline(job)
    people, departures = Person.objects.count(), Departure.objects.count()
    written = ImportRow.objects.filter(committed_at__isnull=False).count()
    events = AuditEvent.objects.filter(verb="departure.registered").count()

    assert (job.state, job.attempts) == (Job.State.QUEUED, 1)
    assert people == departures == written == events < ROWS
    assert people % 20 == 0
    assert audit.verify_chain() == []

    assert run_inline(job).state == Job.State.DONE
    assert Person.objects.count() == Departure.objects.count() == ROWS
    assert AuditEvent.objects.filter(verb="departure.registered").count() == ROWS
    assert audit.verify_chain() == []
