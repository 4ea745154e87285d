"""Answers that are kept with their versions, so that the server need not send again what has not changed."""

from collections.abc import Mapping
from typing import Final

import httpx

__all__ = ["Versions"]

#: Answers that are kept, and the largest of them.
KEPT: Final = 100
KEPT_BYTES: Final = 262_144

_NOT_MODIFIED: Final = 304


class Versions:
    """The latest answers that had an ETag, by path and query."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, bytes]] = {}

    def headers_for(self, method: str, address: str) -> Mapping[str, str]:
        """What to send along."""
        return {"If-None-Match": self._kept[address][0]} if method == "GET" and address in self._kept else {}

    def body_of(self, answer: httpx.Response, received: bytes, address: str) -> bytes:
        """The body that the answer stands for."""
        if answer.status_code == _NOT_MODIFIED:
            return self._kept[address][1]
        self._kept.pop(address, None)
        etag = answer.headers.get("etag")
        if answer.request.method == "GET" and etag and len(received) <= KEPT_BYTES:
            if len(self._kept) >= KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[address] = (etag, received)
        return received
