"""When keys were last used: kept in memory, and written together once in a while instead of with each request."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

from outrider.interfaces.identities import KeyStore
from outrider.problems import OutriderError
from outrider.telemetry import get_logger, report_failure

__all__ = ["LastUse"]

_PAUSE_SECONDS: Final = 30.0

log = get_logger(__name__)


class LastUse:
    """Collects uses. Inside ``async with uses.writing()`` they get into the store."""

    def __init__(self, store: KeyStore, pause_seconds: float = _PAUSE_SECONDS) -> None:
        self._store = store
        self._pause_seconds = pause_seconds
        self._noted: dict[str, datetime] = {}

    def note(self, key_id: str, used_at: datetime) -> None:
        """A key was used."""
        self._noted[key_id] = used_at

    async def write(self) -> None:
        """Store what was noted. Raises STORAGE_FAILED, with everything still noted."""
        uses = dict(self._noted)
        if uses:
            await self._store.note_uses(tuple(uses.items()))
        self._noted = {key: used_at for key, used_at in self._noted.items() if uses.get(key) != used_at}

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Store uses in the background, and what is left at the end."""
        task = asyncio.create_task(self._write_again_and_again(), name="last use of keys")
        task.add_done_callback(report_failure)
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await self._try_to_write()

    async def _write_again_and_again(self) -> None:
        while True:
            await asyncio.sleep(self._pause_seconds)
            await self._try_to_write()

    async def _try_to_write(self) -> None:
        try:
            await self.write()
        except OutriderError as problem:
            log.warning("the last use of keys was not stored", code=problem.code)
