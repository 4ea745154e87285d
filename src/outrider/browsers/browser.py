"""One browser of one session: process, DevTools, tabs, downloads, and the page on top of them."""

import asyncio
from pathlib import Path
from typing import Any, Final, Self

from outrider.browsers.cdp import CdpError, Connection, Session
from outrider.browsers.command import arguments, environment
from outrider.browsers.downloads import Downloads
from outrider.browsers.leftovers import remove
from outrider.browsers.page import ChromiumPage
from outrider.browsers.process import BrowserProcess, spawn
from outrider.browsers.stage import Stage
from outrider.browsers.tabs import Tabs
from outrider.browsers.transport import PipeTransport
from outrider.config import Settings
from outrider.problems import OutriderError
from outrider.telemetry import get_logger

_CLOSE_SECONDS: Final = 3.0
_log = get_logger(__name__)


class Browser:
    """``interfaces.pages.Browser``: everything it writes lies below ``folder`` and goes with it."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self._settings = settings
        self._connection = Connection()
        self._root = Session(self._connection)
        self._tabs = Tabs(self._root, settings)
        self._downloads = Downloads(folder / "downloads")
        self._page = ChromiumPage(Stage(self._tabs, self._downloads, folder / "files", settings))
        self._process: BrowserProcess | None = None
        self._transport: PipeTransport | None = None
        self._watch: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    async def launch(cls, binary: Path, folder: Path, settings: Settings) -> Self:
        """Start a browser with a page that is ready for calls. Raises BROWSER_START_FAILED."""
        browser = cls(folder, settings)
        try:
            async with asyncio.timeout(settings.session_start_timeout_seconds):
                await browser._start(binary)
        except (TimeoutError, CdpError, OutriderError) as error:
            reason = browser._why_not_started(error)
            await browser.close()
            if isinstance(error, OutriderError) and error.code == "BROWSER_START_FAILED":
                raise
            raise OutriderError("BROWSER_START_FAILED", reason=reason) from error
        except BaseException:
            await browser.close()
            raise
        return browser

    @property
    def page(self) -> ChromiumPage:
        """The current page."""
        return self._page

    @property
    def pid(self) -> int:
        """Process id of the browser, which leads its process group."""
        return self._process.pid if self._process else 0

    @property
    def has_ended(self) -> bool:
        """The process is gone."""
        return self._process is None or self._process.has_ended

    @property
    def is_closed(self) -> bool:
        """``close`` has done all it can."""
        return self._closing is not None and self._closing.done()

    async def ended(self) -> str:
        """See ``interfaces.pages.Browser.ended``."""
        return await self._process.ended() if self._process else "never started"

    async def close(self) -> None:
        """See ``interfaces.pages.Browser.close``."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close())
        await asyncio.shield(self._closing)

    async def _start(self, binary: Path) -> None:
        profile = self.folder / "profile"
        for path in (profile, self.folder / "downloads", self.folder / "files"):
            path.mkdir(parents=True, mode=0o700)
        self._process, pipe = spawn(arguments(binary, profile, self._settings), environment(profile))
        self._watch = asyncio.create_task(self._watch_exit(self._process))
        self._transport = await PipeTransport.open(pipe, self._connection.receive, lambda: None)
        self._connection.use(self._transport)
        self._connection.listen("", self._handle)
        await asyncio.gather(self._tabs.start(), self._downloads.start(self._root))

    def _handle(self, method: str, params: dict[str, Any]) -> None:
        self._tabs.handle(method, params)
        self._downloads.handle(method, params)

    async def _watch_exit(self, process: BrowserProcess) -> None:
        reason = await process.ended()
        self._connection.fail(OutriderError("BROWSER_CRASHED", reason=reason))

    def _why_not_started(self, error: Exception) -> str:
        process = self._process
        if process is None or isinstance(error, TimeoutError):
            return f"It was not ready within {self._settings.session_start_timeout_seconds:g} s."
        words = f": {process.last_words}" if process.last_words else "."
        return f"It ended while starting{words}"

    async def _close(self) -> None:
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._end_process()
                await asyncio.to_thread(remove, self.folder)
        except TimeoutError:
            _log.warning("browser is slow to end", pid=self.pid)

    async def _end_process(self) -> None:
        if self._transport is not None:
            self._transport.close()
        if self._process is not None:
            self._process.kill()
            await self._process.ended()
            self._process.reap_group()
        if self._watch is not None:
            await self._watch
