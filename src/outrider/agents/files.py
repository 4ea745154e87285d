"""Files between a session and its browser: downloads come in, offered files go out."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final

from outrider.files.store import FileStore
from outrider.interfaces.pages import Browser
from outrider.telemetry import get_logger

__all__ = ["FileExchange"]

log = get_logger(__name__)

#: Time that an exchange may take before whoever waits for it goes on.
_SECONDS: Final = 10.0


class FileExchange:
    """The files of one session. What the disk refuses is logged, and ends neither a task nor a session."""

    def __init__(self, session_id: str, store: FileStore) -> None:
        self._session_id = session_id
        self._store = store
        self._one_at_a_time = asyncio.Lock()

    async def exchange(self, browser: Browser) -> None:
        """Keep what the browser has downloaded, and give it what it may upload."""
        async with self._one_at_a_time:
            await self._on_disk(partial(self._exchange, browser))

    async def follow(self, browser: Browser) -> None:
        """Keep each file as soon as the browser has it, so that the end of the server takes none along."""
        seen = 0
        while True:
            await browser.until_downloaded(seen)
            seen = len(browser.downloaded)
            await self.exchange(browser)

    async def keep_picture(self, name: str, content: bytes) -> str:
        """Keep a picture as evidence; returns its name, or "" when it could not be kept."""
        try:
            return (await asyncio.to_thread(self._store.witness, self._session_id, name, content)).name
        except OSError:
            log.exception("evidence could not be kept", session_id=self._session_id)
            return ""

    async def end(self) -> None:
        """The session has ended: its files go, unless they are to be kept."""
        await self._on_disk(partial(self._store.end, self._session_id))

    def _exchange(self, browser: Browser) -> None:
        uploads = None if browser.has_ended else browser.uploads
        self._store.take_in(self._session_id, browser.downloaded, uploads)
        if uploads is not None:
            self._store.hand_out(self._session_id, uploads)

    async def _on_disk(self, work: Callable[[], None]) -> None:
        try:
            async with asyncio.timeout(_SECONDS):
                await asyncio.to_thread(work)
        except (OSError, TimeoutError):
            log.exception("files could not be exchanged", session_id=self._session_id)
