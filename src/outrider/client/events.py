"""Reading a session's event stream, across broken connections."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass
from typing import Any, Final

import httpx

from outrider.client.errors import error_of_report
from outrider.problems import OutriderError
from outrider.protocol.sse import AFTER_ID_HEADER, Frame, FrameParser

__all__ = ["LAST_EVENTS", "Event", "read_events"]

#: The server ends the stream after one of these, once no task is under way.
LAST_EVENTS: Final = frozenset({"done", "error"})

#: Opens the stream after the given message id; None leaves the start to the server.
Connect = Callable[[int | None], AbstractAsyncContextManager[httpx.Response]]


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
    connect: Connect, *, after_id: int | None, wanted: Collection[str] | None, patience_seconds: float
) -> AsyncGenerator[Event, None]:
    """Events after ``after_id`` until the server ends the stream after ``done`` or ``error``.

    A stream that ends otherwise is resumed after its last event, or where the server said that it begins. ``wanted``
    None means all. Raises what the server reports, and what stands in the way when no connection brings a sign of life
    for ``patience_seconds``.
    """
    last_id, last_event, patience = after_id, "", _Patience(patience_seconds)
    while True:
        try:
            async with connect(last_id) as answer, aclosing(_frames(answer)) as frames:
                last_id = _start_of(answer) if last_id is None else last_id
                async for frame in frames:
                    patience.renew()
                    if frame.id is None:  # a heartbeat
                        continue
                    last_id, last_event = frame.id, frame.event
                    if wanted is None or frame.event in wanted:
                        yield Event(frame.event, _data(frame, answer), frame.id)
            if last_event in LAST_EVENTS:
                return
            failure = OutriderError("STREAM_LAGGED", reason="The connection ended before the task did.")
        except OutriderError as problem:
            failure = problem
        await patience.wait(failure)


def _start_of(answer: httpx.Response) -> int | None:
    start = answer.headers.get(AFTER_ID_HEADER, "")
    return int(start) if start.isdecimal() else None


async def _frames(answer: httpx.Response) -> AsyncGenerator[Frame, None]:
    """The frames of a stream; an error of the stream itself, which has no id, is raised."""
    parser = FrameParser()
    async for chunk in answer.aiter_bytes():
        for frame in parser.feed(chunk):
            if frame.event == "error" and frame.id is None:
                report = _data(frame, answer)
                raise error_of_report(report, str(report.get("error", "")), str(answer.url))
            yield frame


def _data(frame: Frame, answer: httpx.Response) -> dict[str, Any]:
    try:
        return frame.json()
    except ValueError as error:
        reason = f"the data of its event “{frame.event}” is no JSON"
        raise OutriderError("UNEXPECTED_ANSWER", url=str(answer.url), reason=reason) from error


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
        self._until: float | None = None

    async def wait(self, failure: OutriderError) -> None:
        """Wait before the next connection; raises ``failure`` when it is final or patience is at its end."""
        now = asyncio.get_running_loop().time()
        self._until = now + self._seconds if self._until is None else self._until
        if not failure.problem.retryable or now + self._wait_seconds > self._until:
            raise failure
        await asyncio.sleep(self._wait_seconds)
        self._wait_seconds = min(2 * self._wait_seconds, self.longest_wait_seconds)
