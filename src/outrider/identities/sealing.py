"""Encryption of what is stored but must not be readable from the database or its backups alone.

A sealed value is ``version (1 byte) | key id (4) | nonce (12) | AES-256-GCM ciphertext and tag``. The context says what
the value is and whose (``b"webhook:we_…"``); it is authenticated, so that a sealed value can't be moved to another
place. Keys are a list: the first seals, each of them opens, so that a new one is put in front and the old ones stay
until everything has been sealed anew.
"""

import base64
import binascii
import hashlib
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from outrider.identities.private_file import usable, write_private
from outrider.problems import OutriderError

__all__ = ["Sealer", "new_sealing_key", "open_sealer"]

KEY_BYTES: Final = 32

_VERSION: Final = b"\x01"
_KEY_ID_BYTES: Final = 4
_NONCE_BYTES: Final = 12
_HEAD_BYTES: Final = len(_VERSION) + _KEY_ID_BYTES + _NONCE_BYTES


class Sealer:
    """Seals and opens values with a list of 32-byte keys, the newest first."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Raises ValueError without keys, or for one of another length."""
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError(f"a sealer needs keys of {KEY_BYTES} bytes")
        self._newest = _key_id(keys[0])
        # Should two keys share an id, the newer one keeps it: it has sealed with that id last.
        self._ciphers: Mapping[bytes, AESGCM] = {_key_id(key): AESGCM(key) for key in reversed(keys)}

    def seal(self, value: bytes, context: bytes) -> bytes:
        """The value, encrypted and bound to its context; another text each time. At most 2 GiB."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + self._newest + nonce + self._ciphers[self._newest].encrypt(nonce, value, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """What was sealed under the same context. Raises SECRET_UNREADABLE."""
        version, rest = sealed[:1], sealed[1:_HEAD_BYTES]
        cipher = self._ciphers.get(rest[:_KEY_ID_BYTES])
        if version != _VERSION or cipher is None:
            raise OutriderError("SECRET_UNREADABLE", reason="The key that it was sealed with is not there.")
        try:
            return cipher.decrypt(rest[_KEY_ID_BYTES:], sealed[_HEAD_BYTES:], context)
        except (InvalidTag, ValueError) as error:
            raise OutriderError(
                "SECRET_UNREADABLE", reason="The stored bytes are damaged or belong elsewhere."
            ) from error

    def is_current(self, sealed: bytes) -> bool:
        """Whether the newest key sealed it; else it should be sealed anew before older keys are dropped."""
        return sealed[1:][:_KEY_ID_BYTES] == self._newest


def new_sealing_key() -> str:
    """A random key as settings and the key file have it: 32 bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")


def open_sealer(given: str, file: Path) -> Sealer:
    """A sealer with the ``given`` keys (comma-separated), else with those in ``file``, one per line, newest first.

    The file is made with one new key when there is none. Raises CONFIG_INVALID for what is no key, and
    DATA_FOLDER_UNUSABLE.
    """
    if given.strip():
        return _sealer(given.split(","), "“OUTRIDER_SEALING_KEYS”")
    with usable(file):
        if not file.exists():
            write_private(file, new_sealing_key())
        lines = file.read_text(encoding="ascii", errors="replace").splitlines()
    return _sealer([line for line in lines if line.strip()], f"the file {file}")


def _sealer(texts: Sequence[str], source: str) -> Sealer:
    """Never repeats a key that is wrong: it may be a right one with a slip."""
    try:
        return Sealer([base64.b64decode(text.strip(), altchars=b"-_", validate=True) for text in texts])
    except (ValueError, binascii.Error):
        summary = f"sealing keys are {KEY_BYTES} bytes in URL-safe base64, separated by commas or lines"
        raise OutriderError("CONFIG_INVALID", summary=summary, source=source) from None


def _key_id(key: bytes) -> bytes:
    """Tells keys apart and nothing about them."""
    return hashlib.sha256(b"outrider sealing key id" + key).digest()[:_KEY_ID_BYTES]
