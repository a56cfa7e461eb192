"""Secrets of the second factor are stored sealed, with a key that is derived from SECRET_KEY.

The key file of the kernel seals personal data; accounts lie below the kernel and need nothing more
than that a copy of the database alone is not enough to compute anybody's codes.
"""

import base64
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"waystation.accounts.second_factor.v1"
_VERSION = "f1"
_NONCE_BYTES = 12


class NotOurSeal(ValueError):
    """The text was sealed with another SECRET_KEY, was changed, or was never sealed."""


def seal(text: str) -> str:
    """`text` as a token "f1|..." that only this site's SECRET_KEY opens."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = nonce + _cipher(settings.SECRET_KEY).encrypt(nonce, text.encode(), _PURPOSE)
    return f"{_VERSION}|{base64.urlsafe_b64encode(sealed).decode()}"


def unseal(token: str) -> str:
    """What `seal` was given; former keys of SECRET_KEY_FALLBACKS still open it.

    Raises `NotOurSeal`.
    """
    version, _, encoded = token.partition("|")
    if version != _VERSION:
        raise NotOurSeal("not a sealed token")
    try:
        sealed = base64.urlsafe_b64decode(encoded)
    except ValueError:
        raise NotOurSeal("not a sealed token") from None
    nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        try:
            return _cipher(key).decrypt(nonce, ciphertext, _PURPOSE).decode()
        except (InvalidTag, ValueError):
            continue
    raise NotOurSeal("no key opens this token")


@lru_cache(maxsize=8)
def _cipher(secret_key: str) -> AESGCM:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
    return AESGCM(derivation.derive(secret_key.encode()))
