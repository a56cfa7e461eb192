"""Copies of the whole database: SQLite by itself, PostgreSQL by its own tools."""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

from django.db import connection, transaction

from . import audit


class CopyDamaged(Exception):
    """The copy is not a whole database; the sentence says why."""


class ToolMissing(Exception):
    """A program of PostgreSQL is not installed."""


def dump(target: Path) -> tuple[dict[str, int], list]:
    """Copy the database to `target`; returns its rows per table and the end of its audit trail.

    Both describe exactly the copy, whatever is written meanwhile.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(target)])
        target.chmod(0o600)
        return _describe_sqlite(target)
    return _dump_postgresql(target)


def _describe_sqlite(path: Path) -> tuple[dict[str, int], list]:
    base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        names = base.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        rows = {
            name: base.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - own tables
            for (name,) in names
        }
        head = base.execute("SELECT number, hash FROM kernel_audithead").fetchone()
    finally:
        base.close()
    return rows, list(head or (0, audit.GENESIS))


def _dump_postgresql(target: Path) -> tuple[dict[str, int], list]:
    """Rows are counted in the very snapshot that pg_dump reads."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        _postgresql("pg_dump", "-Fc", "--no-owner", f"--snapshot={snapshot}", "-f", str(target))
        return count_rows(), list(audit.current_head())


def count_rows() -> dict[str, int]:
    """Rows of every table of the connected database."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        rows = {}
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {quote(name)}")  # noqa: S608 - own tables
            (rows[name],) = cursor.fetchone()
    return rows


def check(path: Path, vendor: str, rows: dict[str, int]) -> None:
    """Raises CopyDamaged unless the copy is a whole database with these rows."""
    if vendor == "postgresql":
        _postgresql("pg_restore", "--list", str(path), connect=False)
        return
    try:
        base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            (answer,) = base.execute("PRAGMA integrity_check").fetchone()
        finally:
            base.close()
        held, _ = _describe_sqlite(path)
    except sqlite3.DatabaseError as problem:
        raise CopyDamaged(str(problem)) from None
    if answer != "ok":
        raise CopyDamaged(answer)
    if held != rows:
        raise CopyDamaged("it does not have the rows that were counted.")


def load(path: Path) -> None:
    """Bring the copy into the connected, empty database."""
    if connection.vendor == "postgresql":
        name = connection.settings_dict["NAME"]
        options = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
        _postgresql("pg_restore", *options, "-d", name, str(path))
        return
    place = Path(connection.settings_dict["NAME"])
    connection.close()
    for suffix in ("-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)
    draft = place.with_name(place.name + ".restoring")
    shutil.copyfile(path, draft)
    draft.chmod(0o600)
    draft.replace(place)


def _postgresql(program: str, *arguments: str, connect: bool = True) -> None:
    """Run a program of PostgreSQL; the password goes by its environment, never by arguments."""
    if shutil.which(program) is None:
        raise ToolMissing(f"{program} is not installed; it comes with the PostgreSQL client.")
    wanted = connection.settings_dict
    environment = dict(os.environ)
    if connect:
        given = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
        environment |= {name: str(wanted[key]) for key, name in given.items() if wanted.get(key)}
        environment["PGDATABASE"] = str(wanted["NAME"])
    result = subprocess.run(
        [program, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if result.returncode:
        lines = result.stderr.strip().splitlines() or ["no reason given"]
        raise CopyDamaged(f"{program}: {lines[0]}")
