"""A server on a real socket that answers each request with the next of the given byte strings."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

import pytest


@dataclass
class Script:
    """A scripted server: its address and what it was asked."""

    url: str
    answers: Iterator[bytes]
    requests: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.requests.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(next(self.answers))
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def _play(*answers: bytes) -> AsyncIterator[Script]:
    script = Script("", iter(answers))
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    async with server:
        script.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield script


Play = Callable[..., AbstractAsyncContextManager[Script]]


@pytest.fixture
def play() -> Play:
    """``async with play(answer, answer) as script``."""
    return _play
