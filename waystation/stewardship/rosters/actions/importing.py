"""A roster on its way in: created, mapped, checked, committed in resumable chunks, and undone whole."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from waystation.kernel import audit, bulk, files
from waystation.kernel.jail import Unreadable
from waystation.kernel.jobs import Job, enqueue
from waystation.kernel.models import StoredFile
from waystation.kernel.sheets import heads, reading
from waystation.organizations.models import Unit
from waystation.stewardship.people.actions.errors import Refused
from waystation.stewardship.rosters.checking import Scene, entry_of, keep
from waystation.stewardship.rosters.fields import synonyms
from waystation.stewardship.rosters.models import ColumnMemory, Import, ImportRow

CHUNK = 500  # rows a transaction


class NotNow(Refused):
    """The import is not at the step that this action belongs to."""

    def __init__(self):
        super().__init__(_("The import has moved on meanwhile. Reload the page."))


class NoNameColumn(Refused):
    """No column is mapped to the name."""

    def __init__(self):
        super().__init__(_("Choose the column that holds the names."))


@transaction.atomic
def create_import(
    *, kind: str, stored: StoredFile, unit: Unit, station: Unit | None, by, at: datetime,
    corrects: Import | None = None,
) -> Import:  # fmt: skip
    """Take a roster file in and propose what its sheets and columns mean.

    A file that cannot be read makes an import in the state "failed" whose `problem` says why and what to do.
    """
    batch = Import(
        kind=kind, unit=unit, unit_path=unit.path, station=station, file=stored, file_name=stored.name[:200],
        corrects=corrects, created_at=at, created_by=by,
    )  # fmt: skip
    try:
        with files.open_stored(stored) as handle:
            tables = reading.peek(handle, synonyms(kind))
    except Unreadable as problem:
        batch.state, batch.problem = Import.State.FAILED, problem.message[:300]
    else:
        batch.tables = [_remembered(table, unit, kind) for table in tables]
        if not any(entry["use"] for entry in batch.tables):
            batch.problem = _("No sheet of this file has a row of column titles with a name in it.")
    batch.save(force_insert=True)
    audit.record("import.uploaded", on=batch, by=by, at=at, unit_path=unit.path, kind=kind, state=batch.state)
    return batch


def _remembered(table: heads.Table, unit: Unit, kind: str) -> dict:
    """The proposal, with what the unit chose for these titles last time; "use" says whether to read the sheet."""
    plain = {column.index: heads.plain_title(column.title) for column in table.columns}
    kept = {
        memory.title: memory.field or None
        for memory in ColumnMemory.objects.filter(unit=unit, kind=kind, title__in=list(plain.values()))
    }
    chosen, taken = {}, set()
    for index, title in plain.items():
        if title in kept and (kept[title] is None or kept[title] not in taken):
            chosen[index] = kept[title]
            taken.add(kept[title])
    table = table.with_mapping(chosen) if chosen else table
    entry = table.as_dict()
    entry["remembered"] = sorted(chosen)
    entry["use"] = table.reason is None and "name" in table.fields
    return entry


@transaction.atomic
def set_columns(batch: Import, tables: list[dict], *, by, at: datetime) -> Import:
    """Take the user's choice of sheets and columns, and remember it for the unit's next roster.

    `tables` has the shape of `Import.tables`. Refuses when no sheet in use has a name column (NoNameColumn)
    and after the check has begun (NotNow).
    """
    used = [heads.Table.from_dict(_bare(entry)) for entry in tables if entry["use"]]
    if not used or any("name" not in table.fields for table in used):
        raise NoNameColumn
    mine = Import.objects.filter(pk=batch.pk, state__in=[Import.State.UPLOADED, Import.State.CHECKED])
    if not mine.update(tables=tables, state=Import.State.UPLOADED, problem=""):
        raise NotNow
    for table in used:
        for column in table.columns:
            title = heads.plain_title(column.title)[:100]
            if title:
                ColumnMemory.objects.update_or_create(
                    unit_id=batch.unit_id, kind=batch.kind, title=title, defaults={"field": column.field or ""}
                )
    batch.refresh_from_db()
    audit.record("import.mapped", on=batch, by=by, at=at, unit_path=batch.unit_path)
    return batch


def _bare(entry: dict) -> dict:
    return {key: value for key, value in entry.items() if key not in ("use", "remembered")}


def tables_in_use(batch: Import) -> list[heads.Table]:
    """The tables that the check reads."""
    return [heads.Table.from_dict(_bare(entry)) for entry in batch.tables if entry["use"]]


@transaction.atomic
def start_check(batch: Import, *, by, at: datetime) -> Job:
    """Begin to read and judge every row, as a job. Refuses once the commit has begun (NotNow)."""
    mine = Import.objects.filter(pk=batch.pk, state__in=[Import.State.UPLOADED, Import.State.CHECKED])
    if not mine.update(state=Import.State.CHECKING):
        raise NotNow
    return _attach(batch, "import.check", by, at)


@transaction.atomic
def start_commit(batch: Import, *, by, at: datetime) -> Job:
    """Begin to write the good rows, as a job. Refuses unless the check is done (NotNow)."""
    mine = Import.objects.filter(pk=batch.pk, state=Import.State.CHECKED)
    if not mine.update(state=Import.State.COMMITTING, committed_by=by):
        raise NotNow
    return _attach(batch, "import.commit", by, at)


def _attach(batch: Import, kind: str, by, at: datetime) -> Job:
    job = enqueue(kind, by=by, at=at, args={"import": str(batch.pk)}, unit_path=batch.unit_path, title=batch.file_name)
    Import.objects.filter(pk=batch.pk).update(job=job)
    batch.refresh_from_db()
    return job


def check_rows(batch: Import, *, beat) -> dict[str, int]:
    """Read the file and judge each row; the rows of an earlier, interrupted check are replaced.

    A file that turns out unreadable ends the import as "failed", with the reason.
    """
    scene = Scene(batch)
    ImportRow.objects.filter(batch=batch).delete()
    counts = dict.fromkeys(ImportRow.Verdict.values, 0)
    tally = reading.Tally()
    tables = tables_in_use(batch)
    total, done = sum(table.height for table in tables) or 1, 0
    try:
        with files.open_stored(batch.file) as handle:
            for chunk in _chunks(batch, handle, tables, tally):
                done += len(chunk)
                _check_chunk(scene, chunk, counts, beat, min(done, total), total)
    except Unreadable as problem:
        Import.objects.filter(pk=batch.pk).update(state=Import.State.FAILED, problem=problem.message[:300])
        return counts
    passed_over = sum(tally.counts.values()) - tally.counts[reading.Kind.DATA]
    Import.objects.filter(pk=batch.pk, state=Import.State.CHECKING).update(
        state=Import.State.CHECKED, passed_over=passed_over, **counts
    )
    return counts


def _chunks(batch: Import, handle, tables, tally):
    """Data rows of all tables as entries with their cells, CHUNK at a time."""
    chunk, position = [], 0
    for table in tables:
        handle.seek(0)
        titles = {column.index: column.title for column in table.columns}
        for row in tally.data(reading.rows(handle, table)):
            position += 1
            entry = entry_of(batch, position, table.sheet, row.number, row.values, row.section)
            chunk.append((entry, titles, row.cells))
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
    if chunk:
        yield chunk


@transaction.atomic
def _check_chunk(scene: Scene, chunk, counts, beat, done: int, total: int) -> None:
    entries = [entry for entry, _titles, _cells in chunk]
    scene.judge(entries)
    for entry, titles, cells in chunk:
        keep(entry, titles, cells)
        counts[entry.row.verdict] += 1
    bulk.insert([entry.row for entry in entries])
    beat.checkpoint(done, total)
