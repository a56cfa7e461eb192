"""The compound file format (MS-CFB) that .xls files and encrypted .xlsx files come in.

Only as much as is needed to know what a file is before a real parser sees it: the directory, one
stream's chain of sectors, and that neither runs in circles or out of the file.
"""

from __future__ import annotations

import struct

from waystation.kernel.jailed import Refused

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_END_OF_CHAIN = 0xFFFFFFFE
_FREE = 0xFFFFFFFF
_ENTRY_BYTES = 128
_HEADER_FAT_ENTRIES = 109


class CompoundFile:
    """The table of sectors and the directory; raises `Refused("damaged")` if they are forged."""

    def __init__(self, data: bytes):
        if len(data) < 1536:
            raise Refused("damaged")
        self.data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise Refused("damaged")
        self.sector_bytes = 1 << shift
        self.sectors = -(-len(data) // self.sector_bytes)
        first_directory, _, self.mini_cutoff = struct.unpack_from("<III", data, 48)
        self.fat = self._read_fat()
        self.streams = self._read_directory(first_directory)

    def _sector(self, number: int) -> bytes:
        if number >= self.sectors:
            raise Refused("damaged")
        start = (number + 1) * self.sector_bytes
        return self.data[start : start + self.sector_bytes]

    def _read_fat(self) -> list[int]:
        """The sector table: its own sectors are listed in the header, then in a chain."""
        count, _ = struct.unpack_from("<II", self.data, 44)
        next_list, lists = struct.unpack_from("<II", self.data, 68)
        if count > self.sectors or lists > self.sectors:
            raise Refused("damaged")
        listed = list(struct.unpack_from(f"<{_HEADER_FAT_ENTRIES}I", self.data, 76))
        per_sector = self.sector_bytes // 4
        for _ in range(lists):
            if next_list in (_END_OF_CHAIN, _FREE):
                break
            numbers = self._numbers(next_list)
            listed += numbers[: per_sector - 1]
            next_list = numbers[-1]
        listed = [number for number in listed if number not in (_FREE, _END_OF_CHAIN)]
        if len(set(listed)) != len(listed):
            raise Refused("damaged")
        fat: list[int] = []
        for number in listed[:count]:
            fat += self._numbers(number)
        return fat

    def _numbers(self, sector: int) -> list[int]:
        content = self._sector(sector)
        if len(content) != self.sector_bytes:
            raise Refused("damaged")
        return list(struct.unpack(f"<{self.sector_bytes // 4}I", content))

    def chain(self, start: int) -> list[int]:
        """The sectors of a stream in order; a chain that circles or leaves the file is refused."""
        chain, seen = [], set()
        while start != _END_OF_CHAIN:
            if start in seen or start >= len(self.fat) or start >= self.sectors:
                raise Refused("damaged")
            seen.add(start)
            chain.append(start)
            start = self.fat[start]
        return chain

    def _read_directory(self, first: int) -> dict[str, tuple[int, int]]:
        """Name -> (first sector, size in bytes) of every storage and stream."""
        streams = {}
        content = b"".join(self._sector(number) for number in self.chain(first))
        for at in range(0, len(content) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            length = struct.unpack_from("<H", content, at + 64)[0]
            if content[at + 66] == 0 or not 2 <= length <= 64:
                continue
            name = content[at : at + length - 2].decode("utf-16-le", "replace")
            streams[name] = struct.unpack_from("<II", content, at + 116)
        return streams

    def head(self, name: str, size: int) -> bytes:
        """The first bytes of a stream after checking its whole chain; none for a tiny stream."""
        start, length = self.streams[name]
        if length < self.mini_cutoff:
            return b""
        chain = self.chain(start)
        if length > len(chain) * self.sector_bytes:
            raise Refused("damaged")
        sectors = chain[: -(-size // self.sector_bytes)]
        return b"".join(self._sector(number) for number in sectors)[:size]


def check_xls(data: bytes) -> None:
    """Refuse what is encrypted, forged or not a workbook. Macros in .xls are never run, so pass."""
    compound = CompoundFile(data)
    names = {name.casefold(): name for name in compound.streams}
    if "encryptedpackage" in names or "encryptioninfo" in names:
        raise Refused("encrypted")
    workbook = names.get("workbook") or names.get("book")
    if workbook is None:
        raise Refused("not_a_spreadsheet")
    if _has_password(compound.head(workbook, 4096)):
        raise Refused("encrypted")


def _has_password(head: bytes) -> bool:
    """Whether a FILEPASS record follows the first BOF record of the workbook."""
    at = 0
    for _ in range(8):
        if at + 4 > len(head):
            return False
        kind, length = struct.unpack_from("<HH", head, at)
        if kind == 0x2F:
            return True
        at += 4 + length
    return False
