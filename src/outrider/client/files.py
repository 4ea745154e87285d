"""The files part of the SDK: what a session downloaded, and what is offered to it."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

__all__ = ["FileCalls"]

Json = dict[str, Any]


class FileCalls:
    """``client.files``: files as ``{"name", "kind", "bytes", "media_type", "created_at"}``.

    Failures are those of ``OutriderClient``.
    """

    def __init__(
        self, send: Callable[..., Awaitable[Json]], fetch: Callable[..., Awaitable[bytes]], path: Callable[..., str]
    ) -> None:
        """``send`` and ``fetch`` make a request that is answered with a JSON object, or with bytes."""
        self._send = send
        self._fetch = fetch
        self._path = path

    async def list(self, session_id: str) -> "list[Json]":
        """The session's files, oldest first: downloads, and what was offered."""
        return list((await self._send("GET", self._path(session_id, "files"))).get("files", []))

    async def get(self, session_id: str, name: str) -> bytes:
        """The content of one of them."""
        return await self._fetch("GET", self._file(session_id, name))

    async def offer(self, session_id: str, name: str, content: bytes) -> Json:
        """Offer a file to the session's pages; its ``name`` may come back changed."""
        return await self._send("POST", self._path(session_id, "files"), query={"name": name}, content=content)

    async def delete(self, session_id: str, name: str) -> Json:
        """Remove a file; ``deleted`` is false when there is none of that name."""
        return await self._send("DELETE", self._file(session_id, name))

    def _file(self, session_id: str, name: str) -> str:
        return self._path(session_id, f"files/{quote(name, safe='', errors='replace')}")
