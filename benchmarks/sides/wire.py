"""HTTP/1.1 by hand: bytes out, bytes in, so that no client library's time is taken for the server's."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, Self

__all__ = ["Wire"]

_DEADLINE_SECONDS: Final = 30.0
_LENGTH: Final = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


class Wire:
    """One connection to a server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, headers: Mapping[str, str]) -> None:
        self._reader = reader
        self._writer = writer
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in headers.items())

    @classmethod
    @asynccontextmanager
    async def open(cls, host: str, port: int, headers: Mapping[str, str]) -> AsyncIterator[Self]:
        """A connection whose requests all have these headers."""
        reader, writer = await asyncio.open_connection(host, port)
        try:
            yield cls(reader, writer, {"Host": f"{host}:{port}", **headers})
        finally:
            writer.close()
            await writer.wait_closed()

    def request(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> None:
        """Send a request."""
        content = b"" if body is None else json.dumps(body).encode()
        about = f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n" if content else ""
        self._writer.write(f"{method} {path} HTTP/1.1\r\n{self._headers}{about}\r\n".encode() + content)

    async def answer(self) -> bytes:
        """The body of the answer to the last request. Raises RuntimeError when it is no success."""
        async with asyncio.timeout(_DEADLINE_SECONDS):
            head = await self._reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            body = await self._reader.readexactly(int(length[1]) if length else 0)
        if not head.startswith(b"HTTP/1.1 2"):
            raise RuntimeError(body.decode(errors="replace"))
        return body

    async def until(self, text: str) -> None:
        """Read on until the text has come: of an answer without an end."""
        async with asyncio.timeout(_DEADLINE_SECONDS):
            await self._reader.readuntil(text.encode())
