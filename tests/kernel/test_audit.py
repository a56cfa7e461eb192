import json
import re
import threading
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from tests.conftest import guards
from tests.kernel.people import a_user
from waystation.kernel import audit
from waystation.kernel.actors import Actor, acting, name_role
from waystation.kernel.models import AuditEvent, AuditHead

NOON = datetime(2026, 5, 1, 4, 0, 0, 123456, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def some_events(count=5):
    return audit.record_many([{"verb": "x.done", "n": n} for n in range(count)], by=None, at=NOON)


def without_guards(*statements):
    """What somebody with the password of the database could do."""
    guards.run(connection, guards.REMOVE)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    guards.run(connection, guards.INSTALL)


def faults():
    return [str(fault) for fault in audit.verify_chain()]


def test_an_event_says_who_did_what_to_which_object():
    user = a_user()

    with acting(Actor(user, "10.0.0.8", "abc")):
        name_role("registrar")
        event = audit.record(
            "person.read",
            on=user,
            by=user,
            at=NOON,
            purpose="核对",
            fields=["phone", "id_number"],
            unit_path="1.7.",
            day=date(2026, 5, 1),
            key=UUID(int=7),
        )

    event = AuditEvent.objects.get(pk=event.pk)
    assert (event.number, event.at, event.actor, event.actor_label) == (1, NOON, user, str(user))
    assert (event.role, event.ip, event.session) == ("registrar", "10.0.0.8", "abc")
    assert (event.object_label, event.object_pk) == ("accounts.user", str(user.pk))
    assert (event.purpose, event.unit_path, event.result) == ("核对", "1.7.", "ok")
    assert event.fields == ["id_number", "phone"]
    assert event.facts == {"day": "2026-05-01", "key": str(UUID(int=7))}
    assert list(AuditEvent.objects.about(user)) == [event]
    assert audit.hash_of(event) == event.hash
    assert faults() == []


def test_facts_survive_both_databases_unchanged_and_never_show_an_id_number():
    audit.record(
        "x.done",
        at=NOON,
        a=1.5,
        b=10**20,
        c=["\0", {"深": None, "1": True}],
        d="身份证35090219900307123X。",
        e="\ud800",
        f={"b": 1, "a": 2},
    )

    event = AuditEvent.objects.get()
    assert event.facts == {
        "a": "1.5",
        "b": 10**20,
        "c": ["\ufffd", {"深": None, "1": True}],
        "d": "身份证******************。",
        "e": "\ufffd",
        "f": {"a": 2, "b": 1},
    }
    assert faults() == []


def test_events_are_numbered_and_linked():
    events = [*some_events(2), audit.record("y.done"), *some_events(2)]

    assert [event.number for event in events] == [1, 2, 3, 4, 5]
    assert [event.prev_hash for event in events] == [
        audit.GENESIS,
        *(event.hash for event in events[:-1]),
    ]
    assert audit.current_head() == (5, events[-1].hash)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_auditevent SET verb = 'other' WHERE number = 1",
        "DELETE FROM kernel_auditevent WHERE number = 1",
        "TRUNCATE kernel_auditevent",
    ],
)
def test_the_database_refuses_to_change_the_trail(statement):
    some_events()
    if statement.startswith("TRUNCATE") and connection.vendor != "postgresql":
        statement = "DELETE FROM kernel_auditevent"

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else TRUNCATE has to wait for them
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement)

    assert AuditEvent.objects.count() == 5


def test_an_edited_event_is_found():
    some_events()
    without_guards("UPDATE kernel_auditevent SET actor_label = 'Somebody else' WHERE number = 3")

    assert faults() == ["altered at event 3"]


def test_a_deleted_event_is_found():
    some_events()
    without_guards("DELETE FROM kernel_auditevent WHERE number = 3")

    assert faults() == ["missing at event 3"]


def test_a_cut_off_end_is_found():
    some_events()
    without_guards("DELETE FROM kernel_auditevent WHERE number = 5")

    assert faults() == ["head does not match at event 4"]


def test_an_inserted_event_is_found():
    events = some_events()
    forged = AuditEvent.objects.get(number=5)
    forged.number, forged.prev_hash = 6, events[3].hash
    forged.hash = audit.hash_of(forged)
    forged.save(force_insert=True)

    assert faults() == ["broken link at event 6", "head does not match at event 6"]


def test_reordered_events_are_found():
    some_events()
    without_guards(
        "UPDATE kernel_auditevent SET number = 99 WHERE number = 2",
        "UPDATE kernel_auditevent SET number = 2 WHERE number = 3",
        "UPDATE kernel_auditevent SET number = 3 WHERE number = 99",
    )

    assert faults() == [
        "broken link at event 2",
        "altered at event 2",
        "broken link at event 3",
        "altered at event 3",
        "broken link at event 4",
    ]


def test_a_missing_guard_is_found():
    guards.run(connection, guards.REMOVE)
    found = faults()
    guards.run(connection, guards.INSTALL)

    assert "guard audit_event_refuses_update is missing at event 0" in found


def test_a_chain_written_anew_from_the_start_is_found_by_the_exported_head(tmp_path):
    some_events()
    call_command("audit_export_head", tmp_path / "heads")
    call_command("audit_verify", heads=tmp_path / "heads")
    without_guards("DELETE FROM kernel_auditevent")
    AuditHead.objects.all().delete()
    audit.record_many([{"verb": "x.done"} for _ in range(7)], by=None, at=NOON)

    assert faults() == []
    with pytest.raises(CommandError, match="not whole"):
        call_command("audit_verify", heads=tmp_path / "heads")


def test_a_forged_heads_file_is_refused(tmp_path):
    some_events()
    call_command("audit_export_head", tmp_path / "heads")
    line = json.loads((tmp_path / "heads").read_text())
    line["token"] = re.sub(r"\..*\.", ".W10.", line["token"])
    (tmp_path / "heads").write_text(json.dumps(line))

    with pytest.raises(CommandError, match="not signed here"):
        call_command("audit_verify", heads=tmp_path / "heads")


def test_an_event_vanishes_with_the_act_that_failed():
    some_events(1)

    with transaction.atomic():
        audit.record("x.done", at=NOON)
        transaction.set_rollback(True)

    assert AuditEvent.objects.count() == 1
    assert faults() == []


def test_an_act_fails_with_the_event_that_cannot_be_written():
    some_events(1)
    AuditHead.objects.update(number=0, hash=audit.GENESIS)

    with transaction.atomic():  # even an act that swallows the error is rolled back
        a_user("act")
        with pytest.raises(DatabaseError):
            audit.record("x.done", at=NOON)

    assert not type(a_user()).objects.filter(username="act").exists()


def test_500_events_take_few_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        some_events(500)

    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_parallel_writers_leave_a_whole_chain():

    def write():
        try:
            for _ in range(10):
                audit.record("x.done")
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert audit.current_head()[0] == 40
    assert faults() == []
