"""Which kinds of job exist. Apps fill it with `kernel.jobs.job` in their `tasks.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class JobKind:
    """A kind of job: its stable key, its title for people, what it does and how urgent it is."""

    key: str
    title: Any
    run: Callable
    priority: int = 0


KINDS: dict[str, JobKind] = {}
