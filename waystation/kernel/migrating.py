"""What migrations need beyond Django's own: time for large tables, and a closer look at columns of paths."""

from django.db import connections, migrations

_VALUES_SEEN = 1000  # of a column, instead of a hundred: the most that are kept apart, and the ranges between


def let_it_take_its_time(sender, using, **kwargs):
    """Lift the limit on a statement; the one on waiting for a lock stays, so that no migration stops the service."""
    _say(using, "SET statement_timeout = 0")


def limit_again(sender, using, **kwargs):
    _say(using, "RESET statement_timeout")


def _say(using: str, statement: str) -> None:
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute(statement)


def closer_look(table: str, *columns: str) -> migrations.RunPython:
    """Let PostgreSQL look closer at columns of paths.

    All that lies under one unit begins alike. By the usual hundred ranges a station of ten thousand with its grids
    was taken for one of a few hundred, and a list of it sorted every row instead of reading the first page in order.
    """

    def look(apps, schema_editor):
        _look(schema_editor, table, columns, _VALUES_SEEN)

    def look_away(apps, schema_editor):
        _look(schema_editor, table, columns, -1)

    return migrations.RunPython(look, look_away)


def _look(schema_editor, table: str, columns: tuple[str, ...], values: int) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    name = schema_editor.quote_name
    each = ", ".join(f"ALTER COLUMN {name(column)} SET STATISTICS {values:d}" for column in columns)
    schema_editor.execute(f"ALTER TABLE {name(table)} {each}")
    schema_editor.execute(f"ANALYZE {name(table)}")
