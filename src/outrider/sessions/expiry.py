"""What ends by itself: idle sessions expire, and ended ones are removed when their retention is over."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from outrider.interfaces.identities import Organisation
from outrider.interfaces.sessions import Change, Engine, Entry, MessageType, SessionStore, State
from outrider.problems import OutriderError
from outrider.sessions.lifecycle import ENDED
from outrider.telemetry import get_logger

__all__ = ["EXPIRE", "PURGE", "Expiry"]

#: Kinds of the engine's jobs.
EXPIRE: Final = "expire"
PURGE: Final = "purge"

PURGE_INTERVAL: Final = timedelta(hours=24)

log = get_logger(__name__)


class Expiry:
    """Handlers of two kinds of job, each of which schedules its own next run.

    A session is idle while no task runs and nothing is appended to its log; after its organisation's idle timeout, or
    else after ``idle``, it expires.
    """

    def __init__(
        self,
        engine: Engine,
        store: SessionStore,
        find_organisation: Callable[[str], Awaitable[Organisation | None]],
        *,
        idle: timedelta,
        retention: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._store = store
        self._find_organisation = find_organisation
        self._default_idle = idle
        self._retention = retention
        self._now = now

    async def watch(self, session_id: str, organisation_id: str) -> None:
        """Have a session looked at when it may have been idle for long enough."""
        await self._look_again(session_id, self._now() + await self._idle(organisation_id))

    async def expire(self, body: Mapping[str, Any]) -> None:
        """Expire the session ``body["session_id"]`` if it is idle; else look again later."""
        session_id = body["session_id"]
        try:
            session = await self._store.get(session_id)
        except OutriderError as problem:
            if problem.code == "SESSION_NOT_FOUND":  # never came to be, or purged meanwhile
                return
            raise
        if session.state in ENDED:
            return
        idle = await self._idle(session.spec.organisation_id)
        due = session.updated_at + idle
        if session.state in (State.RUNNING, State.INITIALIZING):
            due = self._now() + idle
        if due > self._now():
            await self._look_again(session_id, due)
            return
        await self._end(session_id, idle)

    async def _idle(self, organisation_id: str) -> timedelta:
        organisation = await self._find_organisation(organisation_id)
        own = organisation.idle_timeout_seconds if organisation else None
        return self._default_idle if own is None else timedelta(seconds=own)

    async def purge(self, body: Mapping[str, Any]) -> None:
        """Remove sessions whose retention is over."""
        del body
        removed = await self._store.purge(self._now() - self._retention)
        if removed:
            log.info("ended sessions removed", count=removed)
        await self._engine.enqueue(PURGE, {}, at=self._now() + PURGE_INTERVAL, key=PURGE)

    async def _end(self, session_id: str, idle: timedelta) -> None:
        seconds = round(idle.total_seconds())
        problem = OutriderError("SESSION_EXPIRED", session_id=session_id, idle_timeout_seconds=seconds)
        content, metadata = problem.as_message(f"session {session_id}")
        entry = Entry(MessageType.ERROR, content, metadata)
        try:
            await self._engine.send(session_id, Change(event="expire", entries=(entry,), command=(EXPIRE, {})))
        except OutriderError as refused:
            if refused.code != "INVALID_STATE":
                raise
            await self._look_again(session_id, self._now() + idle)  # a message came in between

    async def _look_again(self, session_id: str, at: datetime) -> None:
        await self._engine.enqueue(EXPIRE, {"session_id": session_id}, at=at, key=f"{EXPIRE}:{session_id}")
