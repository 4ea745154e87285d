"""The record of requests on its way to the store: noted without waiting, written in groups."""

import asyncio
from collections import deque
from types import TracebackType
from typing import Final, Self

from outrider.interfaces.requests import RequestEntry, RequestStore
from outrider.problems import OutriderError
from outrider.telemetry import get_logger, report_failure

__all__ = ["Recorder"]

#: For how long entries wait for others that share their commit.
GROUP_SECONDS: Final = 0.2
#: Entries that may wait; should the disk be that slow, the oldest are lost rather than the memory.
MAX_WAITING: Final = 20_000

log = get_logger(__name__)


class Recorder:
    """Takes entries while it is open: ``async with Recorder(store) as recorder``."""

    def __init__(self, store: RequestStore) -> None:
        self._store = store
        self._waiting: deque[RequestEntry] = deque(maxlen=MAX_WAITING)
        self._news = asyncio.Event()
        self._writing = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def note(self, entry: RequestEntry) -> None:
        """Have the entry stored soon."""
        self._waiting.append(entry)
        self._news.set()

    async def flush(self) -> None:
        """Return when everything that was noted is stored; what can't be is given up, and the log says so."""
        async with self._writing:
            entries = tuple(self._waiting)
            self._waiting.clear()
            self._news.clear()
            if not entries:
                return
            try:
                await self._store.add(entries)
            except OutriderError as problem:
                log.warning("requests could not be recorded", count=len(entries), code=problem.code)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="recorder of requests")
        self._task.add_done_callback(report_failure)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.flush()

    async def _run(self) -> None:
        while True:
            await self._news.wait()
            await asyncio.sleep(GROUP_SECONDS)
            await self.flush()
