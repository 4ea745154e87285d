"""Encryption of a stream: chunks of AES-256-GCM under a key of its own, which the server's sealer seals.

``magic (8 bytes) | length of the sealed key (2, big-endian) | sealed key | chunks``. A chunk is 256 KiB of plain text
(the last one less) and its tag. Its nonce is its number and whether it is the last (the STREAM construction of
Hoang, Reyhanitabar, Rogaway and Vizár), so that chunks can't be moved, repeated or cut off. A key is used for one
stream only. The context (whose stream it is) is bound to the sealed key.
"""

import io
import os
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from outrider.identities.sealing import KEY_BYTES, Sealer

__all__ = ["SealedReader", "SealedWriter", "StreamDamagedError"]

CHUNK_BYTES: Final = 256 * 1024
_MAGIC: Final = b"OTRSNAP\x01"
_TAG_BYTES: Final = 16
_LENGTH_BYTES: Final = 2


class StreamDamagedError(Exception):
    """The bytes are not those that were written, or not all of them."""


class SealedWriter(io.RawIOBase):
    """Encrypts what is written into ``target``. Only ``close`` makes the stream whole; ``target`` stays open."""

    def __init__(self, target: BinaryIO, sealer: Sealer, context: bytes) -> None:
        self._target = target
        self._number = 0
        self._waiting = bytearray()
        key = os.urandom(KEY_BYTES)
        self._cipher = AESGCM(key)
        sealed = sealer.seal(key, context)
        target.write(_MAGIC + len(sealed).to_bytes(_LENGTH_BYTES, "big") + sealed)

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: "bytes | bytearray | memoryview", /) -> int:  # type: ignore[override] # Buffer is 3.12's
        """Take all of ``data``."""
        self._waiting += data
        while len(self._waiting) > CHUNK_BYTES:  # one that is exactly full may be the last
            self._put(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(data)

    def close(self) -> None:
        """Write the last chunk. Idempotent."""
        if not self.closed:
            self._put(bytes(self._waiting), last=True)
            super().close()

    def _put(self, chunk: bytes, *, last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._number, last=last), chunk, None))
        self._number += 1


class SealedReader(io.RawIOBase):
    """Decrypts what a ``SealedWriter`` has written; reading raises StreamDamagedError.

    Making one raises StreamDamagedError, and SECRET_UNREADABLE when the sealer lacks the key or the context differs.
    """

    def __init__(self, source: BinaryIO, sealer: Sealer, context: bytes) -> None:
        self._source = source
        self._number = 0
        if source.read(len(_MAGIC)) != _MAGIC:
            raise StreamDamagedError("it does not begin as a snapshot does")
        sealed = source.read(int.from_bytes(source.read(_LENGTH_BYTES), "big"))
        self._cipher = AESGCM(sealer.open(sealed, context))
        self._ahead = source.read(CHUNK_BYTES + _TAG_BYTES)
        self._plain = b""
        if not self._ahead:  # even an empty stream has its last chunk
            raise StreamDamagedError("it ends before its first chunk")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: "bytearray | memoryview", /) -> int:  # type: ignore[override] # Buffer is 3.12's
        """Some of what follows; 0 at the end."""
        if not self._plain and self._ahead:
            self._plain = self._next()
        taken, self._plain = self._plain[: len(buffer)], self._plain[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def _next(self) -> bytes:
        chunk, self._ahead = self._ahead, self._source.read(CHUNK_BYTES + _TAG_BYTES)
        nonce = _nonce(self._number, last=not self._ahead)
        self._number += 1
        try:
            return self._cipher.decrypt(nonce, chunk, None)
        except (InvalidTag, ValueError) as error:
            raise StreamDamagedError(f"chunk {self._number} is damaged, or chunks are missing") from error


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
