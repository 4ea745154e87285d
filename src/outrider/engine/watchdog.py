"""Finds sessions that claim to be at work without anybody working on them, and ends that with a reason.

Two ways lead there, both of them defects: no owner holds the session, or its owner is stuck. An owner at work writes
into the log with every step, and a step has a deadline; so silence that is longer means that it will not end by itself.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from outrider.engine.journal import Journal
from outrider.engine.places import Places
from outrider.engine.recovery import settle
from outrider.interfaces.sessions import SessionFencedError, SessionRecord, SessionStore, State
from outrider.telemetry import get_logger

__all__ = ["Watchdog"]

NO_OWNER: Final = "No part of the server held the session."
SILENT: Final = "The part of the server that held the session had been silent for {seconds:.0f} s."

#: Where silence is suspicious. A task that is paused or waits for an answer may be silent until the session expires.
_AT_WORK: Final = frozenset({State.RUNNING, State.INITIALIZING})
_HELD: Final = _AT_WORK | {State.PAUSED, State.WAITING}

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Sight:
    """How a session looked, and since when it has looked like that (of the monotonic clock)."""

    shape: tuple[State, int, object]
    since: float


class Watchdog:
    """Looks at all sessions every ``interval_seconds``; ``silence_seconds`` is more than any step may take."""

    def __init__(
        self,
        store: SessionStore,
        journal: Journal,
        places: Places,
        *,
        interval_seconds: float,
        silence_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._journal = journal
        self._places = places
        self._interval_seconds = interval_seconds
        self._silence_seconds = silence_seconds
        self._clock = clock
        self._sights: dict[str, _Sight] = {}

    async def run(self, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Look again and again until cancelled."""
        while True:
            await pause(self._interval_seconds)
            try:
                await self.look()
            except Exception:  # of the store: the next look finds the same
                log.exception("watchdog could not look")
                self._sights.clear()

    async def look(self) -> int:
        """Look once; returns how many sessions had to be ended in what they claimed to do.

        A session is ended only when it looked the same before: one that is just about to be given an owner does not.
        """
        now = self._clock()
        held = [record for record in await self._store.unfinished() if record.state in _HELD]
        sights = {record.id: self._sight(record, now) for record in held}
        self._sights = sights
        stalled = [(record, reason) for record in held if (reason := self._why_stalled(record, sights[record.id], now))]
        for record, reason in stalled:
            await self._end(record, reason)
        return len(stalled)

    def _sight(self, record: SessionRecord, now: float) -> _Sight:
        shape = (record.state, record.epoch, record.updated_at)
        before = self._sights.get(record.id)
        return before if before is not None and before.shape == shape else _Sight(shape, now)

    def _why_stalled(self, record: SessionRecord, sight: _Sight, now: float) -> str:
        """The reason, or nothing for a session in good hands."""
        silent = now - sight.since
        if self._places.find(record.id) is None:
            return NO_OWNER if silent > 0 else ""
        if record.state in _AT_WORK and silent >= self._silence_seconds:
            return SILENT.format(seconds=silent)
        return ""

    async def _end(self, record: SessionRecord, reason: str) -> None:
        """Fence whoever holds the session, end its task, and let a new owner come."""
        log.error("session stalled", session_id=record.id, state=record.state.value, reason=reason)
        fenced = await self._store.raise_epoch(record.id)
        try:
            await settle(
                self._store, self._journal, record.id, fenced.epoch, reason, spare_commands=False, code="TASK_STALLED"
            )
        except SessionFencedError:
            log.info("session got another owner meanwhile", session_id=record.id)
        self._places.evict(record.id)
