"""Tasks that a viewer has taken over: what the log says of it, and how they go on when nobody gives them back."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from outrider.interfaces.sessions import Change, Engine, Entry, MessageType, SessionStore, State
from outrider.problems import OutriderError

__all__ = ["RETURN", "Takeovers", "given_back", "taken_over"]

#: A kind of the engine's jobs.
RETURN: Final = "return_takeover"

_BY: Final = "live view"
#: How far back the log is read for who paused the task; little is appended while one is paused.
_LOOK_BACK: Final = 200


class Takeovers:
    """Handler of one kind of job: a task that was paused by a viewer who has left goes on after ``grace``.

    ``is_held`` says whether a viewer of a session has mouse and keyboard now.
    """

    def __init__(
        self,
        engine: Engine,
        store: SessionStore,
        *,
        grace: timedelta,
        is_held: Callable[[str], bool],
        now: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._store = store
        self._grace = grace
        self._is_held = is_held
        self._now = now

    async def left(self, session_id: str, holder: str) -> None:
        """Who had mouse and keyboard has gone, perhaps to come back."""
        body = {"session_id": session_id, "holder": holder}
        await self._engine.enqueue(RETURN, body, at=self._now() + self._grace, key=f"{RETURN}:{session_id}")

    async def settle(self, body: Mapping[str, Any]) -> None:
        """Let the task of ``body["session_id"]`` go on, unless it was paused by other means or is held again."""
        session_id = body["session_id"]
        try:
            if not self._is_held(session_id) and await self._is_taken_over(session_id):
                await self._engine.send(session_id, Change("resume", (_left(body["holder"]),), ("resume", {})))
        except OutriderError as problem:
            if problem.code not in ("INVALID_STATE", "SESSION_NOT_FOUND"):  # it went on meanwhile, or is gone
                raise

    async def _is_taken_over(self, session_id: str) -> bool:
        session = await self._store.get(session_id)
        if session.state is not State.PAUSED:
            return False
        messages = await self._store.messages(session_id, max(0, session.last_message_id - _LOOK_BACK))
        paused = [message.metadata for message in messages if message.metadata.get("event") == "paused"]
        return bool(paused) and paused[-1].get("by") == _BY


def taken_over(holder: str) -> Entry:
    """The entry for the log when a viewer pauses the task."""
    return _entry("paused", holder, "took over mouse and keyboard in the live view; the task is paused.")


def given_back(holder: str) -> Entry:
    """The entry for the log when the viewer lets it go on."""
    return _entry("resumed", holder, "gave mouse and keyboard back; the task goes on.")


def _left(holder: str) -> Entry:
    return _entry("resumed", holder, "left without giving mouse and keyboard back; the task goes on.")


def _entry(event: str, holder: str, text: str) -> Entry:
    who = f"“{holder}”" if holder else "A viewer"
    return Entry(MessageType.LOG, f"{who} {text}", {"event": event, "by": _BY, "holder": holder})
