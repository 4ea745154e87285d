"""A browser that the caller runs: one tab of it is the session's, everything else in it stays the caller's."""

import asyncio
from pathlib import Path
from typing import Final, NoReturn, Self
from uuid import uuid4

from outrider.browsers.cdp import CdpError, Connection, Session
from outrider.browsers.downloads import Downloads
from outrider.browsers.inspection import Inspection
from outrider.browsers.leftovers import remove
from outrider.browsers.own_tabs import OwnTabs
from outrider.browsers.page import ChromiumPage
from outrider.browsers.stage import Stage
from outrider.browsers.websocket import WebSocketTransport, browser_address, shown_host
from outrider.config import Settings
from outrider.interfaces.environments import BrowserState
from outrider.problems import OutriderError
from outrider.screening.egress import Egress
from outrider.telemetry import get_logger

__all__ = ["ExternalBrowser"]

_CLOSE_SECONDS: Final = 3.0
_GONE: Final = "The connection to it was lost."

_log = get_logger(__name__)


class ExternalBrowser:
    """``interfaces.pages.Browser`` over a WebSocket. What it stores is the caller's, so it can't be saved.

    It goes out by itself: the rules for addresses that browsers of this server keep do not hold for it.
    """

    def __init__(self, cdp_url: str, egress: Egress, settings: Settings) -> None:
        self._cdp_url = cdp_url
        self._egress = egress
        self._settings = settings
        #: For downloads, of which there are none here, and files to upload, which a browser on this machine finds.
        self._folder = settings.browsers_dir / f"external-{uuid4().hex}"
        self._connection = Connection()
        self._root = Session(self._connection)
        self._tabs = OwnTabs(self._root, settings)
        self._inspection = Inspection(self._root, self._tabs, None, settings)
        limits = {"max_bytes": settings.max_download_bytes, "max_files": settings.max_files}
        files = self._folder / "files"
        downloads = Downloads(self._folder / "downloads", files, **limits, elsewhere=True)
        stage = Stage(self._tabs, downloads, files, settings, egress.proxy(), scrolls_smoothly=True)
        self._page = ChromiumPage(stage)
        self._transport: WebSocketTransport | None = None
        self._ended: asyncio.Future[OutriderError] = asyncio.get_running_loop().create_future()
        self._ending: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    async def attach(cls, cdp_url: str, egress: Egress, settings: Settings) -> Self:
        """Open a tab in the browser at ``cdp_url``.

        Raises CDP_URL_INVALID, EXTERNAL_BROWSER_UNREACHABLE, and what ``screening.addresses.resolve`` raises for an
        address that may not be reached.
        """
        browser = cls(cdp_url, egress, settings)
        try:
            async with asyncio.timeout(settings.session_start_timeout_seconds):
                await browser._start()
        except (TimeoutError, CdpError, LookupError, TypeError) as error:  # the latter two: an answer of another shape
            await browser.close()
            reason = "It did not open a tab in time." if isinstance(error, TimeoutError) else "It opened no tab."
            raise browser._unreachable(reason) from error
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
        """See ``interfaces.pages.Browser.inspection``. DevTools clients are refused: the caller has an address."""
        return self._inspection

    @property
    def has_ended(self) -> bool:
        """The connection is gone."""
        return self._ended.done()

    async def ended(self) -> OutriderError:
        """See ``interfaces.pages.Browser.ended``: of the connection; what became of the browser is not known."""
        return await asyncio.shield(self._ended)

    @property
    def downloaded(self) -> tuple[Path, ...]:
        """See ``interfaces.pages.Browser.downloaded``."""
        return ()

    async def until_downloaded(self, seen: int) -> None:
        """What this browser downloads is its owner's: never."""
        del seen
        await asyncio.Event().wait()

    @property
    def uploads(self) -> Path:
        """See ``interfaces.pages.Browser.uploads``."""
        return self._folder / "files"

    async def close(self) -> None:
        """Close our tabs, and let go of the browser. Bounded, idempotent, never raises."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close())
        await asyncio.shield(self._closing)

    # --- what needs the profile folder

    @property
    def profile(self) -> Path:
        """Raises EXTERNAL_BROWSER_UNFIT, as everything does that saving needs."""
        _refuse_saving()

    async def capture(self, expected: BrowserState | None = None) -> BrowserState:
        """Raises EXTERNAL_BROWSER_UNFIT."""
        del expected
        _refuse_saving()

    async def reopen(self, state: BrowserState, seconds: float) -> tuple[str, ...]:
        """Raises EXTERNAL_BROWSER_UNFIT."""
        del state, seconds
        _refuse_saving()

    async def leave(self) -> None:
        """Raises EXTERNAL_BROWSER_UNFIT."""
        _refuse_saving()

    async def freeze(self) -> None:
        """Raises EXTERNAL_BROWSER_UNFIT."""
        _refuse_saving()

    def thaw(self) -> None:
        """Raises EXTERNAL_BROWSER_UNFIT."""
        _refuse_saving()

    # --- parts

    async def _start(self) -> None:
        (self._folder / "files").mkdir(parents=True, mode=0o700)
        policy = self._egress.policy
        address = await browser_address(self._cdp_url, policy)
        self._transport = await WebSocketTransport.open(address, policy, self._connection.receive, self._lose)
        self._connection.use(self._transport)
        self._connection.listen("", self._tabs.handle)
        await self._tabs.start()

    def _lose(self) -> None:
        """The connection is gone."""
        if not self._ended.done():
            failure = self._unreachable(_GONE)
            self._ended.set_result(failure)
            self._connection.fail(failure)
            self._ending = asyncio.create_task(self._inspection.end(failure))

    def _unreachable(self, reason: str) -> OutriderError:
        return OutriderError("EXTERNAL_BROWSER_UNREACHABLE", host=shown_host(self._cdp_url), reason=reason)

    async def _close(self) -> None:
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._close_tabs()
        except (TimeoutError, CdpError, OutriderError):
            _log.info("external browser did not close the session's tabs")
        if self._transport is not None:
            self._transport.close()
            await self._transport.closed()
        self._lose()
        if self._ending is not None:
            await self._ending
        await asyncio.to_thread(remove, self._folder)

    async def _close_tabs(self) -> None:
        for tab in tuple(self._tabs):
            await self._root.call("Target.closeTarget", targetId=tab.target.id)


def _refuse_saving() -> NoReturn:
    raise OutriderError("EXTERNAL_BROWSER_UNFIT", what="Saving a snapshot")
