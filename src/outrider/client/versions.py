"""Answers that are kept with their versions, so that the server need not send again what has not changed."""

from typing import Final, NamedTuple

import httpx

__all__ = ["Version", "Versions"]

#: Answers that are kept, and the largest of them.
KEPT: Final = 100
KEPT_BYTES: Final = 262_144

_NOT_MODIFIED: Final = 304


class Version(NamedTuple):
    """An answer as it was once."""

    etag: str
    body: bytes


class Versions:
    """The latest answers that had an ETag, by path and query."""

    def __init__(self) -> None:
        self._kept: dict[str, Version] = {}

    def known(self, method: str, address: str) -> Version | None:
        """What to ask about with ``If-None-Match``."""
        return self._kept.get(address) if method == "GET" else None

    def body_of(self, answer: httpx.Response, received: bytes, address: str, known: Version | None) -> bytes:
        """The body that the answer stands for. ``known`` was asked about: other requests may have replaced it since."""
        if answer.status_code == _NOT_MODIFIED and known is not None:
            return known.body
        self._kept.pop(address, None)
        etag = answer.headers.get("etag")
        if answer.request.method == "GET" and etag and len(received) <= KEPT_BYTES:
            if len(self._kept) >= KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[address] = Version(etag, received)
        return received
