"""Which sessions need an owner, which have one, and how workers get them."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from outrider.engine.background import Background
from outrider.engine.bell import Bell
from outrider.engine.journal import Journal
from outrider.engine.leases import STORE_PAUSE_SECONDS, EmbeddedLease, Place
from outrider.engine.recovery import settle
from outrider.engine.settlement import OWNER_FAILED, STOPPED
from outrider.interfaces.sessions import SessionFencedError, SessionStore
from outrider.problems import OutriderError
from outrider.sessions.lifecycle import ENDED
from outrider.telemetry import get_logger

__all__ = ["Places"]

#: Owners in a row that may give up with commands unanswered, before the task is ended.
FAILURES: Final = 3
#: Time for an ended session to give its place back, as far as a new one waits for that.
ROOM_SECONDS: Final = 3.0

log = get_logger(__name__)


class Places:
    """At most ``limit`` sessions that wait for a worker or are held by one."""

    def __init__(self, store: SessionStore, journal: Journal, background: Background, limit: int) -> None:
        self._store = store
        self._journal = journal
        self._background = background
        self._limit = limit
        self._places: dict[str, Place] = {}
        self._waiting: deque[Place] = deque()
        self._bell = Bell()
        self._stopping = False

    # --- from the side of clients

    def find(self, session_id: str) -> Place | None:
        """The place of a session that needs an owner or has one."""
        return self._places.get(session_id)

    async def room(self) -> None:
        """While all places are taken, wait for those that are being given up: their browsers are about to close."""
        with suppress(TimeoutError):
            async with asyncio.timeout(ROOM_SECONDS):
                while len(self._places) >= self._limit and any(place.ending for place in self._all):
                    await self._bell.wait(self._bell.rings)

    @contextmanager
    def pinned(self, session_id: str) -> Iterator[Place]:
        """A place for a session that is about to need an owner. Raises SESSION_LIMIT_REACHED when none is free.

        A place that nobody needed in the end is given back.
        """
        place = self._places.get(session_id)
        if place is None:
            if len(self._places) >= self._limit:
                raise OutriderError("SESSION_LIMIT_REACHED", limit=self._limit, current=len(self._places))
            place = self._places[session_id] = Place(session_id)
        place.pins += 1
        try:
            yield place
        finally:
            place.pins -= 1
            self.tidy(place)

    def tidy(self, place: Place) -> None:
        """Offer the place to workers when an owner is wanted; give it back when nobody needs it."""
        if place.claimed:
            return
        if place.wanted and not self._stopping:
            place.claimed = True
            self._waiting.append(place)
        elif not place.pins and self._places.get(place.session_id) is place:  # else it was evicted
            del self._places[place.session_id]
        self._bell.ring()

    # --- from the side of workers

    async def leases(self, capacity: int) -> AsyncIterator[EmbeddedLease]:
        """Leases as sessions want them, while fewer than ``capacity`` are held; ends when the engine stops."""
        held: list[EmbeddedLease] = []
        while not self._stopping:
            seen = self._bell.rings
            held = [lease for lease in held if not lease.released]
            if not self._waiting or len(held) >= capacity:
                await self._bell.wait(seen)
                continue
            lease = await self._lease(self._waiting.popleft())
            if lease is not None:
                held.append(lease)
                yield lease

    async def _lease(self, place: Place) -> EmbeddedLease | None:
        """Make a new lease on a claimed place; None when there is nothing left to own."""
        try:
            record = await self._store.raise_epoch(place.session_id)
        except OutriderError as problem:
            if problem.code == "SESSION_NOT_FOUND":  # purged meanwhile
                self._abandon(place)
                return None
            self._waiting.append(place)
            log.exception("session can't be leased", session_id=place.session_id)
            await asyncio.sleep(STORE_PAUSE_SECONDS)
            return None
        except BaseException:
            self._waiting.append(place)
            raise
        if self._stopping:
            self._waiting.append(place)
            return None
        if record.state in ENDED:
            self._abandon(place)
            return None
        place.needed = False
        place.lease = EmbeddedLease(place, record, self._store, self._journal, self._give_up)
        return place.lease

    def _abandon(self, place: Place) -> None:
        """The session has ended."""
        place.needed = False
        place.refuse_calls(OutriderError("SESSION_NOT_FOUND", session_id=place.session_id))
        self._vacate(place)

    # --- the end of an owner

    def evict(self, session_id: str) -> None:
        """Have a fenced owner let go. Its place is given to others at once, since it may be one that never does."""
        place = self._places.pop(session_id, None)
        if place is None:
            return
        with suppress(ValueError):
            self._waiting.remove(place)
        place.refuse_calls(OutriderError("BROWSER_CRASHED", reason="the session's owner was stuck"))
        place.end()
        self._bell.ring()

    async def _give_up(self, lease: EmbeddedLease) -> None:
        await self._background.finish(self._take_back(lease))

    async def _take_back(self, lease: EmbeddedLease) -> None:
        """Leave nothing half done behind a released lease, and offer its place again if an owner is wanted."""
        place = lease.place
        place.needed = False
        spare = not self._stopping and place.failures < FAILURES
        reason = STOPPED if self._stopping else OWNER_FAILED
        if await self._settle(place, lease.epoch, reason, spare_commands=spare):
            place.failures = 0
        else:
            place.failures += 1
            place.needed = True
        lease.fail_calls(
            OutriderError("SERVER_STOPPING")
            if self._stopping
            else OutriderError("BROWSER_CRASHED", reason="the session's owner gave it up")
        )
        self._vacate(place)

    async def stop(self, grace_seconds: float) -> None:
        """Have all owners let go, and end what those leave who don't within ``grace_seconds``."""
        self._stopping = True
        for place in self._all:
            place.refuse_calls(OutriderError("SERVER_STOPPING"))
            place.end()
        self._bell.ring()
        try:
            async with asyncio.timeout(grace_seconds):
                await self._all_released()
        except TimeoutError:
            log.warning("owners did not let go in time", count=sum(place.lease is not None for place in self._all))
        await asyncio.gather(*(self._take_over(place) for place in self._all))

    @property
    def _all(self) -> tuple[Place, ...]:
        return tuple(self._places.values())

    async def _all_released(self) -> None:
        while True:
            seen = self._bell.rings
            if all(place.lease is None for place in self._all):
                return
            await self._bell.wait(seen)

    async def _take_over(self, place: Place) -> None:
        """End what is under way in a session whose owner did not let go, or that had none yet."""
        try:
            record = await self._store.raise_epoch(place.session_id)
        except OutriderError:
            log.exception("session can't be ended", session_id=place.session_id)
            return
        await self._settle(place, record.epoch, STOPPED, spare_commands=False)

    async def _settle(self, place: Place, epoch: int, reason: str, *, spare_commands: bool) -> bool:
        """``recovery.settle``, again while the store fails; what a stop leaves is settled at the next start."""
        session_id = place.session_id
        while True:
            try:
                return await settle(
                    self._store, self._journal, session_id, epoch, reason, spare_commands=spare_commands
                )
            except SessionFencedError:
                log.warning("session was taken over by another process", session_id=session_id)
                return True
            except OutriderError as problem:
                if self._stopping or problem.code != "STORAGE_FAILED":
                    log.exception("session can't be settled", session_id=session_id)
                    return True
                log.warning("session can't be settled yet", session_id=session_id, reason=problem.cause)
            await asyncio.sleep(STORE_PAUSE_SECONDS)

    def _vacate(self, place: Place) -> None:
        place.lease = None
        place.claimed = place.ending = False
        self.tidy(place)
