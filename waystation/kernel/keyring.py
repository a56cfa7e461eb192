"""The keys, read from a file outside the database.

The file is JSON: `{"current": kid, "keys": {kid: {"fields": …, "index": …, "signing": …}}}`, each
key 32 random bytes in base64. New work uses the current kid; the others still read and verify.
"""

import base64
import json
import os
import secrets
import stat
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

PURPOSES = ("fields", "index", "signing")
RECHECK_SECONDS = 1.0
_seen: tuple | None = None


class KeysMissing(ImproperlyConfigured):
    """The key file is absent, unreadable or nonsense; nothing may start without it."""


@dataclass(frozen=True)
class Keyring:
    """All keys of this site. Kids are short words without meaning."""

    current: str
    keys: dict[str, dict[str, bytes]]

    @property
    def kids(self) -> list[str]:
        """The current kid first, then the older ones."""
        return [self.current, *(kid for kid in sorted(self.keys) if kid != self.current)]


def keyring() -> Keyring:
    """The keys as the file holds them; a changed file is seen within a second, without a restart.

    Outside production a missing file is made. Raises KeysMissing with a sentence otherwise.
    """
    now, seen = time.monotonic(), _seen
    if seen is not None and now < seen[0] and seen[1] is settings.KEY_FILE:
        return seen[2]
    ring = _look(Path(settings.KEY_FILE))
    _remember((now + RECHECK_SECONDS, settings.KEY_FILE, ring))
    return ring


def look_again() -> Keyring:
    """The keys as the file holds them at this very moment."""
    _remember(None)
    return keyring()


def _remember(seen: tuple | None) -> None:
    global _seen
    _seen = seen


def _look(path: Path) -> Keyring:
    try:
        status = path.stat()
    except FileNotFoundError:
        if settings.MODE == "production":
            raise KeysMissing(
                f"The key file {path} does not exist. Bring it back from its safe place; only a "
                "new site makes one, with `manage.py keys new`."
            ) from None
        add_key()
        status = path.stat()
    except OSError as problem:
        raise KeysMissing(f"The key file {path} cannot be read: {problem.strerror}.") from None
    if settings.MODE == "production" and stat.S_IMODE(status.st_mode) & 0o377:
        raise KeysMissing(f"The key file {path} is open to others; its mode must be 0400.")
    return _read(str(path), status.st_mtime_ns, status.st_size, status.st_ino)


@lru_cache(maxsize=8)
def _read(path: str, mtime: int, size: int, inode: int) -> Keyring:
    try:
        content = json.loads(Path(path).read_text())
        keys = {
            kid: {purpose: base64.b64decode(held[purpose], validate=True) for purpose in PURPOSES}
            for kid, held in content["keys"].items()
        }
        ring = Keyring(content["current"], keys)
        whole = all(len(key) == 32 for held in keys.values() for key in held.values())
    except OSError as problem:
        raise KeysMissing(f"The key file {path} cannot be read: {problem.strerror}.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeysMissing(f"The key file {path} is damaged.") from None
    if ring.current not in keys or not whole:
        raise KeysMissing(f"The key file {path} is damaged.")
    return ring


def add_key() -> str:
    """Make a new key, make it the current one and return its kid. Older keys are kept."""
    path = Path(settings.KEY_FILE)
    first = not path.exists()
    content = {"current": "", "keys": {}} if first else json.loads(path.read_text())
    kid = secrets.token_hex(3)
    content["keys"][kid] = {purpose: base64.b64encode(secrets.token_bytes(32)).decode() for purpose in PURPOSES}
    content["current"] = kid
    _write(path, content, first=first)
    return kid


def drop_key(kid: str) -> None:
    """Remove an old key for good. Refuses the current one (ValueError)."""
    path = Path(settings.KEY_FILE)
    content = json.loads(path.read_text())
    if kid == content["current"] or kid not in content["keys"]:
        raise ValueError(f"{kid} is not an old key.")
    del content["keys"][kid]
    _write(path, content, first=False)


def _write(path: Path, content: dict, *, first: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(handle, "w") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    try:
        if first:
            os.link(draft, path)  # fails if another process was first: its file then holds
            draft.unlink()
        else:
            draft.replace(path)
    except FileExistsError:
        draft.unlink()
    _remember(None)


@lru_cache(maxsize=512)
def derived(key: bytes, info: str, length: int = 32) -> bytes:
    """A key for one use only, so that no two uses share one."""
    return HKDF(hashes.SHA256(), length, None, f"waystation|{info}".encode()).derive(key)


@lru_cache(maxsize=32)
def signing_key(key: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(key)
