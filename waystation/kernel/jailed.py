"""The inner side of the jail: this runs in the throw-away process, never in a web or job worker.

A task is a generator function `task(stream, params)`: it reads the hostile file from `stream` and
yields messages (JSON objects, or lines from `encode`), which go out as one line each. It raises
`Refused` to say in a stable code why a file is not taken. Everything a task needs is imported at
the top of its module, because after `confine` the process may not be able to read the program's
own files any more.
Nothing here may import Django: it would cost more time than reading a whole roster.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from importlib import import_module
from typing import BinaryIO

# Task name -> "module:function". What is not here cannot be run.
TASKS = {"read_sheet": "waystation.kernel.sheets.engine:read_sheet"}

MEMORY_BYTES = 1024**3
CPU_SECONDS = 30
FILE_BYTES = 200 * 1000**2
OPEN_FILES = 64
LINE_BYTES = 4 * 1024**2

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_NO_NEW_PRIVS = 38
_NOBODY = 65534


class Refused(Exception):
    """The file is not taken; `code` is stable and `params` fill its sentence."""

    def __init__(self, code: str, **params):
        super().__init__(code)
        self.code = code
        self.params = params


def main(task: str, params: str) -> None:
    """Run one task on standard input and leave without cleaning up."""
    function = load(task)
    confine()
    write_all(function(sys.stdin.buffer, json.loads(params)))
    os._exit(0)


def load(task: str) -> Callable[[BinaryIO, dict], Iterator[dict]]:
    """The function of a task; raises `KeyError` for a name that is not in `TASKS`."""
    module, function = TASKS[task].split(":")
    return getattr(import_module(module), function)


def write_all(messages: Iterator[dict | bytes]) -> None:
    """Write each message as a line, then `done`; a failure becomes a last line of its own."""
    try:
        for message in messages:
            write(message)
        write({"done": True})
    except Refused as refused:
        write({"refused": refused.code, "params": refused.params})
    except BrokenPipeError:
        return  # The other side has seen enough.
    except MemoryError:
        write({"refused": "too_heavy", "params": {}})
    except BaseException as error:  # A panic of the Rust reader does not derive from Exception.
        write({"refused": "unreadable", "params": {}, "error": type(error).__name__})


def write(message: dict | bytes) -> None:
    """Write one line; a longer one than the other side accepts is refused here already."""
    line = message if isinstance(message, bytes) else encode(message)
    if len(line) > LINE_BYTES:
        raise Refused("too_heavy")
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def encode(message: dict) -> bytes:
    """The bytes of one line. Dates go as `{"d": …}`, dates with a time as `{"t": …}`."""
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"), default=_travelling)
    return text.encode() + b"\n"


def _travelling(value):
    """What JSON has no word for."""
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02d}:{seconds:02d}"
    return str(value)


def confine() -> None:
    """Give up everything the task does not need: memory, processor, files, processes, network.

    The limits always hold. Leaving the network and the administrator's rights is done where the
    system allows it; a process of the administrator becomes "nobody", since the limit on new
    processes does not bind an administrator.
    """
    limits = {
        resource.RLIMIT_CORE: 0,  # A dump would leave personal data on the disk.
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_FSIZE: FILE_BYTES,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_NPROC: 0,
    }
    for kind, value in limits.items():
        _lower(kind, value, value)
    _lower(resource.RLIMIT_CPU, CPU_SECONDS, CPU_SECONDS + 1)
    if sys.platform == "linux":
        _leave_network()
    if os.geteuid() == 0:
        with suppress(OSError):
            os.setgroups([])
            os.setresgid(_NOBODY, _NOBODY, _NOBODY)
            os.setresuid(_NOBODY, _NOBODY, _NOBODY)


def _lower(kind: int, soft: int, hard: int) -> None:
    """Set a limit, never above the one already in force."""
    _, current = resource.getrlimit(kind)
    if current != resource.RLIM_INFINITY:
        soft, hard = min(soft, current), min(hard, current)
    resource.setrlimit(kind, (soft, hard))


def _leave_network() -> None:
    """Move into an empty network of our own, where the kernel permits it."""
    libc = ctypes.CDLL(None)
    if os.geteuid() == 0:
        libc.unshare(_CLONE_NEWNET)
    else:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
