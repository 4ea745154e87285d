"""Connections of which only so much is read: other servers may answer without end, also before the answer's own head.

An HTTP client skips interim answers (1xx), however many there are, and each costs the event loop more than its sender.
"""

import ssl
from collections.abc import Iterable
from typing import Any, Final

import httpcore

__all__ = ["AnswerTooLongError", "BoundedBackend"]

#: More than any honest answer has before its body, of which little is read as well.
_MOST_BYTES: Final = 64 * 1024


class AnswerTooLongError(httpcore.ReadError):
    """The other side has sent more than is read of an answer."""


class BoundedBackend(httpcore.AsyncNetworkBackend):
    """Opens TCP connections from each of which 64 KiB can be read."""

    def __init__(self) -> None:
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """See ``httpcore.AsyncNetworkBackend``."""
        stream = await self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        return _BoundedStream(stream)


class _BoundedStream(httpcore.AsyncNetworkStream):
    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._left = _MOST_BYTES

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if not self._left:
            raise AnswerTooLongError
        data = await self._stream.read(min(max_bytes, self._left), timeout)
        self._left -= len(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        try:
            return _BoundedStream(await self._stream.start_tls(ssl_context, server_hostname, timeout))
        except BaseException:  # httpcore leaves it open when its caller's time is up
            await self._stream.aclose()
            raise

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
