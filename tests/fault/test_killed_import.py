"""F1: the worker is killed again and again while it commits a real roster; no row is lost or written twice."""

import json
import os
import random
import time
from collections import Counter

import pytest
from django.utils import timezone

from tests.fault.conftest import wait_until
from tests.stewardship.rosters.bring_in import SAMPLES, check, real_county, upload
from waystation.kernel import audit
from waystation.kernel.models import AuditEvent, Job
from waystation.stewardship.people.claims import name_columns
from waystation.stewardship.people.models import Departure, Person
from waystation.stewardship.rosters.actions import importing
from waystation.stewardship.rosters.models import ImportRow
from waystation.stewardship.rosters.reading import cells_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
TRUTH = json.loads((SAMPLES / "gutian" / "truth.json").read_text())
KILLS = 3


def written():
    return ImportRow.objects.filter(committed_at__isnull=False).count()


@pytest.fixture
def dice():
    """Other moments at each run; FAULT_SEED repeats those of a run that failed."""
    seed = int(os.environ.get("FAULT_SEED") or random.SystemRandom().randrange(10**6))
    print(f"FAULT_SEED={seed}")
    return random.Random(seed)


@pytest.fixture
def checked():
    """The roster of a county, read and judged, before its commit."""
    content = (SAMPLES / "gutian" / "origin.xlsx").read_bytes()
    batch = check(upload(real_county("350922"), "departures", content, "origin.xlsx"))
    assert (batch.new, batch.wrong) == (TRUTH["origin"], 0)
    return batch


def kill_at(start, goal, pause):
    """A worker lives until so many rows are written and a moment longer."""
    process = start()
    wait_until(lambda: written() >= goal)
    time.sleep(pause)
    process.kill()
    process.wait()


def test_a_killed_import_brings_every_row_of_the_file_once(start, dice, checked):
    job = importing.start_commit(checked, by=checked.created_by, at=timezone.now())
    counts = []
    for _ in range(KILLS):
        kill_at(start, written() + dice.randrange(1, 40), dice.random() * 0.06)
        counts.append(written())
        job.refresh_from_db()
        assert job.state == "running"

    start()
    wait_until(lambda: not Job.objects.get(pk=job.pk).is_unfinished)

    job.refresh_from_db()
    assert job.state == "done"
    assert job.attempts > KILLS  # a busy machine may cost a living worker its short lease as well
    assert counts == sorted(counts)
    assert counts[-1] < TRUTH["origin"], "the last kill came too late to mean anything"
    assert_the_register_is_the_file(checked)


def assert_the_register_is_the_file(batch):
    rows = list(ImportRow.objects.filter(batch=batch, verdict="new").select_related("departure__person"))
    assert Departure.objects.count() == Person.objects.count() == len(rows) == TRUTH["origin"]
    assert len({row.departure_id for row in rows}) == len({row.person_id for row in rows}) == TRUTH["origin"]
    for row in rows:
        name = next(text for title, text in cells_of(row) if "姓名" in title)
        assert row.departure.person.name_key == name_columns(name)["name_key"]
    indexes = Person.objects.exclude(id_index=None).values_list("id_index", flat=True)
    assert Counter(indexes).most_common(1)[0][1] == 1
    assert_the_trail_tells_each_row_once(batch)


def assert_the_trail_tells_each_row_once(batch):
    told = AuditEvent.objects.filter(verb="departure.registered").values_list("object_pk", flat=True)
    assert sorted(told) == sorted(str(pk) for pk in Departure.objects.values_list("pk", flat=True))
    assert AuditEvent.objects.filter(verb="import.committed", object_pk=str(batch.pk)).count() == 1
    assert audit.verify_chain() == []
