"""Where sessions get their browsers: some are launched ahead, none is ever used twice."""

import asyncio
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from uuid import uuid4

from outrider.browsers.browser import Browser
from outrider.browsers.command import find_binary
from outrider.browsers.isolation import check_isolation
from outrider.browsers.leftovers import remove, sweep
from outrider.config import Settings
from outrider.interfaces.pages import Fill
from outrider.problems import OutriderError
from outrider.screening.egress import Egress
from outrider.telemetry import get_logger

#: Launching more at once only makes each slower.
_LAUNCHES_AT_ONCE: Final = 2
#: Whoever got a browser does the first things with it before the next is launched.
_REFILL_DELAY_SECONDS: Final = 0.05
#: Short, since Chromium makes a socket below the folder, whose whole path may have 107 bytes.
_NAME_CHARACTERS: Final = 12
_log = get_logger(__name__)


class BrowserPool:
    """``interfaces.pages.BrowserPool``. ``async with`` removes what an earlier server left, and starts launching.

    The folder ``settings.browsers_dir`` must belong to this pool alone. Without ``egress`` pages reach what the
    settings allow. Raises ISOLATION_UNAVAILABLE at the start.
    """

    def __init__(self, settings: Settings, egress: Egress | None = None) -> None:
        self._settings = settings
        self._egress = egress or Egress.of(settings)
        self._ahead: deque[asyncio.Task[Browser]] = deque()
        self._launched: set[Browser] = set()
        self._launches = asyncio.Semaphore(_LAUNCHES_AT_ONCE)
        self._refilling: asyncio.TimerHandle | None = None
        self._closed = False

    async def __aenter__(self) -> Self:
        await check_isolation(self._settings)
        folder = self._settings.browsers_dir
        swept = await asyncio.to_thread(sweep, folder)
        if swept:
            _log.warning("ended browsers that an earlier server left", count=swept)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._refill()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def open_browsers(self) -> int:
        """See ``interfaces.pages.BrowserPool.open_browsers``."""
        return sum(not browser.is_closed for browser in self._launched)

    async def acquire(self, fill: Fill | None = None) -> Browser:
        """See ``interfaces.pages.BrowserPool.acquire``."""
        if self._closed:
            raise OutriderError("SERVER_STOPPING")
        browser = await self._launch(fill) if fill else await self._take() or await self._launch()
        if self._refilling is None:
            self._refilling = asyncio.get_running_loop().call_later(_REFILL_DELAY_SECONDS, self._refill)
        return browser

    async def close(self) -> None:
        """See ``interfaces.pages.BrowserPool.close``."""
        self._closed = True
        if self._refilling is not None:
            self._refilling.cancel()
        ahead, self._ahead = self._ahead, deque()
        for task in ahead:
            task.cancel()
        await asyncio.gather(*ahead, return_exceptions=True)
        await asyncio.gather(*(browser.close() for browser in list(self._launched)))

    async def ready(self) -> None:
        """Wait until the browsers launched ahead are ready, or have failed to be."""
        self._refill()
        await asyncio.gather(*self._ahead, return_exceptions=True)

    async def _take(self) -> Browser | None:
        """A browser launched ahead that is alive, the first to be ready; None when there is none."""
        while self._ahead:
            task = next((task for task in self._ahead if task.done()), self._ahead[0])
            self._ahead.remove(task)
            try:
                browser = await asyncio.shield(task)
            except OutriderError:
                continue  # logged when it happened
            except asyncio.CancelledError:
                self._ahead.appendleft(task)  # still good for the next one
                raise
            if not browser.has_ended:
                return browser
            await browser.close()
        return None

    async def _launch(self, fill: Fill | None = None) -> Browser:
        async with self._launches:
            binary = find_binary(self._settings.browser_binary)
            folder = self._settings.browsers_dir / uuid4().hex[:_NAME_CHARACTERS]
            if fill is not None:
                await _filled(folder, fill)
            browser = await Browser.launch(binary, folder, self._settings, self._egress)
        self._launched = {known for known in self._launched if not known.is_closed} | {browser}
        return browser

    def _refill(self) -> None:
        if self._refilling is not None:
            self._refilling.cancel()
            self._refilling = None
        while not self._closed and len(self._ahead) < self._settings.warm_browsers:
            task = asyncio.create_task(self._launch())
            task.add_done_callback(_report)
            self._ahead.append(task)


async def _filled(folder: Path, fill: Fill) -> None:
    """A browser's folder with a profile in it, or no folder."""
    try:
        profile = folder / "profile"
        await asyncio.to_thread(profile.mkdir, parents=True, mode=0o700)
        await fill(profile)
    except BaseException:
        await asyncio.to_thread(remove, folder)
        raise


def _report(task: asyncio.Task[Browser]) -> None:
    """Say at once, and so at the server's start, that no browser is to be had."""
    if not task.cancelled() and isinstance(error := task.exception(), OutriderError):
        _log.warning("launching ahead failed", code=error.code, cause=error.cause)
