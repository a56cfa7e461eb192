"""What is checked before a real parser sees a spreadsheet: its kind, its size unpacked, its claims.

The kind is told by content, never by the name. Runs inside the jail; every refusal is a stable
code of `waystation.kernel.jail.MESSAGES`.
"""

from __future__ import annotations

import codecs
import re
import struct
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from io import BytesIO

from waystation.kernel.jailed import Refused
from waystation.kernel.sheets import compound
from waystation.kernel.sheets.limits import MEGABYTE, UploadLimits

codecs.lookup("cp437")  # Names inside a zip; inside the jail it could not be loaded any more.

_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"ustar")
_STRANGERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x7fELF", b"MZ")
_OLD_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
_WEB_PAGE = re.compile(rb"\s*(<!--.*?-->\s*)*<(!doctype|html|head|body|table|meta|style|div)\b", re.I | re.S)
_CHUNK = 64 * 1024
_LONGEST_TAG = 4096

_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s[^<>]*?ref\s*=\s*[\"'](?:[A-Za-z]+\d+:)?([A-Za-z]+\d+)[\"']")
_UNIQUE_COUNT = re.compile(rb"<(?:\w+:)?sst\b[^<>]*?\suniqueCount\s*=\s*[\"'](\d+)[\"']")
_REFERENCE = re.compile(rb"([A-Za-z]+)(\d+)")
_CELL_TAG = re.compile(rb"<(?:\w+:)?c\s")


def check(data: bytes, limits: UploadLimits) -> str:
    """The kind of a file ("xlsx", "xls", "ods" or "csv") once it is fit to be parsed."""
    if not data.strip(b"\0 \t\r\n"):
        raise Refused("empty_file")
    if data.startswith(compound.SIGNATURE):
        compound.check_xls(data)
        return "xls"
    if data.startswith(b"PK"):
        return check_zip(data, limits)
    start = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if start.startswith(_ARCHIVES):
        raise Refused("archive")
    if start.startswith(_STRANGERS):
        raise Refused("not_a_spreadsheet")
    if start.startswith(_OLD_BIFF):
        raise Refused("old_workbook")
    if _looks_like_web_page(start):
        raise Refused("web_page")
    if start.lstrip().startswith(b"<?xml"):
        raise Refused("old_workbook" if b":spreadsheet" in data[:_CHUNK] else "not_a_spreadsheet")
    return "csv"


def _looks_like_web_page(start: bytes) -> bool:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.replace(b"\0", b"")[2:]
    return bool(_WEB_PAGE.match(start)) or start.startswith(b"MIME-Version:")


def check_zip(data: bytes, limits: UploadLimits) -> str:
    """Inflate every part once, in pieces, and believe nothing the file says about itself."""
    parts = _parts(data, limits)
    kind = _zip_kind({part.filename for part in parts}, limits)
    left, merged = limits.unpacked_bytes, 0
    for part in parts:
        scan = _scanner(part.filename, limits)
        size, checksum, first = 0, 0, True
        for piece in _inflate(data, part):
            left -= len(piece)
            size += len(piece)
            checksum = zlib.crc32(piece, checksum)
            if left < 0:
                raise Refused("unpacks_too_large", megabytes=limits.unpacked_bytes // MEGABYTE)
            if first and piece.startswith(b"PK\x03\x04"):
                raise Refused("nested_archive")
            if first and kind == "ods" and part.filename == "mimetype":
                kind = _opendocument_kind(piece)
            first = False
            if scan is not None:
                scan.feed(piece)
        if size != part.file_size or checksum != part.CRC:
            raise Refused("damaged")
        if scan is not None:
            merged += scan.verdict()
        if merged > limits.merged_ranges:
            raise Refused("too_many_merges", limit=limits.merged_ranges)
    return kind


def _parts(data: bytes, limits: UploadLimits) -> list[zipfile.ZipInfo]:
    """The files inside; the directory is measured before Python builds objects from it."""
    end = data.rfind(b"PK\x05\x06")
    if end < 0 or end + 22 > len(data):
        raise Refused("damaged")
    count, directory_bytes = struct.unpack_from("<HI", data, end + 10)
    if count == 0:
        raise Refused("damaged")
    if count > limits.parts or directory_bytes > limits.parts * 1024:
        names = data.count(b"xl/worksheets/sheet", end - directory_bytes if directory_bytes else 0)
        if names > limits.sheets:
            raise Refused("too_many_sheets", limit=limits.sheets)
        raise Refused("too_many_parts", limit=limits.parts)
    try:
        parts = zipfile.ZipFile(BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        raise Refused("damaged") from None
    if len({part.filename for part in parts}) != len(parts):
        raise Refused("damaged")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("encrypted")
    return parts


def _zip_kind(names: set[str], limits: UploadLimits) -> str:
    """Which program's document the parts make up."""
    folded = {name.casefold() for name in names}
    if any(name.endswith("vbaproject.bin") or name.startswith(("xl/macrosheets/", "basic/")) for name in folded):
        raise Refused("macros")
    if "xl/workbook.bin" in folded:
        raise Refused("old_workbook")
    if any(name.startswith("word/") or name.startswith("ppt/") for name in folded):
        raise Refused("not_a_spreadsheet")
    if any(name.startswith("xl/") for name in folded):
        if sum(name.startswith("xl/worksheets/") for name in folded) > 2 * limits.sheets:
            raise Refused("too_many_sheets", limit=limits.sheets)
        return "xlsx"
    if "mimetype" in folded and "content.xml" in folded:
        return "ods"
    raise Refused("archive")


def _opendocument_kind(mimetype: bytes) -> str:
    if not mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        raise Refused("not_a_spreadsheet")
    return "ods"


def _inflate(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of a part in pieces, however long it really is."""
    at = part.header_offset
    if data[at : at + 4] != b"PK\x03\x04" or at + 30 > len(data):
        raise Refused("damaged")
    start = at + 30 + sum(struct.unpack_from("<HH", data, at + 26))
    packed = memoryview(data)[start : start + part.compress_size]
    if len(packed) != part.compress_size:
        raise Refused("damaged")
    if part.compress_type == zipfile.ZIP_STORED:
        for offset in range(0, len(packed), _CHUNK):
            yield bytes(packed[offset : offset + _CHUNK])
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        yield from _inflate_deflated(packed)
    else:
        raise Refused("damaged")


def _inflate_deflated(packed: memoryview) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for offset in range(0, len(packed), _CHUNK):
            pending = packed[offset : offset + _CHUNK]
            while pending and not inflater.eof:
                piece = inflater.decompress(pending, 16 * _CHUNK)
                if piece:
                    yield piece
                pending = inflater.unconsumed_tail
        while piece := inflater.decompress(b"", 16 * _CHUNK):
            yield piece
    except zlib.error:
        raise Refused("damaged") from None
    if not inflater.eof:
        raise Refused("damaged")


def _scanner(name: str, limits: UploadLimits) -> _Scanner | None:
    """What looks into a part while it passes; parts without a scanner are only measured."""
    name = name.casefold()
    if name.startswith("xl/worksheets/") and name.endswith(".xml"):
        return _SheetScanner(limits)
    if name == "xl/sharedstrings.xml":
        return _StringsScanner()
    if name == "meta-inf/manifest.xml":
        return _ManifestScanner()
    return None


class _Scanner(ABC):
    """Feeds `look` with text that never ends inside a tag, and keeps the first refusal.

    The refusal waits for `verdict`: what stands in a damaged part is not worth a word.
    """

    def __init__(self):
        self.merged = 0
        self.refused: Refused | None = None
        self._pending = b""

    def feed(self, piece: bytes) -> None:
        text = self._pending + piece
        cut = text.rfind(b">") + 1
        if not cut and len(text) > _LONGEST_TAG:
            cut = len(text) - _LONGEST_TAG
        self.look(text[:cut])
        self._pending = text[cut:]

    @abstractmethod
    def look(self, text: bytes) -> None:
        """Count and judge what a piece of the part holds."""

    def verdict(self) -> int:
        """The number of merged ranges, after the end of the part; raises the refusal, if any."""
        self.look(self._pending)
        if self.refused:
            raise self.refused
        return self.merged


class _SheetScanner(_Scanner):
    """Cells with content outside the limits, and a claimed dimension far beyond every cell."""

    def __init__(self, limits: UploadLimits):
        super().__init__()
        self._limits = limits
        self._far_reference = far_reference(limits.rows)
        self._claimed: bytes | None = None
        self._begun = False
        self._far = False

    def look(self, text: bytes) -> None:
        if not self._begun and text:
            self._begun = True
            found = _DIMENSION.search(text)
            self._claimed = found[1] if found else None
        self.merged += text.count(b"mergeCell ")
        for found in self._far_reference.finditer(text):
            if self._is_far(found[1]):
                self._note(text, found)

    def _note(self, text: bytes, found: re.Match) -> None:
        """A far cell is refused if it has content; an empty one that is only formatted is not."""
        start, end = text.rfind(b"<", 0, found.start()), text.find(b">", found.end())
        if _CELL_TAG.match(text, start):
            self._far = True
            if text[end - 1 : end] != b"/" and not self.refused:
                self.refused = Refused("too_far", **self._params(found[1]))

    def verdict(self) -> int:
        merged = super().verdict()
        if self._claimed and self._is_far(self._claimed) and not self._far:
            raise Refused("false_dimension", **self._params(self._claimed))
        return merged

    def _is_far(self, reference: bytes) -> bool:
        letters, digits = _REFERENCE.fullmatch(reference).groups()
        if len(letters) > 3 or len(digits) > 9:
            return True
        return int(digits) > self._limits.rows or column_number(letters) > self._limits.columns

    def _params(self, reference: bytes) -> dict:
        return {
            "cell": reference[:20].decode().upper(),
            "rows": self._limits.rows,
            "columns": self._limits.columns,
        }


class _StringsScanner(_Scanner):
    """A count of texts that cannot be true: even an empty text takes the five bytes of `<si/>`."""

    def __init__(self):
        super().__init__()
        self._claimed: int | None = None
        self._size = 0

    def look(self, text: bytes) -> None:
        self._size += len(text)
        if self._claimed is None and text:
            found = _UNIQUE_COUNT.search(text)
            self._claimed = int(found[1][:12]) if found else 0

    def verdict(self) -> int:
        super().verdict()
        if (self._claimed or 0) * 5 > self._size:
            raise Refused("false_string_count")
        return 0


class _ManifestScanner(_Scanner):
    """An OpenDocument file with a password says so in its manifest."""

    def look(self, text: bytes) -> None:
        if b"encryption-data" in text:
            self.refused = Refused("encrypted")


def far_reference(rows: int) -> re.Pattern[bytes]:
    """Finds references that may lie outside: past column GR, or exactly in rows past the limit.

    A sheet has hundreds of thousands of references, so the pattern itself must pass over the rest.
    """
    digits = str(rows)
    greater = [rb"\d{%d,}" % (len(digits) + 1)]
    for place, digit in enumerate(digits):
        if digit < "9":
            rest = len(digits) - place - 1
            larger = b"[%d-9]" % (int(digit) + 1)
            greater.append(digits[:place].encode() + larger + rb"\d{%d}(?!\d)" % rest)
    column = rb"(?:[A-Za-z]{3,}|[Gg][S-Zs-z]|[H-Zh-z][A-Za-z])\d+"
    return re.compile(rb"r\s*=\s*[\"'](" + column + rb"|[A-Za-z]{1,2}0*(?:" + b"|".join(greater) + rb"))[\"']")


def column_number(letters: bytes) -> int:
    """The number of a column by its letters: A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
