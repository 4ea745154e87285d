"""A viewer over a real WebSocket, as the live view's page is one."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

SECONDS = 40.0


class Viewer:
    """One connection; ``pictures`` and ``messages`` are all that came so far."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.pictures: list[bytes] = []
        self.messages: list[dict[str, Any]] = []
        self._news = asyncio.Event()

    async def say(self, **message: object) -> None:
        await self.socket.send(json.dumps(message))

    async def read(self, *, shows: bool = True) -> None:
        """Take in what comes until the connection closes."""
        try:
            async for message in self.socket:
                if isinstance(message, bytes):
                    self.pictures.append(message)
                    if shows:
                        with suppress(ConnectionClosed):  # its last words are read all the same
                            await self.say(type="shown")
                else:
                    self.messages.append(json.loads(message))
                self._news.set()
        except ConnectionClosed:
            pass
        self._news.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(SECONDS):
                while not holds():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"not heard, but {self.messages}") from None

    async def heard(self, kind: str, **fields: object) -> dict[str, Any]:
        """The first message of that kind with these fields, waiting for it."""

        def found() -> list[dict[str, Any]]:
            wanted = {"type": kind, **fields}
            return [message for message in self.messages if message.items() >= wanted.items()]

        await self.until(lambda: bool(found()))
        return found()[0]

    async def closed(self) -> tuple[int | None, str | None]:
        """Code and reason of the close, waiting for it."""
        async with asyncio.timeout(SECONDS):
            await self.socket.wait_closed()
        return self.socket.close_code, self.socket.close_reason


def socket_of(view_url: str) -> tuple[str, str]:
    """Address of the socket, and the token, of a live view's address."""
    parts = urlsplit(view_url)
    return f"ws://{parts.netloc}{parts.path}/socket", parts.fragment


@asynccontextmanager
async def opened(view_url: str, **options: Any) -> AsyncIterator[Viewer]:
    """A connection on which nothing has been said yet."""
    address, _ = socket_of(view_url)
    async with connect(address, proxy=None, **options) as socket:
        yield Viewer(socket)


@asynccontextmanager
async def watching(view_url: str, *, shows: bool = True) -> AsyncIterator[Viewer]:
    """A viewer that has shown its token, and reads."""
    async with opened(view_url, max_size=None) as viewer:
        await viewer.say(type="token", token=socket_of(view_url)[1])
        reading = asyncio.create_task(viewer.read(shows=shows))
        try:
            yield viewer
        finally:
            await viewer.socket.close()
            await reading


def link_of(client: httpx.Client, session: str) -> str:
    """The session's own ``vnc_url``."""
    url: str = client.get(session).json()["vnc_url"]
    return url


def new_session(client: httpx.Client) -> str:
    """The path of a new session."""
    return f"/v1/sessions/{client.post('/v1/sessions', json={}).json()['session_id']}"


def log_of(client: httpx.Client, session: str) -> list[dict[str, Any]]:
    """The session's messages."""
    messages: list[dict[str, Any]] = client.get(f"{session}/messages").json()["messages"]
    return messages


def view_url(client: httpx.Client, session: str, **wanted: object) -> str:
    """The address of the live view with a new token."""
    answer = client.post(f"{session}/view_tokens", json=wanted)
    assert answer.status_code == 200, answer.text
    url: str = answer.json()["url"]
    return url
