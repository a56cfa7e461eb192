"""Sealing of single fields and files, blind indexes, and signed tokens for QR codes and links.

A sealed field is `v1|kid|nonce|ciphertext` (AES-256-GCM) or `v1sm|…` (SM4-GCM). Table, column
and primary key are authenticated with it: a token moved to another place does not open.
"""

import base64
import hashlib
import hmac as stdlib_hmac
import json
import os
from datetime import datetime
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings
from django.db import models
from django.utils import timezone

from .fields import BlindIndexField, SealedField
from .keyring import derived, keyring, look_again, signing_key

NONCE_BYTES = 12
_TAG_BYTES = 16
VERSIONS = {"aes": "v1", "sm": "v1sm"}
_CIPHERS = {version: cipher for cipher, version in VERSIONS.items()}
_FILE_MARKS = {"aes": b"WS1a", "sm": b"WS1s"}
_FILE_CIPHERS = {mark: cipher for cipher, mark in _FILE_MARKS.items()}


class Tampered(Exception):
    """Sealed data does not open at this place: altered, moved, or sealed under an unknown key."""


class UnknownKey(Tampered):
    """The key that sealed this is not in the key file."""


class BadSignature(Exception):
    """A token was not signed by this site for this purpose."""


class Expired(BadSignature):
    """The signature holds but its time has passed."""


# --- one field of one row -------------------------------------------------------------------------


def seal(row: models.Model, field_name: str, text: str | None) -> None:
    """Set the sealed field of `row` to `text` and renew the blind indexes made from it.

    None and empty text leave the field empty. The row needs its primary key, not yet its insert;
    the caller saves.
    """
    field = _sealed_field(row, field_name)
    setattr(row, field.attname, seal_text(_place(row, field), text) if text else None)
    for index in blind_index_fields(type(row), field_name):
        setattr(row, index.attname, index_value(index, text))


def unseal(row: models.Model, field_name: str) -> str | None:
    """The clear text of a sealed field, None if it is empty. Raises Tampered."""
    field = _sealed_field(row, field_name)
    token = getattr(row, field.attname)
    return None if token is None else unseal_text(_place(row, field), token)


def _sealed_field(row: models.Model, field_name: str) -> SealedField:
    field = row._meta.get_field(field_name)
    if not isinstance(field, SealedField):
        raise TypeError(f"{row._meta.label}.{field_name} is not a sealed field.")
    return field


def _place(row: models.Model, field: SealedField) -> str:
    if row.pk is None:
        raise ValueError("A row needs its primary key before it can be sealed.")
    return f"{row._meta.db_table}.{field.column}|{row.pk}"


def seal_text(place: str, text: str) -> str:
    """The token of `text` bound to `place`."""
    nonce = os.urandom(NONCE_BYTES)
    kid = keyring().current
    cipher = settings.CIPHER
    sealed = _encrypt(cipher, _field_key(kid, cipher), nonce, text.encode(), place.encode())
    coded = (base64.b64encode(part).decode() for part in (nonce, sealed))
    return "|".join((VERSIONS[cipher], kid, *coded))


def unseal_text(place: str, token: str) -> str:
    """The text of a token sealed at `place`. Raises Tampered."""
    try:
        version, kid, nonce, sealed = token.split("|")
        cipher = _CIPHERS[version]
        parts = [base64.b64decode(part, validate=True) for part in (nonce, sealed)]
    except (ValueError, KeyError):
        raise Tampered("This is not a sealed token.") from None
    return _decrypt(cipher, _field_key(kid, cipher), *parts, place.encode()).decode()


def kid_of(token: str) -> tuple[str, str]:
    """Cipher and kid of a token, to see whether it must be sealed again."""
    version, kid, *_ = token.split("|")
    return _CIPHERS.get(version, ""), kid


# --- finding without reading ----------------------------------------------------------------------


def blind(label: str, value: str) -> str:
    """The digest of `value` under the current index key: `kid.base64url`."""
    return _blind(keyring().current, settings.CIPHER, label, value)


def blinds(label: str, value: str) -> list[str]:
    """The digests of `value` under every key and cipher that rows may still carry; newest first."""
    ciphers = sorted(VERSIONS, key=lambda cipher: cipher != settings.CIPHER)
    return [_blind(kid, cipher, label, value) for kid in keyring().kids for cipher in ciphers]


@lru_cache(maxsize=256)
def blind_index_fields(model: type[models.Model], source: str) -> list[BlindIndexField]:
    """The blind indexes of a model that are made from the field `source`."""
    return [
        field for field in model._meta.concrete_fields if isinstance(field, BlindIndexField) and field.source == source
    ]


def index_value(field: BlindIndexField, text: str | None) -> str | None:
    """What the blind index column holds for the clear text of its source."""
    compared = field.normalise(text) if text and field.normalise else text
    return blind(field.label, compared) if compared else None


def _blind(kid: str, cipher: str, label: str, value: str) -> str:
    key = derived(_key(kid, "index"), f"index|{cipher}|{label}")
    return f"{kid}.{_base64url(_mac(cipher, key, value.encode()))}"


def _mac(cipher: str, key: bytes, data: bytes) -> bytes:
    if cipher == "aes":
        return stdlib_hmac.digest(key, data, hashlib.sha256)
    mac = HMAC(key, hashes.SM3())
    mac.update(data)
    return mac.finalize()


# --- files ----------------------------------------------------------------------------------------


def seal_bytes(label: str, data: bytes) -> bytes:
    """`data` sealed for one purpose; `label` says which and must be given again to open it."""
    kid, cipher, nonce = keyring().current, settings.CIPHER, os.urandom(NONCE_BYTES)
    sealed = _encrypt(cipher, _field_key(kid, cipher), nonce, data, f"bytes|{label}".encode())
    name = kid.encode()
    return b"".join((_FILE_MARKS[cipher], bytes([len(name)]), name, nonce, sealed))


def unseal_bytes(label: str, data: bytes) -> bytes:
    """What `seal_bytes` sealed under the same label. Raises Tampered."""
    cipher = _FILE_CIPHERS.get(bytes(data[:4]))
    if cipher is None or len(data) < 5:
        raise Tampered("This is not a sealed file.")
    start = 5 + data[4]
    kid = bytes(data[5:start]).decode("ascii", "replace")
    nonce, sealed = data[start : start + NONCE_BYTES], data[start + NONCE_BYTES :]
    return _decrypt(cipher, _field_key(kid, cipher), nonce, sealed, f"bytes|{label}".encode())


# --- signatures -----------------------------------------------------------------------------------


def sign(purpose: str, payload: dict, *, expires_at: datetime | None = None) -> str:
    """A short url-safe token that this site vouches for. The payload is readable by anybody."""
    kid = keyring().current
    until = int(expires_at.timestamp()) if expires_at else 0
    body = json.dumps([until, payload], separators=(",", ":"), ensure_ascii=False).encode()
    signature = signing_key(_key(kid, "signing")).sign(_signed(purpose, body))
    return ".".join((kid, _base64url(body), _base64url(signature)))


def verify(purpose: str, token: str, *, at: datetime | None = None) -> dict:
    """The payload of a token made by `sign` for the same purpose. Raises BadSignature, Expired."""
    try:
        kid, body, signature = token.split(".")
        body, signature = _from_base64url(body), _from_base64url(signature)
        public = signing_key(_key(kid, "signing")).public_key()
        public.verify(signature, _signed(purpose, body))
    except (ValueError, UnknownKey, InvalidSignature):
        raise BadSignature("This token was not signed here.") from None
    until, payload = json.loads(body)
    if until and (at or timezone.now()).timestamp() >= until:
        raise Expired("This token has expired.")
    return payload


def _signed(purpose: str, body: bytes) -> bytes:
    return purpose.encode() + b"\0" + body


# --- the primitives -------------------------------------------------------------------------------


def _key(kid: str, purpose: str) -> bytes:
    held = keyring().keys.get(kid) or look_again().keys.get(kid)
    if held is None:
        raise UnknownKey(f"No key {kid[:8]!r} in the key file.")
    return held[purpose]


def _field_key(kid: str, cipher: str) -> bytes:
    length = 32 if cipher == "aes" else 16
    return derived(_key(kid, "fields"), f"fields|{cipher}", length)


@lru_cache(maxsize=64)
def _aes(key: bytes) -> AESGCM:
    return AESGCM(key)


def _encrypt(cipher: str, key: bytes, nonce: bytes, data: bytes, place: bytes) -> bytes:
    if cipher == "aes":
        return _aes(key).encrypt(nonce, data, place)
    worker = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    worker.authenticate_additional_data(place)
    return worker.update(data) + worker.finalize() + worker.tag


def _decrypt(cipher: str, key: bytes, nonce: bytes, sealed: bytes, place: bytes) -> bytes:
    try:
        if cipher == "aes":
            return _aes(key).decrypt(nonce, sealed, place)
        body, tag = sealed[:-_TAG_BYTES], sealed[-_TAG_BYTES:]
        worker = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
        worker.authenticate_additional_data(place)
        return worker.update(body) + worker.finalize()
    except (InvalidTag, ValueError):
        raise Tampered("The sealed data was altered or moved.") from None


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _from_base64url(text: str) -> bytes:
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _base64url(data) != text:
        raise ValueError("One content has one spelling.")
    return data
