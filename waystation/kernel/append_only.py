"""Triggers that keep what is booked: rows are not removed, facts not changed, decisions taken once.

A migration names the guards of its table and installs them. On SQLite a later migration that rebuilds the
table loses them and installs them again.
"""

from __future__ import annotations

from dataclasses import dataclass

REFUSAL = "what is booked stays; reverse it instead"
_FUNCTION = f"""CREATE OR REPLACE FUNCTION append_only_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"""


@dataclass(frozen=True)
class Guard:
    """What may not happen to the rows of a table: `facts` are columns that nobody changes after the insert,
    `once` says of other columns, separated by blanks, under which condition on the OLD row they are closed."""

    table: str
    facts: str
    once: tuple[tuple[str, str], ...] = ()

    def triggers(self, vendor: str) -> dict[str, str]:
        """Each trigger by its name, as the database wants it written."""
        closed = [(f"{self.table}_keeps_facts", f"UPDATE OF {_columns(self.facts)}", "")]
        for number, (columns, condition) in enumerate(self.once, start=1):
            closed.append((f"{self.table}_decides_once_{number}", f"UPDATE OF {_columns(columns)}", condition))
        closed.append((f"{self.table}_keeps_rows", "DELETE", ""))
        made = {name: _WRITTEN[vendor](name, event, self.table, when) for name, event, when in closed}
        if vendor == "postgresql":
            name = f"{self.table}_keeps_all"
            made[name] = (
                f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {self.table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION append_only_refuse()"
            )
        return made


def _columns(names: str) -> str:
    return ", ".join(names.split())


def _sqlite(name: str, event: str, table: str, when: str) -> str:
    condition = f"WHEN {when} " if when else ""
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table} {condition}BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"


def _postgresql(name: str, event: str, table: str, when: str) -> str:
    condition = f"WHEN ({when}) " if when else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {condition}EXECUTE FUNCTION append_only_refuse()"
    )


_WRITTEN = {"sqlite": _sqlite, "postgresql": _postgresql}


def install(connection, guards) -> None:
    """Put the guards into the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for guard in guards:
            for statement in guard.triggers(connection.vendor).values():
                cursor.execute(statement)


def remove(connection, guards) -> None:
    """Take the guards out of the database: for migrations only."""
    with connection.cursor() as cursor:
        for guard in guards:
            for name in guard.triggers(connection.vendor):
                place = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{place}")
