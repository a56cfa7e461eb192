"""Who is acting in this thread: filled by the middleware, read by the audit trail."""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Actor:
    """The circumstances of a request: the person, the address, a digest of the session."""

    user: Any = None
    ip: str | None = None
    session: str = ""
    role: str = ""


NOBODY = Actor()
_actor: ContextVar[Actor] = ContextVar("actor", default=NOBODY)


def current_actor() -> Actor:
    """The circumstances of the running request, or NOBODY in a command or job."""
    return _actor.get()


def name_role(role: str) -> None:
    """Note the role by which the running request was admitted; every later event carries it."""
    _actor.set(replace(_actor.get(), role=role))


@contextmanager
def acting(actor: Actor):
    """Make `actor` the current one for a while."""
    token = _actor.set(actor)
    try:
        yield actor
    finally:
        _actor.reset(token)
