"""What an uploaded spreadsheet may be at most. The code reads this table and the docs print it."""

from __future__ import annotations

from dataclasses import dataclass, fields

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """Upper bounds of one uploaded spreadsheet; sizes in bytes (a megabyte is a million)."""

    file_bytes: int = 10 * MEGABYTE
    unpacked_bytes: int = 100 * MEGABYTE  # all parts of a zip-based file together
    parts: int = 200  # files inside a zip-based file
    sheets: int = 100
    rows: int = 50_000  # in one sheet
    columns: int = 200
    cells: int = 10_000_000  # height × width of all sheets together
    merged_ranges: int = 20_000  # in all sheets together
    cell_characters: int = 32_767  # as in a spreadsheet program

    def as_params(self) -> dict[str, int]:
        """The table as plain numbers, to be handed into the jail."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


UPLOAD_LIMITS = UploadLimits()
