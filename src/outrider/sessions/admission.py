"""Who may have another session: limits per organisation."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from outrider.config import Settings
from outrider.interfaces.sessions import SessionStore
from outrider.problems import OutriderError

__all__ = ["Admission"]


class Admission:
    """The gate before a new session. How many the machine takes altogether, and its memory, are the engine's limits."""

    def __init__(self, store: SessionStore, settings: Settings) -> None:
        self._store = store
        self._limit = settings.max_sessions_per_organisation
        self._gates: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @asynccontextmanager
    async def admitted(self, organisation_id: str) -> AsyncIterator[None]:
        """Store the new session in the block, so that two can't both be the last one.

        Raises ORGANISATION_LIMIT_REACHED.
        """
        async with self._gates[organisation_id]:
            await self._check_organisation(organisation_id)
            yield

    async def _check_organisation(self, organisation_id: str) -> None:
        if self._limit:
            current = len(await self._store.of_organisation(organisation_id))
            if current >= self._limit:
                raise OutriderError("ORGANISATION_LIMIT_REACHED", limit=self._limit, current=current)
