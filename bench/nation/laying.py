"""Laying rows by the database itself: what is not told is filled with what the column allows."""

from __future__ import annotations

import time
from contextlib import contextmanager

from django.db import connection

# A UUID of version 7 for a moment, as the product makes them: rows of one time lie together.
_UUID = """
CREATE OR REPLACE FUNCTION pg_temp.id_at(moment timestamptz) RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '7'
          || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid $$
"""
_EMPTY = {
    "character varying": "''", "text": "''", "boolean": "false", "integer": "0", "smallint": "0", "bigint": "0",
    "numeric": "0", "double precision": "0", "jsonb": "'{}'::jsonb", "uuid": "gen_random_uuid()",
    "timestamp with time zone": "now()", "date": "current_date",
}  # fmt: skip


def prepare() -> None:
    """Make the session one that lays rows: no look-ups of foreign keys, nothing waits for the disk."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off; SELECT setseed(0.5)")
        cursor.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
        cursor.execute("SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'")
        cursor.execute(_UUID)


def lay(table: str, source: str, /, **columns: str) -> int:
    """Insert into the table one row for each row of `source` (what follows FROM); returns how many.

    `columns` are SQL expressions; a column that has none and must not be empty gets an empty value of its kind.
    """
    told = _must(table) | columns
    names = ", ".join(f'"{name}"' for name in told)
    values = ", ".join(told.values())
    with connection.cursor() as cursor, _without_indexes(cursor, table):
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {source}")
        return cursor.rowcount


@contextmanager
def _without_indexes(cursor, table: str):
    """Take the indexes away that hold no constraint, and build them anew: many times faster than row by row."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND schemaname = 'public'"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
        [table],
    )
    found = cursor.fetchall()
    for name, _told in found:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for _name, definition in found:
        cursor.execute(definition)


def _must(table: str) -> dict[str, str]:
    """Columns that must not be empty and have no default of their own, each with an empty value."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s AND is_nullable = 'NO'"
            " AND column_default IS NULL AND is_identity = 'NO' AND table_schema = 'public'",
            [table],
        )
        found = cursor.fetchall()
    assert found, f"there is no table {table}"
    return {name: _EMPTY[kind] for name, kind in found}


def run(statement: str, parameters=None) -> list:
    """Execute one statement; returns its rows, if it has any."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def copy(table: str, columns: str, rows) -> None:
    """Send rows from here to a table of the session."""
    with connection.cursor() as cursor, cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as sink:
        for row in rows:
            sink.write_row(row)


@contextmanager
def told(what: str):
    """Say what is being laid and how long it took."""
    started = time.monotonic()
    yield
    print(f"  {what}: {time.monotonic() - started:.0f} s", flush=True)
