"""Identifiers made on the client: time ordered, so that rows made together lie together on disk."""

import os
import secrets
import threading
import time
import uuid

_TAIL_BITS = 74  # what RFC 9562 leaves beside the milliseconds, the version and the variant
_lock = threading.Lock()
_last_ms = 0
_tail = 0


def new_id() -> uuid.UUID:
    """A UUIDv7 that is greater than every one this process made before, even if the clock jumps.

    It names things; it is not a secret, because ids of the same millisecond lie close together.
    """
    global _last_ms, _tail
    with _lock:
        now = time.time_ns() // 1_000_000
        if now > _last_ms:
            _last_ms, _tail = now, secrets.randbits(_TAIL_BITS - 1)
        else:
            _tail += 1 + secrets.randbits(32)
            if _tail >> _TAIL_BITS:
                _last_ms, _tail = _last_ms + 1, secrets.randbits(_TAIL_BITS - 1)
        ms, tail = _last_ms, _tail
    high, low = tail >> 62, tail & ((1 << 62) - 1)
    return uuid.UUID(int=ms << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def _forget() -> None:
    """A forked child must not continue the sequence of its parent."""
    global _last_ms, _tail, _lock
    _last_ms, _tail, _lock = 0, 0, threading.Lock()


os.register_at_fork(after_in_child=_forget)
