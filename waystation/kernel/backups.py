"""One encrypted file that holds the database and the stored files, and proves itself.

The container is a sealed stream (AES-GCM or SM4-GCM, see `sealed_streams`) of a tar: the database,
the files, and last the manifest with a SHA-256 of every member, the rows per table and the end of
the audit trail. The key file is never part of it.
"""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from . import audit, database_copies
from .fields import SealedField
from .models import AuditHead
from .sealed_streams import SealedWriter, unseal_stream
from .sealing import Tampered, UnknownKey, unseal

FORMAT = 1
LABEL = "backup"
_DATABASE, _MANIFEST, _FILES = "database", "manifest.json", "files/"


class BackupRefused(Exception):
    """The backup cannot be used; the sentence says why."""


def backup(target: Path, *, by, at: datetime) -> dict:
    """Write a backup of the database and the files to `target`; returns its manifest.

    The file appears under its name only when it is complete. Raises BackupRefused.
    """
    if target.exists():
        raise BackupRefused(f"{target} exists already; a backup never overwrites a file.")
    draft = target.with_name(f".{target.name}.part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with (
            os.fdopen(handle, "wb") as sealed,
            tempfile.TemporaryDirectory(dir=target.parent) as folder,
        ):
            manifest = _write(sealed, Path(folder), at)
            sealed.flush()
            os.fsync(sealed.fileno())
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    audit.record("backup.made", by=by, at=at, rows=sum(manifest["rows"].values()))
    return manifest


def _write(sealed, folder: Path, at: datetime) -> dict:
    dump = folder / _DATABASE
    rows, head = database_copies.dump(dump)
    manifest = {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "vendor": connection.vendor,
        "migrations": sorted(".".join(name) for name in _applied()),
        "rows": rows,
        "audit_head": head,
        "members": {},
    }
    writer = SealedWriter(sealed, LABEL)
    with tarfile.open(fileobj=writer, mode="w|") as tar:
        _add(tar, manifest, _DATABASE, dump)
        root = Path(settings.FILES_ROOT)
        for path in sorted(path for path in root.glob("*/*") if not path.suffix):
            _add(tar, manifest, _FILES + path.relative_to(root).as_posix(), path)
        text = json.dumps(manifest, indent=1).encode()
        info = tarfile.TarInfo(_MANIFEST)
        info.size = len(text)
        tar.addfile(info, io.BytesIO(text))
    writer.close()
    return manifest


def _add(tar: tarfile.TarFile, manifest: dict, name: str, path: Path) -> None:
    try:
        with path.open("rb") as source:
            info = tarfile.TarInfo(name)
            info.size = os.fstat(source.fileno()).st_size
            measured = _Hashed(source)
            tar.addfile(info, measured)
    except FileNotFoundError:
        return  # removed since the database was copied: no row will miss it for long
    manifest["members"][name] = measured.digest.hexdigest()


class _Hashed:
    def __init__(self, source):
        self.source, self.digest = source, hashlib.sha256()

    def read(self, size=-1):
        piece = self.source.read(size)
        self.digest.update(piece)
        return piece


def _applied() -> set[tuple[str, str]]:
    return set(MigrationLoader(connection).applied_migrations)


# --- reading --------------------------------------------------------------------------------------


def verify(source: Path) -> dict:
    """Open a backup, check every member and the database in it; returns the manifest.

    Raises BackupRefused with the reason.
    """
    with _opened(source) as (folder, manifest):
        _check_database(folder / _DATABASE, manifest)
        return manifest


@contextmanager
def _opened(source: Path, beside: Path | None = None) -> Iterator[tuple[Path, dict]]:
    """The members of a backup in a folder of their own, all checked against the manifest."""
    if not source.is_file():
        raise BackupRefused(f"{source} does not exist.")
    with tempfile.TemporaryDirectory(dir=beside or source.parent) as name:
        folder = Path(name)
        try:
            with source.open("rb") as file:
                _unpack(_Stream(unseal_stream(file, LABEL)), folder)
        except UnknownKey:
            raise BackupRefused("The key of this backup is not in the key file.") from None
        except Tampered as problem:
            raise BackupRefused(f"The backup is damaged: {problem}") from None
        except tarfile.TarError:
            raise BackupRefused("The backup is damaged: its contents cannot be read.") from None
        yield folder, _checked_manifest(folder)


def _unpack(stream, folder: Path) -> None:
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        for member in tar:
            if not member.isfile():
                raise BackupRefused("The backup holds something that is not a file.")
            tar.extract(member, folder, filter="data")
    while stream.read(1 << 20):  # the end of the sealed stream proves that nothing is cut off
        pass


class _Stream(io.RawIOBase):
    def __init__(self, pieces: Iterator[bytes]):
        self.pieces, self.left = pieces, b""

    def readable(self):
        return True

    def read(self, size=-1):
        while len(self.left) < size or size < 0:
            piece = next(self.pieces, None)
            if piece is None:
                break
            self.left += piece
        size = len(self.left) if size < 0 else size
        taken, self.left = self.left[:size], self.left[size:]
        return taken


def _checked_manifest(folder: Path) -> dict:
    path = folder / _MANIFEST
    if not path.exists():
        raise BackupRefused("The backup is damaged: it has no manifest.")
    manifest = json.loads(path.read_text())
    if manifest.get("format") != FORMAT:
        raise BackupRefused(f"The backup has format {manifest.get('format')}; this version reads format {FORMAT}.")
    for name, digest in manifest["members"].items():
        with (folder / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise BackupRefused(f"The backup is damaged: {name} is not what was saved.")
    return manifest


def _check_database(dump: Path, manifest: dict) -> None:
    try:
        database_copies.check(dump, manifest["vendor"], manifest["rows"])
    except database_copies.CopyDamaged as problem:
        raise BackupRefused(f"The database in the backup is damaged: {problem}") from None


# --- restoring ------------------------------------------------------------------------------------


def restore(source: Path, *, at: datetime, older: bool = False) -> dict:
    """Bring a backup into an empty database and an empty folder of files, and prove it.

    `older` accepts a backup of an earlier version; `migrate` has to follow. Raises BackupRefused.
    """
    if connection.introspection.table_names():
        raise BackupRefused("The database is not empty. A backup is restored into an empty one.")
    root = Path(settings.FILES_ROOT)
    if root.exists() and any(root.iterdir()):
        raise BackupRefused("The folder of files is not empty.")
    root.parent.mkdir(parents=True, exist_ok=True)
    with _opened(source, beside=root.parent) as (folder, manifest):
        is_older = _refuse_other_version(manifest, older)
        _check_database(folder / _DATABASE, manifest)
        database_copies.load(folder / _DATABASE)
        files = folder / _FILES.rstrip("/")
        if files.exists():
            if root.exists():
                root.rmdir()
            files.rename(root)
    _prove_rows(manifest)
    if not is_older:  # an older one can be read in full only after `migrate`
        _prove_contents(manifest)
        audit.record("backup.restored", by=None, at=at, made_at=manifest["made_at"])
    return manifest


def _refuse_other_version(manifest: dict, older: bool) -> bool:
    """Whether the backup is of an earlier version, if that is allowed at all."""
    if manifest["vendor"] != connection.vendor:
        raise BackupRefused(f"The backup is of {manifest['vendor']}, this database is {connection.vendor}.")
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {".".join(name) for name in loader.disk_migrations}
    theirs = set(manifest["migrations"])
    if extra := sorted(theirs - ours - _squashed(loader)):
        raise BackupRefused(f"The backup was made by a newer version, which has {extra[0]}.")
    missing = sorted(ours - theirs)
    if missing and not older:
        raise BackupRefused(
            f"The backup was made by an older version, without {missing[0]}. Use --older, and run "
            "`manage.py migrate` afterwards."
        )
    return bool(missing)


def _squashed(loader: MigrationLoader) -> set[str]:
    return {".".join(name) for migration in loader.disk_migrations.values() for name in migration.replaces}


def _prove_rows(manifest: dict) -> None:
    """The restored database has the rows of the backup."""
    if (rows := database_copies.count_rows()) != manifest["rows"]:
        other = sorted(set(rows.items()) ^ set(manifest["rows"].items()))[0][0]
        raise BackupRefused(f"The table {other} does not have the rows it had.")


def _prove_contents(manifest: dict) -> None:
    """The trail is whole and ends where it ended; sealed fields open."""
    head = AuditHead.objects.filter(pk=1).values_list("number", "hash").first() or (
        0,
        audit.GENESIS,
    )
    if list(head) != manifest["audit_head"]:
        raise BackupRefused("The audit trail does not end where it ended.")
    if faults := audit.verify_chain():
        raise BackupRefused(f"The audit trail is not whole: {faults[0]}.")
    _open_samples()


def _open_samples() -> None:
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if not isinstance(field, SealedField):
                continue
            for row in model._base_manager.exclude(**{field.name: None}).order_by("pk")[:20]:
                try:
                    unseal(row, field.name)
                except Tampered as problem:
                    raise BackupRefused(f"A sealed value does not open: {problem}") from None
