"""The engine of a single process: owners are tasks beside the API, the record is the store."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self

from outrider.engine.background import Background
from outrider.engine.calls import EmbeddedCall
from outrider.engine.feeds import Feeds
from outrider.engine.jobs import JobRunner
from outrider.engine.journal import Journal
from outrider.engine.places import Places
from outrider.engine.recovery import recover
from outrider.engine.watchdog import Watchdog
from outrider.interfaces.jobs import JobHandler, JobStore
from outrider.interfaces.sessions import Change, Lease, Message, SessionRecord, SessionSpec, SessionStore, State
from outrider.problems import OutriderError
from outrider.sessions.lifecycle import ENDED, ENDING, advance
from outrider.telemetry import get_logger, report_failure

__all__ = ["EmbeddedEngine"]

#: Messages read from the store at a time; a slow reader of a log holds as many in memory.
PAGE: Final = 100

log = get_logger(__name__)


class EmbeddedEngine:
    """``interfaces.sessions.Engine`` in one process. ``async with EmbeddedEngine(…) as engine: …``

    Entering brings to rest what the last process left; leaving does the same for this one. There must be one engine
    per store.
    """

    def __init__(
        self,
        store: SessionStore,
        jobs: JobStore,
        *,
        max_sessions: int,
        grace_seconds: float = 5.0,
        watchdog_seconds: float = 15.0,
        silence_seconds: float = 300.0,
    ) -> None:
        self._store = store
        self._grace_seconds = grace_seconds
        self._background = Background()
        self._feeds = Feeds()
        self._journal = Journal(store, self._feeds, self._background)
        self._places = Places(store, self._journal, self._background, max_sessions)
        self._jobs = JobRunner(jobs)
        self._watchdog = Watchdog(
            store,
            self._journal,
            self._places,
            interval_seconds=watchdog_seconds,
            silence_seconds=silence_seconds,
        )
        self._make_room: Callable[[SessionSpec], Awaitable[None]] | None = None
        #: Jobs and watchdog.
        self._attendants: tuple[asyncio.Task[None], ...] = ()
        self._stop_task: asyncio.Task[None] | None = None

    # --- clients

    async def create(self, spec: SessionSpec) -> SessionRecord:
        """Store a session and have it leased by a worker. Idempotent per id.

        Raises SESSION_LIMIT_REACHED, and what the check for memory does.
        """
        await self._room_for(spec.id)
        await self._memory_for(spec)
        with self._places.pinned(spec.id) as place:
            record = await self._store.insert(spec)
            if record.state is State.INITIALIZING and not place.claimed:
                place.ring()
            return record

    async def send(self, session_id: str, change: Change) -> tuple[SessionRecord, tuple[Message, ...]]:
        """Apply a change from outside, and ring the owner when it carries a command.

        Raises SESSION_LIMIT_REACHED when the session would need an owner and none is free, and what the check of memory
        does when a message would need a browser: nothing is applied then. What its state does not allow needs neither,
        and is refused as that.
        """
        self._refuse_when_stopping()
        if change.command is None or change.event in ENDING:
            record, messages = await self._journal.apply(session_id, change)
        else:
            known = await self._store.get(session_id)
            if self._places.find(session_id) is None:
                _check_event(known, change)
            await self._room_for(session_id)
            if change.event == "message":
                await self._memory_for(known.spec)
            with self._places.pinned(session_id) as place:
                record, messages = await self._journal.apply(session_id, change)
                place.ring()
        self._notice(record, change)
        return record, messages

    async def call(self, session_id: str, name: str, arguments: Mapping[str, Any], *, timeout: float) -> Any:
        """Ask the owner and wait for its answer. Raises what the owner failed with, or PAGE_UNRESPONSIVE."""
        if (await self._store.get(session_id)).state in ENDED:
            raise OutriderError("SESSION_NOT_FOUND", session_id=session_id)
        await self._room_for(session_id)
        call = EmbeddedCall(name, arguments)
        with self._places.pinned(session_id) as place:
            place.calls.append(call)
            place.bell.ring()
            self._places.tidy(place)
            try:
                async with asyncio.timeout(timeout):
                    return await call.outcome()
            except TimeoutError as error:
                raise OutriderError("PAGE_UNRESPONSIVE", seconds=timeout) from error

    async def tail(self, session_id: str, after: int = 0) -> AsyncGenerator[Message | State, None]:
        """Messages above ``after`` in order, replayed and then live; the state each time nothing more is stored.

        Ends when the engine has stopped. Raises SESSION_NOT_FOUND.
        """
        with self._feeds.join(session_id) as feed:
            while True:
                seen = feed.bell.rings
                messages = feed.since(after)
                if messages is None:
                    messages = await self._store.messages(session_id, after, PAGE)
                for message in messages:
                    yield message
                    after = message.id
                if messages:
                    continue
                state = feed.state or (await self._store.get(session_id)).state
                if feed.bell.rings != seen:  # there may be messages before it
                    continue
                yield state
                if not await feed.changed(seen):
                    return

    async def wait_state(self, session_id: str, *, leave: frozenset[State], timeout: float) -> SessionRecord:
        """Wait until the session is in none of the states ``leave``; returns the row as it is at the end."""
        with self._feeds.join(session_id) as feed, suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while True:
                    seen = feed.bell.rings
                    record = await self._store.get(session_id)
                    if record.state not in leave or not await feed.changed(seen):
                        return record
        return await self._store.get(session_id)

    # --- workers

    def leases(self, capacity: int) -> AsyncIterator[Lease]:
        """Pull sessions to own, as long as fewer than ``capacity`` are held; ends when the engine stops."""
        return self._places.leases(capacity)

    def admit_with(self, make_room: Callable[[SessionSpec], Awaitable[None]]) -> None:
        """Have ``make_room`` called before a session is given a browser. To be called before the engine is entered."""
        self._make_room = make_room

    # --- jobs

    def handle(self, kind: str, handler: JobHandler) -> None:
        """Have ``handler`` carry out jobs of a kind. To be called before the engine is entered."""
        self._jobs.handle(kind, handler)

    async def enqueue(self, kind: str, body: Mapping[str, Any], *, at: datetime, key: str) -> None:
        """Have ``body`` handled at least once at or after ``at``; the same key replaces an earlier entry."""
        await self._jobs.enqueue(kind, body, at=at, key=key)

    # --- start and stop

    async def __aenter__(self) -> Self:
        recovered = await recover(self._store, self._journal)
        log.info("engine started", recovered=recovered)
        self._attendants = (
            asyncio.create_task(self._jobs.run(), name="jobs"),
            asyncio.create_task(self._watchdog.run(), name="watchdog"),
        )
        for attendant in self._attendants:
            attendant.add_done_callback(report_failure)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop()

    async def stop(self) -> None:
        """End leases, tasks, calls and tails, in this order, within about ``grace_seconds``. Idempotent.

        What is under way ends as interrupted because the server was stopped; readers are given that too.
        """
        if self._stop_task is None:
            self._stop_task = asyncio.create_task(self._stop(), name="engine stop")
        await asyncio.shield(self._stop_task)

    async def _stop(self) -> None:
        for attendant in self._attendants:
            attendant.cancel()
        await asyncio.gather(*self._attendants, return_exceptions=True)
        await self._places.stop(self._grace_seconds)
        self._feeds.close()
        await self._background.drain()

    async def _room_for(self, session_id: str) -> None:
        """Wait for a place that is being given up, if the session needs one. Raises SERVER_STOPPING."""
        self._refuse_when_stopping()
        if self._places.find(session_id) is None:
            await self._places.room()
            self._refuse_when_stopping()

    async def _memory_for(self, spec: SessionSpec) -> None:
        """Have memory for the session's browser, if it has none yet."""
        place = self._places.find(spec.id)
        lacking = place is None or (place.lease is not None and not place.lease.equipped)
        if lacking and self._make_room is not None:
            await self._make_room(spec)

    def _refuse_when_stopping(self) -> None:
        if self._stop_task is not None:
            raise OutriderError("SERVER_STOPPING")

    def _notice(self, record: SessionRecord, change: Change) -> None:
        """Show the owner what was changed from outside; the end of a session is the end of its lease."""
        place = self._places.find(record.id)
        if place is None or place.lease is None:
            return
        place.lease.record = record
        if record.state in ENDED:
            if change.command is not None:
                place.ring()
            place.end()


def _check_event(record: SessionRecord, change: Change) -> None:
    """Raises INVALID_STATE for an event that the session's state does not allow."""
    if change.event is not None:
        advance(record.state, change.event, session_id=record.id)
