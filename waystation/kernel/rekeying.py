"""Sealing everything again under the current key, in chunks, so that a kill loses nothing.

Rows that already carry the current key are skipped: a second run continues where the first ended.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Q

from .fields import BlindIndexField, SealedField
from .keyring import keyring
from .models import StoredFile
from .sealed_streams import seal_stream, unseal_stream
from .sealing import VERSIONS, index_value, seal_text, unseal_text

CHUNK = 500


def sealed_models() -> Iterator[type[models.Model]]:
    """Every model with a sealed column or a blind index."""
    for model in apps.get_models():
        if any(isinstance(field, SealedField | BlindIndexField) for field in _fields(model)):
            yield model


def _fields(model) -> list[models.Field]:
    return model._meta.local_concrete_fields


def _stale(field: models.Field) -> Q:
    """Rows whose value in this column is not under the current key and cipher."""
    kid = keyring().current
    if isinstance(field, SealedField):
        current = Q(**{f"{field.name}__startswith": f"{VERSIONS[settings.CIPHER]}|{kid}|"})
    else:
        current = Q(**{f"{field.name}__startswith": f"{kid}."})
    return Q(**{f"{field.name}__isnull": False}) & ~current


def rekey(model: type[models.Model], said: Callable[[int], None] = lambda done: None) -> int:
    """Seal and index all rows of a model again; returns how many changed.

    Blind indexes are renewed together with their source. Raises Tampered if a value does not
    open: then nothing of that chunk is written.
    """
    fields = [f for f in _fields(model) if isinstance(f, SealedField | BlindIndexField)]
    stale = Q()
    for field in fields:
        stale |= _stale(field)
    done, last = 0, None
    while chunk := _chunk(model, stale, after=last):
        done += _rekey_chunk(model, fields, chunk)
        last = chunk[-1]
        said(done)
    return done


def _chunk(model, stale: Q, *, after) -> list:
    rows = model._base_manager.filter(stale).order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.values_list("pk", flat=True)[:CHUNK])


@transaction.atomic
def _rekey_chunk(model, fields, pks) -> int:
    rows = list(model._base_manager.select_for_update().filter(pk__in=pks))
    for row in rows:
        clear = {}
        for field in fields:
            if isinstance(field, SealedField):
                clear[field.name] = _reseal(row, field)
        for field in fields:
            if isinstance(field, BlindIndexField):
                text = clear.get(field.source, getattr(row, field.source))
                setattr(row, field.attname, index_value(field, text))
    _write(model, fields, rows)
    return len(rows)


def _write(model, fields, rows) -> None:
    """One prepared statement for the chunk; `bulk_update` would take ten times as long."""
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    table, key = quote(model._meta.db_table), model._meta.pk
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for field in (*fields, key)] for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET {columns} WHERE {quote(key.column)} = %s",  # noqa: S608 - names of our own models
            values,
        )


def _reseal(row, field: SealedField) -> str | None:
    token = getattr(row, field.attname)
    if token is None:
        return None
    place = f"{row._meta.db_table}.{field.column}|{row.pk}"
    text = unseal_text(place, token)
    setattr(row, field.attname, seal_text(place, text))
    return text


def rekey_files(said: Callable[[int], None] = lambda done: None) -> int:
    """Seal every stored file again under the current key; returns how many changed."""
    root, done = Path(settings.FILES_ROOT), 0
    for stored in StoredFile.objects.order_by("pk").iterator():
        path = root / stored.place
        if path.exists() and _kid_of_file(path) != keyring().current:
            draft = path.with_suffix(".rekey")
            with path.open("rb") as source, _private(draft) as target:
                seal_stream(unseal_stream(source, stored.place), target, stored.place)
            draft.replace(path)
            done += 1
            said(done)
    return done


def _private(path: Path) -> BinaryIO:
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _kid_of_file(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(32)
    return start[10 : 10 + start[9]].decode("ascii", "replace")


def still_under(kid: str) -> int:
    """How many values and files were sealed under this key and not sealed again since."""
    count = 0
    for model in sealed_models():
        for field in _fields(model):
            if isinstance(field, SealedField):
                held = Q(**{f"{field.name}__contains": f"|{kid}|"})
            elif isinstance(field, BlindIndexField):
                held = Q(**{f"{field.name}__startswith": f"{kid}."})
            else:
                continue
            count += model._base_manager.filter(held).count()
    root = Path(settings.FILES_ROOT)
    places = StoredFile.objects.values_list("place", flat=True)
    return count + sum(_kid_of_file(root / place) == kid for place in places if (root / place).exists())
