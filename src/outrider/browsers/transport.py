"""Bytes to and from a browser. A transport carries whole DevTools messages and knows nothing about them."""

import asyncio
import socket
from collections.abc import Callable
from typing import Protocol, cast


class Transport(Protocol):
    """A way to a browser. Messages come to the callback given at opening."""

    def send(self, message: bytes) -> None:
        """Queue one message; never waits."""
        ...

    def close(self) -> None:
        """Close the way at once. Idempotent."""
        ...


class Framing:
    """Cuts a stream of NUL-terminated messages."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that ``data`` completes, without their terminators."""
        first, *rest = data.split(b"\0")
        self._parts.append(first)
        if not rest:
            return []
        complete = [b"".join(self._parts), *rest[:-1]]
        self._parts = [rest[-1]]
        return complete


class PipeTransport(asyncio.Protocol):
    """``--remote-debugging-pipe``: NUL-terminated JSON over a socket pair."""

    def __init__(self, receive: Callable[[bytes], None], lost: Callable[[], None]) -> None:
        self._receive = receive
        self._lost = lost
        self._framing = Framing()
        self._socket: asyncio.Transport | None = None

    @classmethod
    async def open(
        cls, sock: socket.socket, receive: Callable[[bytes], None], lost: Callable[[], None]
    ) -> "PipeTransport":
        """Take over ``sock``; it is closed with the transport."""
        loop = asyncio.get_running_loop()
        _, protocol = await loop.create_connection(lambda: cls(receive, lost), sock=sock)
        return protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._socket = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        for message in self._framing.feed(data):
            self._receive(message)

    def connection_lost(self, exc: Exception | None) -> None:
        self._socket = None
        self._lost()

    def send(self, message: bytes) -> None:
        """Queue one message."""
        if self._socket is not None:
            self._socket.writelines((message, b"\0"))

    def close(self) -> None:
        """Close the socket at once; the browser ends when it notices."""
        if self._socket is not None:
            self._socket.abort()
