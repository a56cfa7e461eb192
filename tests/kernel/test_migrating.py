"""A migration may take longer than a request; afterwards the limit holds again."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import post_migrate, pre_migrate

pytestmark = pytest.mark.django_db


def limit() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return cursor.fetchone()[0]


def said(signal) -> None:
    sender = apps.get_app_config("kernel")
    signal.send(sender=sender, app_config=sender, verbosity=0, interactive=False, using="default")


def test_the_limit_on_a_statement_is_lifted_for_migrations_only():
    if connection.vendor != "postgresql":
        said(pre_migrate)  # SQLite knows no limit: nothing to say and nothing refused
        return
    before = limit()
    said(pre_migrate)
    assert (before, limit()) == ("1min", "0")

    said(post_migrate)

    assert limit() == "1min"


def test_columns_of_paths_are_looked_at_closely_so_that_a_large_station_is_known_to_be_large():
    if connection.vendor != "postgresql":
        # SQLite keeps no such numbers: the migration has run and done nothing.
        assert ("people", "0011_a_closer_look_at_paths") in MigrationRecorder(connection).applied_migrations()
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attstattarget FROM pg_attribute WHERE attrelid = 'people_person'::regclass"
            " AND attname IN ('home_path', 'stay_path', 'destination_path')"
        )
        assert [row[0] for row in cursor.fetchall()] == [1000, 1000, 1000]
