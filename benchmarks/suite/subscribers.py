"""Readers of event streams: what an idle one weighs in the server, and whether many get all messages in order."""

import asyncio
import resource
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from benchmarks.measure import Figure, Series, stopwatch
from benchmarks.plan import Plan, figures
from benchmarks.sides.paused import paused_task
from benchmarks.sides.processes import own_kilobytes
from benchmarks.sides.server import Server
from outrider.protocol.sse import FrameParser

__all__ = ["run"]

IDLE_SESSIONS: Final = 4
BUSY_READERS: Final = 50
_DEADLINE_SECONDS: Final = 120.0
_OPENED_AT_ONCE: Final = 50
#: Files that a benchmark may have open: a connection each, and some for the rest.
_FILES: Final = 4096


async def run(plan: Plan) -> list[Figure]:
    """Raises AssertionError when a reader has missed a message, or has got one out of order or twice."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(_FILES, most), most))
    idle, messages = plan.rounds(1000, 200), plan.rounds(500, 100)
    async with Server.start(plan, 0) as server, asyncio.timeout(_DEADLINE_SECONDS):
        sessions = [await server.create() for _ in range(IDLE_SESSIONS)]
        busy = await server.create()
        async with _readers(server, sessions * (_OPENED_AT_ONCE // IDLE_SESSIONS)):
            pass  # what the first readers bring up once and for all is not theirs
        before = own_kilobytes(server.pid)
        async with _readers(server, [sessions[number % IDLE_SESSIONS] for number in range(idle)]) as waiting:
            weight = (own_kilobytes(server.pid) - before) / idle
            async with _readers(server, [busy] * BUSY_READERS) as reading:
                milliseconds = await _keep_busy(server, busy, reading, messages)
            with stopwatch() as took:
                for session in sessions:
                    await server.send(session, "Reply with 'OK'")
                await asyncio.gather(*(reader.until(2) for reader in waiting))
    return [
        _figure("idle reader", weight, f"memory of each of {idle}", unit="kB"),
        _figure("waking idle readers", took.milliseconds, f"two messages to all {idle}, none lost, in order"),
        _figure("busy readers", milliseconds / messages, f"{messages} messages to {BUSY_READERS}, none lost, in order"),
    ]


def _figure(candidate: str, value: float, remark: str, unit: str = "ms") -> Figure:
    (figure,) = figures("subscribers", unit, {candidate: Series((value,))}, unit=unit, remarks={candidate: remark})
    return figure


class _Reader:
    """One subscriber: checks that ids come without a gap, in order."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._parser = FrameParser()
        self._last_id = 0

    async def begun(self) -> None:
        """The answer's head has come."""
        head = await self._reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head

    async def until(self, last_id: int) -> None:
        """Read on until the message of that id has come."""
        while self._last_id < last_id:
            chunk = await self._reader.readline()
            assert chunk, "the stream ended early"
            for frame in self._parser.feed(chunk):
                if frame.id is not None:
                    assert frame.id == self._last_id + 1, f"message {frame.id} came after {self._last_id}"
                    self._last_id = frame.id


@asynccontextmanager
async def _readers(server: Server, sessions: list[str]) -> AsyncIterator[list[_Reader]]:
    """A reader for each of the sessions named, opened some at a time."""
    async with AsyncExitStack() as stack:
        opened: list[_Reader] = []
        for start in range(0, len(sessions), _OPENED_AT_ONCE):
            batch = sessions[start : start + _OPENED_AT_ONCE]
            streams = [await stack.enter_async_context(server.stream(session)) for session in batch]
            opened += map(_Reader, streams)
            await asyncio.gather(*(reader.begun() for reader in opened[start:]))
        yield opened


async def _keep_busy(server: Server, session: str, readers: list[_Reader], messages: int) -> float:
    """Add to a paused task, as fast as the server takes it; milliseconds until everybody has everything."""
    async with paused_task(server, session):
        with stopwatch() as took:
            for number in range(messages):
                await server.send(session, f"{number} {'x' * 330}")
            last_id = await server.last_id(session)
            await asyncio.gather(*(reader.until(last_id) for reader in readers))
    return took.milliseconds
