"""Reading a session's event stream, across broken connections."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Final

import httpx

from outrider.client.errors import error_of_report
from outrider.problems import OutriderError
from outrider.protocol.sse import Frame, FrameParser

__all__ = ["LAST_EVENTS", "Event", "read_events"]

#: The server ends the stream after one of these, once no task is under way.
LAST_EVENTS: Final = frozenset({"done", "error"})

#: Opens the stream after the given message id.
Connect = Callable[[int], AbstractAsyncContextManager[httpx.Response]]


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a session."""

    #: step, thought, question, done, error, log, paused, resumed or user
    event: str
    #: Always has ``text`` and ``message_id``.
    data: dict[str, Any]
    #: The message's id.
    id: int


async def read_events(
    connect: Connect, *, after_id: int, wanted: Collection[str] | None, patience_seconds: float
) -> AsyncIterator[Event]:
    """Events after ``after_id`` until the server ends the stream after ``done`` or ``error``.

    A stream that ends otherwise is resumed after its last event. ``wanted`` None means all. Raises what the server
    reports, and after ``patience_seconds`` without a sign of life what stands in the way.
    """
    last_id, last_event, patience = after_id, "", _Patience(patience_seconds)
    while True:
        try:
            async with connect(last_id) as answer:
                async for frame in _frames(answer):
                    patience.renew()
                    if frame.id is None:  # a heartbeat
                        continue
                    last_id, last_event = frame.id, frame.event
                    if wanted is None or frame.event in wanted:
                        yield Event(frame.event, frame.json(), frame.id)
            if last_event in LAST_EVENTS:
                return
            failure = OutriderError("STREAM_LAGGED", reason="The connection ended before the task did.")
        except OutriderError as problem:
            failure = problem
        await patience.wait(failure)


async def _frames(answer: httpx.Response) -> AsyncIterator[Frame]:
    """The frames of a stream; an error of the stream itself, which has no id, is raised."""
    parser = FrameParser()
    async for chunk in answer.aiter_bytes():
        for frame in parser.feed(chunk):
            if frame.event == "error" and frame.id is None:
                report = frame.json()
                raise error_of_report(report, str(report.get("error", "")), str(answer.url))
            yield frame


class _Patience:
    """Growing waits between connections, and an end of them."""

    first_wait_seconds = 0.1
    longest_wait_seconds = 5.0

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.renew()

    def renew(self) -> None:
        """There was a sign of life."""
        self._wait_seconds = self.first_wait_seconds
        self._until = asyncio.get_running_loop().time() + self._seconds

    async def wait(self, failure: OutriderError) -> None:
        """Wait before the next connection; raises ``failure`` when it is final or patience is at its end."""
        if not failure.problem.retryable or asyncio.get_running_loop().time() + self._wait_seconds > self._until:
            raise failure
        await asyncio.sleep(self._wait_seconds)
        self._wait_seconds = min(2 * self._wait_seconds, self.longest_wait_seconds)
