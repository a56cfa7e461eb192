"""Files people upload and the product makes: sealed on disk, under random names."""

import hashlib
import io
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.db import transaction

from .models import StoredFile
from .sealed_streams import PIECE_BYTES, seal_stream, unseal_stream
from .sealing import Tampered

MIB = 1 << 20
DEFAULT_LIMIT = 10 * MIB
ORPHAN_SECONDS = 24 * 3600
# The first bytes of the formats we take; what is listed here must begin this way.
SIGNATURES = {
    ".xlsx": (b"PK\x03\x04",),
    ".docx": (b"PK\x03\x04",),
    ".ods": (b"PK\x03\x04",),
    ".xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
    ".pdf": (b"%PDF-",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
}


class UploadRefused(Exception):
    """The file is not taken; the subclass says why."""


class UploadTooLarge(UploadRefused):
    """The file is larger than its kind allows; `limit` is in bytes."""

    def __init__(self, limit: int):
        super().__init__(f"The file is larger than {limit // MIB} MB.")
        self.limit = limit


class UploadTypeRefused(UploadRefused):
    """The name or the first bytes do not belong to a type that this kind takes."""


class UploadEmpty(UploadRefused):
    """The file has no content."""


@dataclass(frozen=True)
class FileKind:
    """What a kind of file may be: title, most bytes, and endings (none given: any)."""

    key: str
    title: Any
    max_bytes: int
    suffixes: tuple[str, ...]


FILE_KINDS: dict[str, FileKind] = {}


def declare(kind: str, *, title, max_bytes: int = DEFAULT_LIMIT, suffixes: Iterable[str] = ()) -> FileKind:
    """Declare what a kind of file may be; docs and upload pages print this table."""
    FILE_KINDS[kind] = FileKind(kind, title, max_bytes, tuple(suffixes))
    return FILE_KINDS[kind]


@transaction.atomic
def store(file: BinaryIO, *, kind: str, name: str, by, at: datetime) -> StoredFile:
    """Seal `file` to disk and return its row. Raises UploadTooLarge, -TypeRefused, -Empty.

    If the transaction fails the file stays without a row, and the sweep removes it later.
    """
    rules = FILE_KINDS.get(kind) or FileKind(kind, kind, DEFAULT_LIMIT, ())
    shown = _shown(name)
    reader = _Measured(file, rules, Path(shown).suffix.lower())
    place = f"{at:%Y%m}/{secrets.token_hex(16)}"
    path = _path(place)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            seal_stream(reader.pieces(), target, place)
            target.flush()
            os.fsync(target.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    return StoredFile.objects.create(
        kind=kind,
        name=shown,
        place=place,
        size=reader.size,
        sha256=reader.digest.hexdigest(),
        created_at=at,
        created_by=by,
    )


class _Measured:
    """Reads a file while counting, hashing and refusing."""

    def __init__(self, file: BinaryIO, rules: FileKind, suffix: str):
        self.file, self.rules, self.suffix = file, rules, suffix
        self.size, self.digest = 0, hashlib.sha256()

    def pieces(self) -> Iterator[bytes]:
        while piece := self.file.read(PIECE_BYTES):
            if not self.size:
                self._check_type(piece)
            self.size += len(piece)
            if self.size > self.rules.max_bytes:
                raise UploadTooLarge(self.rules.max_bytes)
            self.digest.update(piece)
            yield piece
        if not self.size:
            raise UploadEmpty("The file is empty.")

    def _check_type(self, start: bytes) -> None:
        if self.rules.suffixes and self.suffix not in self.rules.suffixes:
            raise UploadTypeRefused(self.suffix)
        wanted = SIGNATURES.get(self.suffix) if self.rules.suffixes else None
        if wanted and not start.startswith(wanted):
            raise UploadTypeRefused(self.suffix)


def _shown(name: str) -> str:
    """The last part of the given name without control characters, at most 255 characters."""
    last = str(name).replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(letter for letter in last if letter.isprintable() or ord(letter) > 0x2FFFF)
    stem, dot, suffix = clean.rpartition(".")
    return f"{stem[: 254 - len(suffix)]}{dot}{suffix}"[-255:].strip() or "file"


def open_stored(stored: StoredFile) -> io.BytesIO:
    """The whole clear content in memory. Raises Tampered, FileNotFoundError."""
    return io.BytesIO(b"".join(stream(stored)))


def stream(stored: StoredFile) -> Iterator[bytes]:
    """The clear content piece by piece; raises Tampered at the end if it is not what was stored."""
    digest = hashlib.sha256()
    with _path(stored.place).open("rb") as source:
        for piece in unseal_stream(source, stored.place):
            digest.update(piece)
            yield piece
    if digest.hexdigest() != stored.sha256:
        raise Tampered("The file is not the one that was stored.")


@transaction.atomic
def remove(stored: StoredFile) -> None:
    """Delete the row now and the file when the transaction is through."""
    path = _path(stored.place)
    stored.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def sweep(at: datetime) -> int:
    """Remove files older than a day that no row knows: left by transactions that failed."""
    root = Path(settings.FILES_ROOT)
    oldest = at.timestamp() - ORPHAN_SECONDS
    old = {
        path.relative_to(root).as_posix(): path
        for path in root.glob("*/*")
        if path.is_file() and path.stat().st_mtime < oldest
    }
    known = set(StoredFile.objects.filter(place__in=old).values_list("place", flat=True))
    orphans = [path for place, path in old.items() if place not in known]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _path(place: str) -> Path:
    root = Path(settings.FILES_ROOT).resolve()
    path = (root / place).resolve()
    if not path.is_relative_to(root):
        raise SuspiciousFileOperation("A stored file lies outside its folder.")
    return path
