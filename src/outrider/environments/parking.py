"""Browsers that wait for their next session: frozen, few, and not for long.

A parked browser is a faster copy of a snapshot that is stored already, so it may be ended at any time.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from outrider.environments.memory import available_memory
from outrider.interfaces.environments import BrowserState, Snapshot
from outrider.interfaces.pages import Browser
from outrider.telemetry import get_logger

__all__ = ["Parked", "Parking"]

#: How often free memory is looked at while browsers are parked.
_LOOK_SECONDS: Final = 2.0

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Parked:
    """A frozen browser, the snapshot that it belongs to, and what it held when it was frozen."""

    browser: Browser
    snapshot: Snapshot
    state: BrowserState
    until: float


class Parking:
    """At most ``limit`` frozen browsers, each for at most ``seconds``; the oldest go first.

    All go while less than ``free_bytes`` of memory are available. ``async with`` watches over them and, at its end,
    ends those that are left.
    """

    def __init__(
        self, *, limit: int, seconds: float, free_bytes: int, available: Callable[[], int] | None = None
    ) -> None:
        self._limit = limit
        self._seconds = seconds
        self._free_bytes = free_bytes
        self._available = available or available_memory
        #: By environment, the oldest first.
        self._parked: dict[str, Parked] = {}
        self._filled = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._parked)

    def __contains__(self, environment_id: str) -> bool:
        return environment_id in self._parked

    @property
    def open(self) -> bool:
        """A browser that is parked now would stay for a while."""
        return self._limit > 0 and self._available() >= self._free_bytes

    async def park(self, browser: Browser, snapshot: Snapshot, state: BrowserState) -> None:
        """Keep a frozen browser. It takes the place of an older one of its environment."""
        older = self._parked.pop(snapshot.environment_id, None)
        self._parked[snapshot.environment_id] = Parked(browser, snapshot, state, time.monotonic() + self._seconds)
        self._filled.set()
        if older is not None:
            await older.browser.close()
        while len(self._parked) > self._limit:
            await self.evict_oldest("the parking is full")

    def take(self, snapshot: Snapshot) -> Parked | None:
        """The browser of exactly this snapshot, still frozen; it is the caller's from now on."""
        parked = self._parked.get(snapshot.environment_id)
        if parked is None or parked.snapshot.blob != snapshot.blob:
            return None
        return self._parked.pop(snapshot.environment_id)

    async def drop(self, environment_id: str) -> None:
        """End the browser of an environment, if there is one."""
        parked = self._parked.pop(environment_id, None)
        if parked is not None:
            await parked.browser.close()

    async def evict_oldest(self, reason: str) -> None:
        """End the browser that was parked first, if there is one."""
        if self._parked:
            environment_id = next(iter(self._parked))
            log.info("parked browser evicted", environment_id=environment_id, reason=reason)
            await self.drop(environment_id)

    async def __aenter__(self) -> Self:
        self._watch = asyncio.create_task(self._keep_watch(), name="parking")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        await asyncio.gather(*map(self.drop, list(self._parked)))

    async def _keep_watch(self) -> None:
        while True:
            if not self._parked:
                self._filled.clear()
                await self._filled.wait()
            await asyncio.sleep(min(_LOOK_SECONDS, self._seconds))
            await self._look()

    async def _look(self) -> None:
        while self._parked and next(iter(self._parked.values())).until <= time.monotonic():
            await self.evict_oldest("its time is over")
        while self._parked and self._available() < self._free_bytes:
            await self.evict_oldest("memory is short")
