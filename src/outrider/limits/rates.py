"""How many requests a principal may still make."""

import time
from collections.abc import Callable, Mapping, Sequence
from math import ceil
from typing import Final

from outrider.interfaces.identities import Principal
from outrider.limits.plans import Plans
from outrider.limits.windows import Limit, Outcome, Verdict, Windows
from outrider.problems import OutriderError
from outrider.protocol.rate_limits import Window, rate_fields

__all__ = ["Rates"]


class Rates:
    """Counts each request in the windows of its key, its organisation, and whatever else its surface names."""

    def __init__(
        self, windows: Windows, plans: Plans, length_seconds: float, wall: Callable[[], float] = time.time
    ) -> None:
        """``wall`` gives Unix seconds, for what clients are told."""
        self._windows = windows
        self._plans = plans
        self._length = length_seconds
        self._wall = wall

    async def take(self, principal: Principal, further: Sequence[Limit] = ()) -> Mapping[str, str]:
        """Count a request; the header fields that its answer bears. Raises RATE_LIMITED and THROTTLE_IGNORED.

        ``further`` are windows beside those of key and organisation, such as an agent's own.
        """
        limits = (*self._plans.windows(principal), *further)
        return self._fields((await self._taken(principal, limits)).windows) if limits else {}

    async def fields(self, principal: Principal) -> Mapping[str, str]:
        """The fields for a request that does not count."""
        limits = self._plans.windows(principal)
        return self._fields(await self._windows.look(limits)) if limits else {}

    async def pass_by(self, principal: Principal) -> Mapping[str, str]:
        """The fields for a request that does not count, unless the key is blocked. Raises THROTTLE_IGNORED."""
        await self._taken(principal, ())
        return await self.fields(principal)

    async def _taken(self, principal: Principal, limits: Sequence[Limit]) -> Outcome:
        outcome = await self._windows.take(principal.key_id, limits)
        if outcome.verdict is not Verdict.ADMITTED:
            raise self._refusal(outcome)
        return outcome

    def _fields(self, windows: Sequence[Window]) -> Mapping[str, str]:
        return rate_fields(windows, self._length, self._wall())

    def _refusal(self, outcome: Outcome) -> OutriderError:
        # Whole seconds, and never too few: who waits so long is admitted.
        seconds = max(1, ceil(outcome.wait_seconds))
        if outcome.verdict is Verdict.BLOCKED:
            return OutriderError("THROTTLE_IGNORED", retry_after_seconds=seconds)
        full = max((one for one in outcome.windows if not one.remaining), key=lambda one: one.seconds)
        return OutriderError(
            "RATE_LIMITED",
            whose=_WHOSE.get(full.name, full.name),
            limit=full.limit,
            window_seconds=f"{self._length:g}",
            retry_after_seconds=seconds,
        )


_WHOSE: Final[Mapping[str, str]] = {"key": "this key", "organisation": "your organisation", "agent": "this agent"}
