"""Many rows of one model, written without the price of an expression a value.

`bulk_create` and its upsert resolve every value of every row as an expression, which took most of the time
of an import. Here each field prepares its value and the driver repeats one statement. The database checks
the same constraints; as with `bulk_create`, no signal is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import connection, models, transaction

# Columns whose Python values the drivers of both databases take as they are.
_PLAIN = {
    kind.get_prep_value
    for kind in (models.CharField, models.TextField, models.IntegerField, models.FloatField, models.BooleanField)
}


def insert(rows: Sequence[models.Model]) -> None:
    """Insert unsaved rows of one model, all or none, in their order.

    Keys are those made on the client; a key that the database counts is not read back. Raises what the
    fields raise (`NotSealed`) and `IntegrityError`.
    """
    if not rows:
        return
    fields = [field for field in rows[0]._meta.concrete_fields if not isinstance(field, models.AutoField)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = quote(rows[0]._meta.db_table)
    _repeat(f"INSERT INTO {table} ({columns}) VALUES ({marks})", fields, rows)  # noqa: S608 - names of our models
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def update(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write these fields of saved rows of one model, all or none."""
    if not rows:
        return
    meta, quote = rows[0]._meta, connection.ops.quote_name
    fields = [meta.get_field(name) for name in names]
    changes = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    table, key = quote(meta.db_table), quote(meta.pk.column)
    _repeat(f"UPDATE {table} SET {changes} WHERE {key} = %s", [*fields, meta.pk], rows)  # noqa: S608 - our models


def _repeat(statement: str, fields: list[models.Field], rows: Sequence[models.Model]) -> None:
    values = [(field.attname, _preparer(field)) for field in fields]
    prepared = [[prepare(getattr(row, name)) for name, prepare in values] for row in rows]
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.executemany(statement, prepared)


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
