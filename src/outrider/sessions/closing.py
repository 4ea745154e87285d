"""Sessions of organisations that are served no more: they end at once, with the reason in their log."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from outrider.interfaces.sessions import Change, Engine, Entry, MessageType, SessionStore
from outrider.problems import OutriderError
from outrider.telemetry import get_logger

__all__ = ["CLOSE_SESSIONS", "Closing"]

#: Kind, and key, of the engine's job.
CLOSE_SESSIONS: Final = "close_sessions"

#: A session may be made by a request that was let in before its organisation was closed.
_INTERVAL: Final = timedelta(seconds=30)

log = get_logger(__name__)


class Closing:
    """A handler of a job that schedules its own next run, and is told when there is something to do at once."""

    def __init__(self, engine: Engine, store: SessionStore, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._store = store
        self._now = now

    async def begin(self, organisation_id: str) -> None:
        """Have the sessions ended of an organisation that was removed or disabled."""
        body = {"organisation_id": organisation_id}
        await self._engine.enqueue(CLOSE_SESSIONS, body, at=self._now(), key=f"{CLOSE_SESSIONS}:{organisation_id}")

    async def close(self, body: Mapping[str, Any]) -> None:
        """End every such session, whoever asks; the job without an organisation is the one that comes again."""
        for session, how in await self._store.of_closed_organisations():
            problem = OutriderError("ORGANISATION_CLOSED", how=how)
            entry = Entry(MessageType.ERROR, *problem.as_message(f"session {session.id}"))
            try:
                await self._engine.send(session.id, Change("close", (entry,), ("expire", {})))
            except OutriderError as refused:
                if refused.code not in ("INVALID_STATE", "SESSION_NOT_FOUND"):
                    raise  # else: it has ended meanwhile
            else:
                log.info("session ended with its organisation", session_id=session.id, how=how)
        if not body:
            await self._engine.enqueue(CLOSE_SESSIONS, {}, at=self._now() + _INTERVAL, key=CLOSE_SESSIONS)
