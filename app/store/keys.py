"""The keys that seal patient data, and how they rotate.

A sealed value is `key id length, key id, nonce, AES-256-GCM ciphertext`; the column's name is authenticated with it,
so a value moved to another column does not open. Look-ups go over keyed digests (blind indexes), whose key does not
rotate with the sealing keys: an index must stay the same for the same number.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.errors import CareloopError

NONCE_BYTES = 12


class SealError(CareloopError):
    """A sealed value does not open: its key is not among ENCRYPTION_KEYS, or it was tampered with."""

    code = "sealed"


class Keyring:
    """The sealing keys, the current one first, and the index key."""

    def __init__(self, keys: Sequence[tuple[str, bytes]], index_key: bytes) -> None:
        if not keys:
            raise SealError("no encryption key is set: give ENCRYPTION_KEYS at least one")
        self._ciphers = {name.encode(): AESGCM(key) for name, key in keys}
        self._current = keys[0][0].encode()
        self._cipher = self._ciphers[self._current]
        self._index_key = index_key

    @property
    def current(self) -> str:
        """The id of the key that seals new values."""
        return self._current.decode()

    def seal(self, column: str, value: bytes) -> bytes:
        """The value sealed for this column with the current key."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, value, column.encode())
        return bytes([len(self._current)]) + self._current + nonce + sealed

    def open(self, column: str, sealed: bytes) -> bytes:
        """The value sealed for this column; SealError when the key is unknown or the value was changed."""
        end = 1 + sealed[0]
        cipher = self._ciphers.get(sealed[1:end])
        if cipher is None:
            raise SealError(f"a value in {column} is sealed with a key that is not in ENCRYPTION_KEYS")
        try:
            return cipher.decrypt(
                sealed[end : end + NONCE_BYTES], sealed[end + NONCE_BYTES :], column.encode()
            )
        except InvalidTag as error:
            raise SealError(f"a value in {column} does not open: it was changed or moved") from error

    def key_of(self, sealed: bytes) -> str:
        """The id of the key a value was sealed with."""
        return sealed[1 : 1 + sealed[0]].decode()

    def blind(self, purpose: str, value: str) -> str:
        """The keyed digest of a value for equality look-ups: 32 hex digits, the same each time for a purpose."""
        return hmac.new(self._index_key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()[:32]

    def mac(self, purpose: str, value: bytes) -> str:
        """A keyed digest of 64 hex digits, for the audit chain."""
        return hmac.new(self._index_key, purpose.encode() + b"\0" + value, hashlib.sha256).hexdigest()


def keyring_of(asked: Session | Connection) -> Keyring:
    """The keyring of the engine of a session or connection."""
    dialect: Any = asked.dialect if isinstance(asked, Connection) else asked.get_bind().dialect
    keyring: Keyring = dialect.careloop_keyring
    return keyring
