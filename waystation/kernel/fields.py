"""Columns that behave alike on SQLite and PostgreSQL, and columns that only hold sealed text."""

import re
from collections.abc import Callable

from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q, QuerySet

LAST_CODE_POINT = "\U0010ffff"
TOKEN = re.compile(r"v1(sm)?\|[a-z0-9]{1,8}\|[A-Za-z0-9+/]{16}\|[A-Za-z0-9+/]{22,}={0,2}")


class NotSealed(ValueError):
    """Somebody tried to write clear text into a column that only holds sealed text."""


class KeyField(models.CharField):
    """Text compared byte by byte on both databases: paths, codes, indexes of any kind.

    PostgreSQL would otherwise sort by the language of the server, and a range of paths would
    hold other rows than on SQLite.
    """

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


def prefix_q(field: str, prefix: str) -> Q:
    """Rows whose `field`, a KeyField, starts with `prefix`; a range, so that an index serves it."""
    if not prefix:
        return Q()
    return Q(**{f"{field}__gte": prefix, f"{field}__lt": prefix + LAST_CODE_POINT})


def disjoint(rows: QuerySet, *conditions: Q) -> list[QuerySet]:
    """The rows that fulfil any of the conditions, in parts that share none: each may be counted by an index of its own.

    The conditions are on columns that are never NULL.
    """
    parts, before = [], Q()
    for condition in conditions:
        part = rows.filter(condition)
        parts.append(part.exclude(before) if before else part)
        before |= condition
    return parts


class SealedField(models.TextField):
    """Text of class S3. The column holds a token of `kernel.sealing` and never clear text."""

    def __init__(self, *args, **options):
        options.setdefault("null", True)
        options.setdefault("blank", True)
        options.setdefault("editable", False)
        super().__init__(*args, **options)

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        if value is not None and not TOKEN.fullmatch(value):
            raise NotSealed(f"{self.model._meta.label}.{self.name} takes only sealed text.")
        return value


class BlindIndexField(KeyField):
    """A keyed digest of a sealed column, by which a row is found without reading the column.

    `source` names the sealed field, `label` separates this index from all others, `normalise`
    turns the clear text into what is compared and may return nothing to leave the row out.
    """

    def __init__(
        self,
        *args,
        source: str = "",
        label: str = "",
        normalise: Callable[[str], str | None] | None = None,
        **options,
    ):
        self.source, self.label, self.normalise = source, label or source, normalise
        options.setdefault("max_length", 64)
        options.setdefault("null", True)
        options.setdefault("blank", True)
        options.setdefault("editable", False)
        super().__init__(*args, **options)

    def check(self, **options):
        return [*super().check(**options), *self._check_source()]

    def _check_source(self):
        try:
            self.model._meta.get_field(self.source)
        except FieldDoesNotExist:
            return [
                checks.Error(
                    f"The source “{self.source}” of this blind index is not a field of the model.",
                    obj=self,
                    id="kernel.E002",
                )
            ]
        return []
