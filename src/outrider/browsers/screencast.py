"""The pictures of a browser's current page, drawn once for all who watch, and only while somebody does."""

import asyncio
import base64
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from outrider.browsers.attach import attached_to_browser, attached_to_target
from outrider.browsers.cdp import CdpError, Session
from outrider.browsers.tab import Tab
from outrider.browsers.tabs import Tabs
from outrider.problems import OutriderError

__all__ = ["Screencast"]

_QUALITY: Final = 60
#: Wait for a page between two documents, or one that has gone: ``Tabs`` hears of it a moment later.
_AGAIN_SECONDS: Final = 0.1


class Screencast:
    """Follows the current tab. Its DevTools session is its own, so the agent's screenshots are not affected.

    A still page is not drawn again. A moving one is drawn as often as ``most_per_second``, and less often when nobody
    takes the pictures that fast.
    """

    def __init__(self, root: Session, tabs: Tabs, *, most_per_second: float) -> None:
        self._root = root
        self._tabs = tabs
        self._interval = 1 / most_per_second
        self._watchers = 0
        self._task: asyncio.Task[None] | None = None
        self._failure: Exception | None = None
        self._picture = ""
        self._number = 0
        self._frame_session = 0
        #: The browser holds back while pictures are not acknowledged (two, in Chromium 156).
        self._unacknowledged = 0
        self._arrived = asyncio.Event()
        self._taken = asyncio.Event()
        self._news = asyncio.Condition()

    async def pictures(self) -> AsyncGenerator[bytes, None]:
        """See ``interfaces.live.LiveView.pictures``."""
        self._enter()
        seen = 0
        try:
            while True:
                async with self._news:
                    while self._number == seen and self._failure is None:
                        await self._news.wait()
                if self._failure is not None:
                    raise self._failure
                seen = self._number
                self._taken.set()
                yield base64.b64decode(self._picture)
        finally:
            await self._leave()

    async def end(self, failure: OutriderError) -> None:
        """The browser has gone: every viewer hears why."""
        self._failure = failure
        async with self._news:
            self._news.notify_all()

    def _enter(self) -> None:
        self._watchers += 1
        if self._task is None:
            self._number, self._unacknowledged = 0, 0
            self._arrived.clear()
            self._task = asyncio.create_task(self._run(), name="screencast")

    async def _leave(self) -> None:
        self._watchers -= 1
        if self._watchers == 0 and self._task is not None:
            task, self._task = self._task, None
            task.cancel()
            await asyncio.wait({task})

    async def _run(self) -> None:
        while self._failure is None:
            # A tab that closes, hangs or is between two documents; or the browser goes, which ``end`` is told of.
            with suppress(CdpError, OutriderError):
                async with attached_to_browser(self._root) as browser:
                    await self._show(browser, await self._tabs.current())
                    continue
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _show(self, browser: Session, tab: Tab) -> None:
        """Show one tab until another is the current one."""
        async with attached_to_target(browser, tab.target.id) as session, self._cast(session):
            await self._tabs.until_left(tab)

    @asynccontextmanager
    async def _cast(self, session: Session) -> AsyncIterator[None]:
        self._unacknowledged = 0
        session.connection.listen(session.id, self._handle)
        session.post("Page.enable")  # a page that hangs would not answer, but can be shown
        await session.call("Page.startScreencast", format="jpeg", quality=_QUALITY)
        pacing = asyncio.create_task(self._pace(session), name="screencast pace")
        try:
            yield
        finally:
            pacing.cancel()
            await asyncio.wait({pacing})

    def _handle(self, method: str, params: dict[str, Any]) -> None:
        if method == "Page.screencastFrame":
            self._picture = params["data"]
            self._frame_session = params["sessionId"]
            self._unacknowledged += 1
            self._arrived.set()

    async def _pace(self, session: Session) -> None:
        """Hand pictures on as they come, but ask for the next one only in time and when this one was wanted."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            self._taken.clear()
            async with self._news:
                self._number += 1
                self._news.notify_all()
            await self._taken.wait()
            await asyncio.sleep(self._interval)
            if self._unacknowledged:
                self._unacknowledged -= 1
                session.post("Page.screencastFrameAck", sessionId=self._frame_session)
