"""One browser of one session: process, DevTools, tabs, downloads, and the page on top of them."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from outrider.browsers.cdp import CALL_TIMEOUT_SECONDS, CdpError, Connection, Session
from outrider.browsers.command import arguments, environment
from outrider.browsers.downloads import Downloads
from outrider.browsers.environment import capture, reopen
from outrider.browsers.inspection import Inspection
from outrider.browsers.isolation import confined
from outrider.browsers.leftovers import remove
from outrider.browsers.page import ChromiumPage
from outrider.browsers.process import BrowserProcess, spawn
from outrider.browsers.stage import Stage
from outrider.browsers.tabs import Tabs
from outrider.browsers.transport import PipeTransport
from outrider.config import Settings
from outrider.interfaces.environments import BrowserState
from outrider.problems import OutriderError
from outrider.screening.egress import Egress, EgressProxy
from outrider.telemetry import get_logger

_CLOSE_SECONDS: Final = 3.0
#: Time to write what is in memory to the profile folder.
_LEAVE_SECONDS: Final = 10.0
_log = get_logger(__name__)
T = TypeVar("T")


class Browser:
    """``interfaces.pages.Browser``: everything it writes lies below ``folder`` and goes with it."""

    def __init__(self, folder: Path, settings: Settings, egress: EgressProxy) -> None:
        self.folder = folder
        #: Its way out; the session's policy is bound there.
        self.egress = egress
        self._settings = settings
        self._connection = Connection()
        self._root = Session(self._connection)
        self._tabs = Tabs(self._root, settings)
        self._downloads = Downloads(
            folder / "downloads",
            folder / "files",
            max_bytes=settings.max_download_bytes,
            max_files=settings.max_files,
        )
        self._inspection = self._inspectable()
        self._page = ChromiumPage(Stage(self._tabs, self._downloads, folder / "files", settings, egress))
        self._process: BrowserProcess | None = None
        self._transport: PipeTransport | None = None
        self._watch: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    async def launch(cls, binary: Path, folder: Path, settings: Settings, egress: Egress) -> Self:
        """Start a browser with a page that is ready for calls. Raises BROWSER_START_FAILED."""
        browser = cls(folder, settings, egress.proxy())
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
    def inspection(self) -> Inspection:
        """See ``interfaces.pages.Browser.inspection``."""
        return self._inspection

    @property
    def profile(self) -> Path:
        """Where the browser keeps what it stores."""
        return self.folder / "profile"

    @property
    def downloaded(self) -> tuple[Path, ...]:
        """See ``interfaces.pages.Browser.downloaded``."""
        return tuple(self._downloads.folder / name for name in self._downloads.finished)

    async def until_downloaded(self, seen: int) -> None:
        """See ``interfaces.pages.Browser.until_downloaded``."""
        await self._downloads.until_more(seen)

    @property
    def uploads(self) -> Path:
        """See ``interfaces.pages.Browser.uploads``."""
        return self.folder / "files"

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

    async def ended(self) -> OutriderError:
        """See ``interfaces.pages.Browser.ended``."""
        reason = await self._process.ended() if self._process else "it was never started"
        return OutriderError("BROWSER_CRASHED", reason=reason)

    async def capture(self, expected: BrowserState | None = None) -> BrowserState:
        """See ``interfaces.pages.Browser.capture``."""
        return await _seam(capture(self._root, self._tabs, expected))

    async def reopen(self, state: BrowserState, seconds: float) -> tuple[str, ...]:
        """See ``interfaces.pages.Browser.reopen``."""
        return await _seam(reopen(self._root, self._tabs, state, seconds))

    async def leave(self) -> None:
        """See ``interfaces.pages.Browser.leave``."""
        self._root.post("Browser.close")
        try:
            async with asyncio.timeout(_LEAVE_SECONDS):
                await self.ended()
        except TimeoutError as error:
            raise OutriderError("PAGE_UNRESPONSIVE", seconds=f"{_LEAVE_SECONDS:g}") from error

    async def freeze(self) -> None:
        """See ``interfaces.pages.Browser.freeze``."""
        inspection, self._inspection = self._inspection, self._inspectable()
        await inspection.end(OutriderError("BROWSER_CRASHED", reason="its session ended, and the browser was parked"))
        if self._process is not None:
            self._process.freeze()
        self._downloads.forget()
        await asyncio.to_thread(_empty, self._downloads.folder, self.uploads)

    def thaw(self) -> None:
        """Let a frozen browser go on."""
        if self._process is not None:
            self._process.thaw()

    async def close(self) -> None:
        """See ``interfaces.pages.Browser.close``."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close())
        await asyncio.shield(self._closing)

    async def _start(self, binary: Path) -> None:
        profile = self.profile
        for path in (profile, self.folder / "downloads", self.folder / "files"):
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        await self.egress.start()
        line = arguments(binary, profile, self.egress.port, self._settings)
        self._process, pipe = spawn(confined(line, self.folder, self._settings), environment(profile))
        self._watch = asyncio.create_task(self._watch_exit())
        self._transport = await PipeTransport.open(pipe, self._connection.receive, lambda: None)
        self._connection.use(self._transport)
        self._connection.listen("", self._handle)
        await asyncio.gather(self._tabs.start(), self._downloads.start(self._root))

    def _inspectable(self) -> Inspection:
        return Inspection(self._root, self._tabs, self.folder / "files", self._settings)

    def _handle(self, method: str, params: dict[str, Any]) -> None:
        self._tabs.handle(method, params)
        self._downloads.handle(method, params)

    async def _watch_exit(self) -> None:
        failure = await self.ended()
        self._connection.fail(failure)
        await self._inspection.end(failure)
        await self.egress.close()  # also when nobody knows yet: one that was kept warm

    def _why_not_started(self, error: Exception) -> str:
        process = self._process
        if process is None or isinstance(error, TimeoutError):
            return f"It was not ready within {self._settings.session_start_timeout_seconds:g} s."
        words = f": {process.last_words}" if process.last_words else "."
        return f"It ended while starting{words}"

    async def _close(self) -> None:
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await asyncio.gather(self._end_process(), self.egress.close())
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


def _empty(*folders: Path) -> None:
    """Remove the files in folders that have no others in them."""
    for folder in folders:
        for file in folder.iterdir():
            file.unlink(missing_ok=True)


async def _seam(work: Awaitable[T]) -> T:
    """What DevTools refuses is a page that does not answer."""
    try:
        return await work
    except CdpError as error:
        raise OutriderError("PAGE_UNRESPONSIVE", seconds=f"{CALL_TIMEOUT_SECONDS:g}") from error
