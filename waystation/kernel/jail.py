"""The jail: hostile files are opened only in a throw-away process with narrow limits.

A small crafted spreadsheet can make a parser abort its whole process, so no parser runs in a web
or job worker. `run` starts a fresh interpreter with an empty environment in an empty directory,
hands it the file as standard input and yields its messages as they come; `jailed` is what runs
over there. Whatever happens to it, the caller gets messages or one `Unreadable`.
"""

from __future__ import annotations

import json
import logging
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from waystation.kernel.jailed import LINE_BYTES, TASKS

WAIT_SECONDS = 40  # how long to wait for the task altogether; the caller's own time is free
TOTAL_BYTES = 200 * 1000**2  # of messages

_ROOT = str(Path(__file__).resolve().parents[2])
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from waystation.kernel import jailed; jailed.main(sys.argv[2], sys.argv[3])"
)
_ERROR_NAME = re.compile(r"[A-Za-z]{1,40}(Error|Exception|Exit|Interrupt)")
_PYTHON = (sys.executable, "-I", "-B", "-X", "utf8")  # isolated, writes no bytecode
_REVIVERS = {"d": date.fromisoformat, "t": datetime.fromisoformat}
_logger = logging.getLogger(__name__)

# Every code a file may be refused with, and the sentence that says what to do.
MESSAGES = {
    "unreadable": _(
        "The file cannot be read; it may be damaged. Open it in a spreadsheet program, save it "
        "again as .xlsx and try once more."
    ),
    "too_slow": _(
        "Reading the file took too long. Keep only the roster in it, save it again as .xlsx and try once more."
    ),
    "too_heavy": _(
        "The file needs too much memory. Copy the roster into a new file, save it as .xlsx and try once more."
    ),
    "empty_file": _("The file is empty. Choose the file that holds the roster."),
    "too_large": _(
        "The file is larger than %(megabytes)s MB. Remove pictures and other sheets, or split it into several files."
    ),
    "not_a_spreadsheet": _("This is not a spreadsheet. Choose an .xlsx, .xls, .ods or .csv file."),
    "archive": _("This is a packed archive. Unpack it and choose the spreadsheet that is inside."),
    "web_page": _(
        "This is a web page under the name of a spreadsheet, as some systems export it. Open it "
        "in a spreadsheet program, save it as .xlsx and choose that file."
    ),
    "old_workbook": _(
        "This is an old or rare workbook format. Open it in a spreadsheet program, save it as "
        ".xlsx and choose that file."
    ),
    "encrypted": _(
        "The file is protected by a password. Remove the password in the spreadsheet program, "
        "save the file and choose it again."
    ),
    "macros": _("The file holds macros. Save it as .xlsx, which cannot hold any, and choose that file."),
    "nested_archive": _(
        "The file has other files embedded in it. Copy the roster into a new file, save it as "
        ".xlsx and choose that one."
    ),
    "damaged": _(
        "The file is damaged or incomplete. Send or download it again, or open it in a "
        "spreadsheet program and save it again as .xlsx."
    ),
    "too_many_parts": _(
        "The file consists of more than %(limit)s parts. Remove pictures and other sheets, or "
        "copy the roster into a new file."
    ),
    "too_many_sheets": _(
        "The file has more than %(limit)s sheets. Keep only the sheets with rosters, or split it into several files."
    ),
    "unpacks_too_large": _(
        "Unpacked, the file is larger than %(megabytes)s MB. Copy the roster into a new file or "
        "split it into several files."
    ),
    "too_far": _(
        "The file has content in cell %(cell)s; rosters may have at most %(rows)s rows and "
        "%(columns)s columns. Delete what stands outside the roster, or split it into several "
        "files."
    ),
    "too_many_cells": _(
        "All sheets together are too large. Keep only the sheets with rosters, or split the file into several files."
    ),
    "false_dimension": _(
        "The file claims to reach to cell %(cell)s, where nothing stands. Copy the roster into a "
        "new file, save it as .xlsx and choose that one."
    ),
    "false_string_count": _(
        "The file claims to hold more texts than it has. Copy the roster into a new file, save it "
        "as .xlsx and choose that one."
    ),
    "too_many_merges": _(
        "The file has more than %(limit)s merged cells. Undo the merging, save the file and choose it again."
    ),
    "cell_too_long": _(
        "A cell near row %(row)s holds more than %(limit)s characters. In a .csv file this is "
        "mostly a quotation mark without its pair; correct it and choose the file again."
    ),
    "mixed_encoding": _(
        "The text file mixes two character sets (UTF-8 and GB 18030). Open it in a spreadsheet "
        "program, save it as .xlsx and choose that file."
    ),
    "unknown_encoding": _(
        "The character set of the text file is not known. Save it as UTF-8 or, better, as .xlsx and choose that file."
    ),
    "no_such_sheet": _("The sheet is no longer in the file. Choose the file again."),
}


class Unreadable(Exception):
    """A file could not be read or is refused; nothing else has suffered.

    `code` is a stable key of `MESSAGES`, `params` fill its sentence, `exit_status` is that of the
    process where it broke off (negative: a signal), else None.
    """

    def __init__(self, code: str, params: dict | None = None, exit_status: int | None = None):
        super().__init__(code)
        self.code = code
        self.params = params or {}
        self.exit_status = exit_status

    @property
    def message(self) -> str:
        """What happened and what to do, in the language of the reader."""
        return gettext(MESSAGES[self.code]) % self.params

    def __str__(self) -> str:
        return self.code


def run(task: str, file: str | os.PathLike | BinaryIO, params: dict, *, max_bytes: int) -> Iterator[dict]:
    """Run a task of `jailed.TASKS` on a file and yield its messages as they arrive.

    `file` is a path or an open binary file; of the latter a copy is made, and it is rewound.
    `params` go over as JSON on the command line, so they must hold nothing personal. Raises
    `Unreadable`; the process is gone when the iterator is exhausted or closed.
    """
    if task not in TASKS:
        raise ValueError(f"no task of the jail: {task}")
    with _directory() as directory, _as_real_file(file, directory, max_bytes) as stdin:
        cell = Path(directory, "cell")
        cell.mkdir()
        process = subprocess.Popen(
            [*_PYTHON, "-c", _START, _ROOT, task, json.dumps(params)],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # It may quote the file.
            env={},
            cwd=cell,
            start_new_session=True,
        )
        try:
            yield from _messages(process)
        finally:
            process.kill()
            process.stdout.close()
            process.wait()


@contextmanager
def _directory() -> Iterator[str]:
    directory = tempfile.mkdtemp(prefix="jail-")
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def _as_real_file(file, directory: str, max_bytes: int) -> Iterator[BinaryIO]:
    """The file as one the other process can read from its start, not larger than allowed."""
    if isinstance(file, str | os.PathLike):
        with open(file, "rb") as opened:
            _check_size(os.fstat(opened.fileno()).st_size, max_bytes)
            yield opened
        return
    size = 0
    with open(Path(directory, "file"), "w+b") as copy:
        file.seek(0)
        while chunk := file.read(256 * 1024):
            size += len(chunk)
            _check_size(size, max_bytes)
            copy.write(chunk)
        file.seek(0)
        copy.flush()
        copy.seek(0)
        yield copy


def _check_size(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise Unreadable("too_large", {"megabytes": max_bytes // 1000**2})


def _messages(process: subprocess.Popen) -> Iterator[dict]:
    """Decode the lines; end well only after the line that says so."""
    for line in _lines(process.stdout.fileno()):
        try:
            message = json.loads(line, object_hook=_revive, parse_constant=lambda _name: None)
        except (ValueError, RecursionError):
            raise Unreadable("unreadable") from None
        if not isinstance(message, dict):
            raise Unreadable("unreadable")
        if message.get("done"):
            return
        if "refused" in message:
            raise _refusal(message)
        yield message
    status = _exit_status(process)
    _logger.warning("a task of the jail broke off with exit status %s", status)
    code = "too_slow" if status in (-signal.SIGXCPU, -signal.SIGKILL) else "unreadable"
    raise Unreadable(code, exit_status=status)


def _exit_status(process: subprocess.Popen) -> int:
    """The status of a process that has closed its output; it is killed if it lingers."""
    try:
        return process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _lines(fd: int) -> Iterator[bytes]:
    """Lines from a pipe, with a cap on one line, on all of them and on the time spent waiting."""
    poll = select.poll()
    poll.register(fd, select.POLLIN | select.POLLHUP)
    pending, total, waited = bytearray(), 0, 0.0
    while True:
        started = time.monotonic()
        ready = poll.poll(max(0, WAIT_SECONDS - waited) * 1000)
        waited += time.monotonic() - started
        if not ready:
            raise Unreadable("too_slow")
        chunk = os.read(fd, 256 * 1024)
        if not chunk:
            return
        total += len(chunk)
        pending += chunk
        if total > TOTAL_BYTES or len(pending) > 2 * LINE_BYTES:
            raise Unreadable("too_heavy")
        *lines, rest = pending.split(b"\n")
        if lines:
            yield from lines
            pending = rest


def _revive(value: dict):
    """Dates travel as `{"d": …}` and `{"t": …}`, so that a text that looks like one stays text."""
    if len(value) == 1:
        ((key, text),) = value.items()
        if key in _REVIVERS and isinstance(text, str):
            return _REVIVERS[key](text)
    return value


def _refusal(message: dict) -> Unreadable:
    """A refusal told by the other side; it is trusted with nothing but a known code."""
    code, params = message["refused"], message.get("params")
    if error := _ERROR_NAME.fullmatch(str(message.get("error"))):
        _logger.warning("a task of the jail failed with %s", error[0])
    try:
        MESSAGES[code] % params
    except (KeyError, ValueError, TypeError):
        return Unreadable("unreadable")
    return Unreadable(code, params)
