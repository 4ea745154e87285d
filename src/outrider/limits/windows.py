"""Rolling windows: a slot returns exactly one length after its use, and what was refused used none.

A caller who calls on through refusals is blocked for as long as the slots of the full window are out (reference page
``agent-platforms``, decision 10).
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from outrider.protocol.rate_limits import Window

__all__ = ["PATIENCE", "Kept", "Limit", "Outcome", "RollingWindows", "Verdict", "Windows"]

#: Refused calls in a row after the first refusal; the one after them blocks.
PATIENCE: Final = 10


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in any stretch of the windows' length."""

    #: What clients are told: “key”, “organisation”, “agent”.
    name: str
    #: Whose window it is; no two may have the same: ``key:key_4tk…``.
    subject: str
    requests: int


class Verdict(StrEnum):
    """What becomes of a request."""

    ADMITTED = "admitted"
    REFUSED = "refused"
    #: Refused for having ignored refusals.
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict, and the windows as it leaves them, in the order of the limits."""

    verdict: Verdict
    windows: tuple[Window, ...]
    #: After which the same request may pass; 0 for one that was admitted.
    wait_seconds: float = 0.0


class Windows(Protocol):
    """Counts requests. All windows of one request are taken together, or none."""

    async def take(self, caller: str, limits: Sequence[Limit]) -> Outcome:
        """Use a slot of each window, unless one of them is full or the caller is blocked.

        Without any limit the caller is only looked up.
        """
        ...

    async def look(self, limits: Sequence[Limit]) -> tuple[Window, ...]:
        """The windows as they are."""
        ...


@dataclass(slots=True)
class _Refusals:
    """What a caller was told since it was last admitted."""

    #: Calls after the first refusal; more than ``PATIENCE`` are a block.
    ignored: int
    #: On the clock: when they are forgotten, and a block ends.
    until: float


@dataclass(frozen=True, slots=True)
class Kept:
    """What outlives a restart. Times are those of a clock that the next process does not have."""

    #: When it was taken.
    at: float = 0.0
    #: When each slot in use was used, by subject, oldest first.
    slots: Mapping[str, list[float]] = field(default_factory=dict)
    #: By caller: refusals that were ignored, and until when that counts.
    refusals: Mapping[str, tuple[int, float]] = field(default_factory=dict)


class RollingWindows:
    """``Windows`` in the memory of one process."""

    def __init__(self, length_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._length = length_seconds
        self._clock = clock
        self._slots: dict[str, deque[float]] = {}
        self._refusals: dict[str, _Refusals] = {}

    async def take(self, caller: str, limits: Sequence[Limit]) -> Outcome:
        now = self._clock()
        refusals = self._refusals_of(caller, now)
        if refusals is not None and refusals.ignored > PATIENCE:
            return Outcome(Verdict.BLOCKED, self._windows(limits, now), refusals.until - now)
        full = [limit for limit in limits if len(self._in_use(limit.subject, now)) >= limit.requests]
        if full:
            ignored = -1 if refusals is None else refusals.ignored
            return self._refuse(caller, limits, full, ignored + 1, now)
        for limit in limits:
            self._in_use(limit.subject, now).append(now)
        if limits:
            self._refusals.pop(caller, None)
        return Outcome(Verdict.ADMITTED, self._windows(limits, now))

    async def look(self, limits: Sequence[Limit]) -> tuple[Window, ...]:
        return self._windows(limits, self._clock())

    def keep(self) -> Kept:
        """What would have to be restored now. Forgets what no longer counts. Copies only: requests wait meanwhile."""
        now = self._clock()
        for subject in list(self._slots):
            if not self._in_use(subject, now):
                del self._slots[subject]
        for caller in list(self._refusals):
            self._refusals_of(caller, now)
        return Kept(
            now,
            {subject: list(slots) for subject, slots in self._slots.items()},
            {caller: (one.ignored, one.until) for caller, one in self._refusals.items()},
        )

    def restore(self, kept: Kept, elapsed_seconds: float) -> None:
        """Take over what was kept so many seconds ago."""
        ahead = self._clock() - elapsed_seconds - kept.at
        self._slots = {subject: deque(used + ahead for used in slots) for subject, slots in kept.slots.items()}
        self._refusals = {
            caller: _Refusals(ignored, until + ahead) for caller, (ignored, until) in kept.refusals.items()
        }

    def _in_use(self, subject: str, now: float) -> deque[float]:
        """When the slots that are out were used, oldest first."""
        slots = self._slots.get(subject)
        if slots is None:
            slots = self._slots[subject] = deque()
        while slots and slots[0] + self._length <= now:
            slots.popleft()
        return slots

    def _refusals_of(self, caller: str, now: float) -> _Refusals | None:
        refusals = self._refusals.get(caller)
        if refusals is not None and refusals.until <= now:
            del self._refusals[caller]
            return None
        return refusals

    def _refuse(self, caller: str, limits: Sequence[Limit], full: Sequence[Limit], ignored: int, now: float) -> Outcome:
        """``ignored`` counts this call; who has not called for a whole length has waited."""
        windows = self._windows(limits, now)
        if ignored <= PATIENCE:
            self._refusals[caller] = _Refusals(ignored, now + self._length)
            return Outcome(Verdict.REFUSED, windows, max(one.seconds for one in windows if not one.remaining))
        clear = max(self._slots[limit.subject][-1] for limit in full) + self._length
        self._refusals[caller] = _Refusals(ignored, clear)
        return Outcome(Verdict.BLOCKED, windows, clear - now)

    def _windows(self, limits: Iterable[Limit], now: float) -> tuple[Window, ...]:
        return tuple(self._window(limit, now) for limit in limits)

    def _window(self, limit: Limit, now: float) -> Window:
        slots = self._in_use(limit.subject, now)
        over = max(0, len(slots) - limit.requests)  # a limit may have been lowered
        seconds = slots[over] + self._length - now if slots else 0.0
        return Window(limit.name, limit.requests, max(0, limit.requests - len(slots)), seconds)
