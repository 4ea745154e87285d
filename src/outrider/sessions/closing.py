"""Sessions of organisations that are served no more: they end at once, with the reason in their log."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from outrider.interfaces.sessions import Change, Engine, Entry, MessageType, SessionStore
from outrider.problems import OutriderError
from outrider.telemetry import get_logger

__all__ = ["END_CLOSED", "Closing"]

#: Kind, and key, of the engine's job.
END_CLOSED: Final = "end_closed"

#: A session may be made by a request that was let in before its organisation was closed.
_INTERVAL: Final = timedelta(seconds=30)

log = get_logger(__name__)


class Closing:
    """Ends such sessions when it is told to, and by a job that schedules its own next run."""

    def __init__(self, engine: Engine, store: SessionStore, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._store = store
        self._now = now

    async def end(self) -> None:
        """End every session of an organisation that was removed or disabled."""
        for session, how in await self._store.of_closed_organisations():
            content, metadata = OutriderError("ORGANISATION_CLOSED", how=how).as_message(f"session {session.id}")
            entry = Entry(MessageType.ERROR, content, metadata)
            try:
                await self._engine.send(session.id, Change("close", (entry,), ("expire", {})))
            except OutriderError as refused:
                if refused.code not in ("INVALID_STATE", "SESSION_NOT_FOUND"):
                    raise  # else: it has ended meanwhile
            else:
                log.info("session ended with its organisation", session_id=session.id, how=how)

    async def look(self, body: Mapping[str, Any]) -> None:
        """The job: what was closed without a word, or has begun since."""
        del body
        await self.end()
        await self._engine.enqueue(END_CLOSED, {}, at=self._now() + _INTERVAL, key=END_CLOSED)
