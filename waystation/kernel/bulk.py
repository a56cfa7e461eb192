"""Many rows of one model, written without the price of an expression a value.

`bulk_create` and its upsert resolve every value of every row as an expression, which took most of the time
of an import. Here each field prepares its value and the driver repeats one statement. The database checks
the same constraints; as with `bulk_create`, no signal is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection, models, transaction

# Columns whose Python values the drivers of both databases take as they are.
_PLAIN = {
    kind.get_prep_value
    for kind in (models.CharField, models.TextField, models.IntegerField, models.FloatField, models.BooleanField)
}


@dataclass(frozen=True)
class Prepared:
    """New rows of one model as a statement and its parameters: what takes time is done, what takes locks is not."""

    statement: str
    parameters: list[list]


def insert(rows: Sequence[models.Model]) -> None:
    """Insert unsaved rows of one model, all or none, in their order.

    Keys are those made on the client; what the database counts or works out itself is not read back. Raises what the
    fields raise (`NotSealed`) and `IntegrityError`.
    """
    write(prepare(rows))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def write(prepared: Prepared) -> None:
    """Insert rows that were prepared before, all or none."""
    if prepared.parameters:
        with transaction.atomic(savepoint=False), connection.cursor() as cursor:
            cursor.executemany(prepared.statement, prepared.parameters)


def prepare(rows: Sequence[models.Model]) -> Prepared:
    """The unsaved rows ready for `write`."""
    if not rows:
        return Prepared("", [])
    counted = (models.AutoField, models.GeneratedField)
    fields = [field for field in rows[0]._meta.concrete_fields if not isinstance(field, counted)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = quote(rows[0]._meta.db_table)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - names of our models
    return Prepared(statement, _parameters(fields, rows))


def update(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write these fields of saved rows of one model, all or none."""
    if not rows:
        return
    meta, quote = rows[0]._meta, connection.ops.quote_name
    fields = [meta.get_field(name) for name in names]
    changes = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    table, key = quote(meta.db_table), quote(meta.pk.column)
    statement = f"UPDATE {table} SET {changes} WHERE {key} = %s"  # noqa: S608 - names of our models
    write(Prepared(statement, _parameters([*fields, meta.pk], rows)))


def _parameters(fields: list[models.Field], rows: Sequence[models.Model]) -> list[list]:
    values = [(field.attname, _preparer(field)) for field in fields]
    return [[prepare(getattr(row, name)) for name, prepare in values] for row in rows]


def _preparer(field: models.Field) -> Callable:
    """What makes of a value of the field a parameter of the statement."""
    if isinstance(field, models.ForeignKey):
        return _preparer(field.target_field)
    if type(field).get_prep_value in _PLAIN:
        return _bare
    return lambda value: field.get_db_prep_save(value, connection)


def _bare(value):
    """The text of a choice rather than its enumeration, which not every driver knows."""
    return value.value if isinstance(value, models.Choices) else value
