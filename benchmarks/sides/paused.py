"""A task that is paused, so that messages to it are appended to its log and nothing else happens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.sides.server import Server

__all__ = ["paused_task"]


@asynccontextmanager
async def paused_task(server: Server, session: str) -> AsyncIterator[None]:
    """Give the session a task, and pause it before it can end."""
    async with _page_in_waiting() as (url, answer):
        await server.send(session, "Read the title", url)
        await server.pause(session)
        answer.set()
        yield


@asynccontextmanager
async def _page_in_waiting() -> AsyncIterator[tuple[str, asyncio.Event]]:
    """The address of a page that answers once the event is set, so that its task can be paused meanwhile."""
    answer = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await answer.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/", answer
