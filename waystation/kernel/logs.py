"""Log lines: one JSON object a line, with nothing in it that a terminal or a parser obeys."""

import json
import logging
import re
from datetime import UTC, datetime

# json.dumps escapes what lies below U+0020; these it would let through: C1 controls, line and
# paragraph separators, zero-width and bidirectional marks, lone surrogates.
_UNRULY = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{3})\d{11}(\d{3}[0-9Xx])(?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(1[3-9]\d)\d{4}(\d{4})(?![0-9A-Za-z])")


def masked(text: str) -> str:
    """`text` with ID numbers and mobile numbers blotted out; logs are no place for them."""
    return _MOBILE.sub(r"\1****\2", _ID_NUMBER.sub(r"\1***********\2", text))


class LineFormatter(logging.Formatter):
    """Formats a record as one line of JSON; hostile text stays text."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "t": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if status := record.__dict__.get("status_code"):
            line["status"] = status
        if record.exc_info:
            line["trace"] = masked(self.formatException(record.exc_info))
        text = json.dumps(line, ensure_ascii=False, default=str)
        return _UNRULY.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
