"""People at a session's browser: what they see of its task, and how they take it over and give it back."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Final

from outrider.interfaces.identities import Principal
from outrider.interfaces.live import Inspectable
from outrider.interfaces.sessions import Change, Engine, Entry, Message, SessionRecord
from outrider.problems import OutriderError
from outrider.protocol.events import text_of
from outrider.sessions.lifecycle import EXECUTION_STATUS
from outrider.sessions.operations import SessionOperations
from outrider.sessions.takeovers import Takeovers, given_back, taken_over
from outrider.sessions.view import View

__all__ = ["Progress", "Viewing"]

_CALL_SECONDS: Final = 20.0
#: A session is over before its browser is closed, and a server that stops says so to all at once.
_END_SECONDS: Final = 0.5
#: How far back the log is read for what the session did last.
_LOOK_BACK: Final = 20
_STEP_CHARACTERS: Final = 300
_SANITIZED: Final = View()


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a session's task is (execution status), and what its log said last."""

    status: str
    step: str


class Viewing:
    """Stateless; one instance serves all viewers. Every operation raises SESSION_NOT_FOUND and SESSION_EXPIRED."""

    def __init__(self, engine: Engine, operations: SessionOperations, takeovers: Takeovers) -> None:
        self._engine = engine
        self._operations = operations
        self._takeovers = takeovers

    async def browser(self, principal: Principal, session_id: str) -> Inspectable:
        """The session's browser, started if need be; good until it ends, in this process only."""
        await self._operations.get(principal, session_id)
        browser: Inspectable = await self._engine.call(session_id, "inspect", {}, timeout=_CALL_SECONDS)
        return browser

    def check_attachable(self, session: SessionRecord) -> None:
        """Raises EXTERNAL_BROWSER_UNFIT for a session whose browser DevTools clients are not attached to here."""
        if session.spec.cdp_url is not None:
            raise OutriderError("EXTERNAL_BROWSER_UNFIT", what="Attaching a DevTools client here")

    async def progress(self, principal: Principal, session_id: str) -> AsyncGenerator[Progress, None]:
        """How it is now, and then each time it has changed. Raises SERVER_STOPPING when the server stops."""
        record = await self._operations.get(principal, session_id)
        step = ""
        latest: Progress | None = None
        async with aclosing(self._engine.tail(session_id, max(0, record.last_message_id - _LOOK_BACK))) as tail:
            async for news in tail:
                if isinstance(news, Message):
                    step = text_of(news.content)[:_STEP_CHARACTERS] if _SANITIZED.shows(news) else step
                    continue
                record = await self._operations.get(principal, session_id)
                progress = Progress(EXECUTION_STATUS[record.state], step)
                if progress != latest:
                    yield progress
                latest = progress
        raise OutriderError("SERVER_STOPPING")

    async def settle_end(self, principal: Principal, session_id: str) -> None:
        """After the browser has gone: raise what ended the session or the server, if that becomes known in a moment."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_END_SECONDS), aclosing(self.progress(principal, session_id)) as changes:
                async for _ in changes:
                    continue

    async def take_over(self, principal: Principal, session_id: str, holder: str) -> None:
        """Hold the running task, if there is one, for a person at the browser; the log says who."""
        await self._steer(principal, session_id, "pause", taken_over(holder))

    async def give_back(self, principal: Principal, session_id: str, holder: str) -> None:
        """Let the task go on, if it is paused; the log says who."""
        await self._steer(principal, session_id, "resume", given_back(holder))

    async def leave(self, session_id: str, holder: str) -> None:
        """Who holds the task has gone without giving it back: it goes on by itself after a while."""
        await self._takeovers.left(session_id, holder)

    async def _steer(self, principal: Principal, session_id: str, event: str, entry: Entry) -> None:
        await self._operations.get(principal, session_id)
        try:
            await self._engine.send(session_id, Change(event, (entry,), (event, {})))
        except OutriderError as problem:
            if problem.code != "INVALID_STATE":  # else nothing is running, or it is paused already
                raise
