"""From the append of a message to its subscriber: durable first, then seen."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing
from itertools import count
from pathlib import Path
from typing import Final

from benchmarks.measure import Figure, Sample, interleave, stopwatch
from benchmarks.plan import Plan, figures
from benchmarks.sides.log import Log, open_log
from benchmarks.sides.paused import paused_task
from benchmarks.sides.server import Server

__all__ = ["run"]

#: About what a step weighs in the log.
_TEXT: Final = "x" * 330


async def run(plan: Plan) -> list[Figure]:
    """``outrider, HTTP`` runs from sending the request to the event in the subscriber: more than the append itself."""
    async with AsyncExitStack() as stack:
        log = await stack.enter_async_context(open_log(plan))
        reader = await stack.enter_async_context(aclosing(log.texts()))
        server = await stack.enter_async_context(Server.start(plan, 0))
        candidates: dict[str, Sample] = {
            "write and fsync": _fsync(plan.folder("fsync") / "log"),
            "outrider, engine": _engine(log, reader),
            "outrider, HTTP": await _http(server, stack),
        }
        return figures("append", "", await interleave(candidates, rounds=plan.rounds(200, 40), warmup=5))


def _fsync(path: Path) -> Sample:
    """The floor: the same bytes at the end of a file of the same disk, flushed."""
    line = _TEXT.encode()

    async def sample() -> float:
        with stopwatch() as took:
            await asyncio.to_thread(_append, path, line)
        return took.milliseconds

    return sample


def _append(path: Path, line: bytes) -> None:
    with path.open("ab", buffering=0) as file:
        file.write(line)
        os.fdatasync(file.fileno())


def _engine(log: Log, reader: AsyncIterator[str]) -> Sample:
    async def sample() -> float:
        with stopwatch() as took:
            seen = asyncio.ensure_future(_next(reader))
            await log.append(_TEXT)
            await seen
        return took.milliseconds

    return sample


async def _next(reader: AsyncIterator[str]) -> str:
    return await anext(reader)


async def _http(server: Server, stack: AsyncExitStack) -> Sample:
    """Messages to a paused task: each is appended to the log, and nothing else happens."""
    session_id = await server.create()
    sending, reading = [await stack.enter_async_context(server.wire()) for _ in range(2)]
    reading.request("GET", f"/v1/sessions/{session_id}/events")
    await stack.enter_async_context(paused_task(server, session_id))
    numbers = count()

    async def sample() -> float:
        mark = f"message {next(numbers)} ends here"
        with stopwatch() as took:
            sending.request("POST", f"/v1/sessions/{session_id}/message", {"message": f"{_TEXT} {mark}"})
            await reading.until(mark)
        await sending.answer()
        return took.milliseconds

    return sample
