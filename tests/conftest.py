"""What every test stands on: its own keys and files, and a database that can be emptied."""

import os
from contextlib import contextmanager
from importlib import import_module

import pytest
from django.db import connections
from django.db.backends.base.operations import BaseDatabaseOperations

from tests import places as small_prefecture
from waystation.kernel import append_only

guards = import_module("waystation.kernel.migrations.0002_audit_is_append_only")
BOOKED = [
    import_module("waystation.stations.funds.migrations.0002_what_is_booked_stays"),
    import_module("waystation.stewardship.dues.migrations.0002_what_is_recorded_stays"),
    import_module("waystation.stewardship.education.migrations.0003_reasons_and_scans"),
]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    return tmp_path_factory.mktemp("site")


@pytest.fixture(autouse=True)
def own_keys_and_files(site, settings):
    settings.KEY_FILE = site / "keys.json"
    settings.FILES_ROOT = site / "files"
    # What one test has asked is no answer for the next.
    settings.CACHES = {**settings.CACHES, "hour": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@pytest.fixture
def own_site(settings, tmp_path):
    """The environment of a process that works on the database, the keys and the files of the test."""
    held = connections["default"].settings_dict
    url = f"sqlite:///{held['NAME']}"
    if connections["default"].vendor == "postgresql":
        url = f"postgres://{held['USER']}@{held['HOST']}:{held['PORT']}/{held['NAME']}"
    return {
        **os.environ, "WAYSTATION_VAR": str(tmp_path), "WAYSTATION_DATABASE_URL": url,
        "WAYSTATION_KEY_FILE": str(settings.KEY_FILE), "WAYSTATION_FILES": str(settings.FILES_ROOT),
    }  # fmt: skip


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, site):
    """SQLite in a file, as in the product: threads of one test need connections of their own."""
    database = connections["default"]
    if database.vendor == "sqlite":
        database.settings_dict["TEST"]["NAME"] = str(site / "test.sqlite3")


@contextmanager
def without_triggers(connection):
    """On SQLite a flush deletes row by row, so the triggers of every app would refuse it as well."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _statement in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _name, statement in triggers:
            cursor.execute(statement)


@pytest.fixture(scope="session", autouse=True)
def a_flush_may_empty_the_audit_trail():
    """Transactional tests end with a flush, which the guards of trail and ledgers rightly refuse.

    The product has no such door, so the tests take the guards away for the length of the flush.
    """
    flush = BaseDatabaseOperations.execute_sql_flush

    def unguarded_flush(operations, sql_list):
        connection = operations.connection
        held = "kernel_auditevent" in connection.introspection.table_names()
        if held:
            guards.run(connection, guards.REMOVE)
            for migration in BOOKED:
                append_only.remove(connection, migration.GUARDS)
        with without_triggers(connection):
            flush(operations, sql_list)
        if held:
            guards.run(connection, guards.INSTALL)
            for migration in BOOKED:
                append_only.install(connection, migration.GUARDS)

    BaseDatabaseOperations.execute_sql_flush = unguarded_flush
    yield
    BaseDatabaseOperations.execute_sql_flush = flush


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Argon2 is slow on purpose; only the tests about passwords want it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.fixture
def places(db):
    """The small prefecture of `tests.places`, by names."""
    return small_prefecture.tree()


@pytest.fixture
def enter(client):
    """Sign in as a new user who holds the role in the unit; returns the user."""

    def as_(role, unit):
        user = small_prefecture.user(role, unit)
        client.force_login(user)
        return user

    return as_


def pytest_sessionfinish(session, exitstatus):
    """On CI a skipped test is a failure: what cannot run must not pass for tested."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    watched = os.environ.get("WAYSTATION_FAIL_ON_SKIP") and reporter and not hasattr(session.config, "workerinput")
    if watched and reporter.stats.get("skipped") and exitstatus == 0:
        reporter.write_line("Some tests were skipped; on CI all of them must run.", red=True)
        session.exitstatus = 1
