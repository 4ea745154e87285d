"""What there may be so many of at the same time: event streams, viewers, sessions."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from outrider.interfaces.identities import Principal
from outrider.interfaces.sessions import SessionStore
from outrider.limits.plans import Plans
from outrider.problems import OutriderError

__all__ = ["Places", "SessionQuota"]


class Places:
    """Places that are taken for as long as something is open in this process."""

    def __init__(self, code: str) -> None:
        """``code`` is the problem of whoever comes when all are taken; its facts are ``current`` and ``limit``."""
        self._code = code
        self._taken: Counter[str] = Counter()

    @contextmanager
    def taken(self, whose: str, limit: int) -> Iterator[None]:
        """One of ``limit`` places for as long as the block runs; 0 sets no limit. Raises the problem."""
        if limit and self._taken[whose] >= limit:
            raise OutriderError(self._code, current=self._taken[whose], limit=limit)
        self._taken[whose] += 1
        try:
            yield
        finally:
            self._taken[whose] -= 1
            if not self._taken[whose]:
                del self._taken[whose]


class SessionQuota:
    """The gate before a new session. How many the machine takes altogether, and its memory, are the engine's limits."""

    def __init__(self, store: SessionStore, plans: Plans) -> None:
        self._store = store
        self._plans = plans
        self._gates: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @asynccontextmanager
    async def admitted(self, principal: Principal) -> AsyncIterator[None]:
        """Store the new session in the block, so that two can't both be the last one.

        Raises ORGANISATION_LIMIT_REACHED.
        """
        async with self._gates[principal.organisation_id]:
            await self._check(principal)
            yield

    async def _check(self, principal: Principal) -> None:
        limit = self._plans.sessions(principal)
        if limit:
            current = len(await self._store.of_organisation(principal.organisation_id))
            if current >= limit:
                raise OutriderError("ORGANISATION_LIMIT_REACHED", limit=limit, current=current)
