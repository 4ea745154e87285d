"""A session's place in the engine, and the lease by which one owner runs it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Final

from outrider.engine.bell import Bell
from outrider.engine.calls import EmbeddedCall
from outrider.engine.journal import Journal
from outrider.interfaces.sessions import (
    Call,
    Change,
    Command,
    Message,
    SessionFencedError,
    SessionRecord,
    SessionStore,
)
from outrider.problems import OutriderError
from outrider.telemetry import get_logger

__all__ = ["STORE_PAUSE_SECONDS", "EmbeddedLease", "Place"]

PAGE: Final = 1000
#: Pause after the store has failed.
STORE_PAUSE_SECONDS: Final = 1.0

log = get_logger(__name__)


@dataclass(slots=True, eq=False)
class Place:
    """A session that needs an owner or has one. Sessions without a place are dormant."""

    session_id: str
    bell: Bell = field(default_factory=Bell)
    #: Calls not handed to the owner yet.
    calls: deque[EmbeddedCall] = field(default_factory=deque)
    #: The inbox, or the session's start, has something for an owner.
    needed: bool = False
    #: Waits for a worker, or is held by one.
    claimed: bool = False
    #: The owner has to let go.
    ending: bool = False
    #: Requests that are about to need the place.
    pins: int = 0
    #: Owners in a row that gave up with commands unanswered.
    failures: int = 0
    lease: "EmbeddedLease | None" = None

    @property
    def wanted(self) -> bool:
        """An owner has something to do."""
        return self.needed or any(call.open for call in self.calls)

    def ring(self) -> None:
        """Have the owner look into the inbox."""
        self.needed = True
        self.bell.ring()

    def refuse_calls(self, error: Exception) -> None:
        """Fail the calls that no owner took."""
        while self.calls:
            self.calls.popleft().fail(error)

    def end(self) -> None:
        """Have the owner let go once it has been given what is there."""
        self.ending = True
        self.bell.ring()


class EmbeddedLease:
    """``interfaces.sessions.Lease`` within one process."""

    def __init__(
        self,
        place: Place,
        record: SessionRecord,
        store: SessionStore,
        journal: Journal,
        give_up: "Callable[[EmbeddedLease], Awaitable[None]]",
    ) -> None:
        self.place = place
        self.record = record
        self.epoch = record.epoch
        self.released = False
        self.equipped = True
        #: Highest id of the commands that the owner was given.
        self.delivered = 0
        self._store = store
        self._journal = journal
        self._give_up = give_up
        self._open_calls: list[EmbeddedCall] = []

    @property
    def session(self) -> SessionRecord:
        """The row as of the last change made or seen through this lease."""
        return self.record

    async def append(self, change: Change) -> tuple[Message, ...]:
        """Apply a change, fenced by this lease's epoch. Raises SessionFencedError when the lease was lost.

        Waits while the store fails: an owner has nobody to hand the failure to, and what it says must not be lost.
        Raises STORAGE_FAILED only when the lease is to be given up.
        """
        fenced = replace(change, epoch=self.epoch)
        while not self.released:
            try:
                self.record, messages = await self._journal.apply(self.record.id, fenced)
            except OutriderError as problem:
                if problem.code != "STORAGE_FAILED" or self.place.ending:
                    raise
                log.warning("change has to wait", session_id=self.record.id, reason=problem.cause)
                await asyncio.sleep(STORE_PAUSE_SECONDS)
            else:
                return messages
        raise SessionFencedError(f"the lease of session {self.record.id} was released")

    async def history(self) -> tuple[Message, ...]:
        """The session's whole log."""
        log: list[Message] = []
        while page := await self._store.messages(self.record.id, log[-1].id if log else 0, PAGE):
            log += page
        return tuple(log)

    async def inbox(self) -> AsyncIterator[Command | Call]:
        """Commands (durable, in order) and calls as they arrive; ends when the lease is to be given up."""
        commands: tuple[Command, ...] = await self._store.inbox(self.record.id)
        while not self.released:
            seen = self.place.bell.rings
            for command in commands:
                if command.id > self.delivered:
                    self.delivered = command.id
                    yield command
            while self.place.calls:
                yield self._take_call()
            if self.place.needed:
                self.place.needed = False
                commands = await self._store.inbox(self.record.id)
            elif self.place.ending:
                return
            else:
                commands = ()
                await self.place.bell.wait(seen)

    async def release(self) -> None:
        """Give the session up; idempotent."""
        if not self.released:
            self.released = True
            await self._give_up(self)

    def fail_calls(self, error: Exception) -> None:
        """Answer the calls that the owner took and left unanswered."""
        for call in self._open_calls:
            call.fail(error)
        self._open_calls.clear()

    def _take_call(self) -> EmbeddedCall:
        call = self.place.calls.popleft()
        self._open_calls = [taken for taken in self._open_calls if taken.open]
        self._open_calls.append(call)
        return call
