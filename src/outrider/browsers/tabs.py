"""The tabs of one browser: found by auto-attach, numbered in order of opening, one of them current."""

import asyncio
from collections.abc import Iterator
from typing import Any, Final

from outrider.browsers.cdp import Session
from outrider.browsers.tab import Tab, Target
from outrider.config import Settings
from outrider.problems import OutriderError

_PAGES_ONLY: Final = [{"type": "page", "exclude": False}, {"exclude": True}]


class Tabs:
    """Follows the browser: a new tab becomes the current one; when that closes, its opener or the last tab does."""

    def __init__(self, root: Session, settings: Settings) -> None:
        self._root = root
        self._settings = settings
        self._by_session: dict[str, Tab] = {}
        self._numbers = 0
        self._current: Tab | None = None
        self._starting: dict[Tab, asyncio.Future[Any]] = {}
        #: How many tabs pages have opened so far.
        self.opened = 0
        self._changed: asyncio.Event = asyncio.Event()

    async def start(self) -> None:
        """Attach to what is open and to what will be."""
        await self._root.call(
            "Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=True, flatten=True, filter=_PAGES_ONLY
        )
        await self.current()

    def __iter__(self) -> Iterator[Tab]:
        return iter(sorted(self._by_session.values(), key=lambda tab: tab.number))

    def __len__(self) -> int:
        return len(self._by_session)

    async def current(self) -> Tab:
        """The current tab, ready for calls. One that crashed, or the last one that was closed, is replaced.

        The caller sets the deadline.
        """
        tab = self._current
        if tab is None or tab.crashed:
            tab = await self._replace(tab)
        if tab in self._starting:
            await asyncio.shield(self._starting[tab])
        return tab

    async def open(self) -> Tab:
        """A further, blank tab, ready for calls; it becomes the current one. The caller sets the deadline."""
        made = await self._root.call("Target.createTarget", url="about:blank")
        while True:
            tab = next((tab for tab in self if tab.target.id == made["targetId"]), None)
            if tab is not None:
                if tab in self._starting:
                    await asyncio.shield(self._starting[tab])
                return tab
            self._changed.clear()
            await self._changed.wait()

    async def until_opened(self, seen: int, timeout: float) -> None:
        """Wait until pages have opened more than ``seen`` tabs, or ``timeout`` seconds."""
        try:
            async with asyncio.timeout(timeout):
                while self.opened <= seen:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return

    async def until_left(self, tab: Tab) -> None:
        """Wait until ``tab`` is no longer the current one, or has crashed."""
        while self._current is tab and not tab.crashed:
            self._changed.clear()
            await self._changed.wait()

    @property
    def url(self) -> str:
        """Address of the current tab; empty when there is none."""
        return self._current.url if self._current else ""

    def fit(self) -> None:
        """Give every tab its size."""
        for tab in self:
            tab.session.post("Emulation.setDeviceMetricsOverride", **tab.metrics)

    @property
    def between_documents(self) -> bool:
        """The current tab waits for its next document, and answers nothing until then."""
        return self._current is not None and self._current.activity.between_documents

    def mark_stuck(self) -> None:
        """The current tab did not answer in time."""
        if self._current is not None and not self.between_documents:
            self._current.stuck = True

    def stop_loading(self) -> None:
        """Give up the document that the current tab waits for: until then its page answers nothing."""
        if self._current is not None and self._current.activity.waits_for_document:
            self._current.session.post("Page.stopLoading")

    def switch(self, number: int) -> Tab:
        """Make a tab the current one. Raises TAB_NOT_FOUND."""
        for tab in self:
            if tab.number == number:
                self._current = tab
                self._changed.set()
                self._root.post("Target.activateTarget", targetId=tab.target.id)
                return tab
        raise OutriderError("TAB_NOT_FOUND", tab=number, count=len(self))

    def handle(self, method: str, params: dict[str, Any]) -> None:
        """One event of the browser."""
        match method:
            case "Target.attachedToTarget" if params["targetInfo"]["type"] == "page":
                self._attach(params["sessionId"], params["targetInfo"])
            case "Target.detachedFromTarget":
                self._detach(params["sessionId"])
            case _:
                pass

    async def titles(self) -> dict[str, str]:
        """Title of every target, by target id."""
        answer = await self._root.call("Target.getTargets")
        return {info["targetId"]: info["title"] for info in answer["targetInfos"]}

    async def _replace(self, crashed: Tab | None) -> Tab:
        await self._open()
        if crashed is not None:
            self._root.post("Target.closeTarget", targetId=crashed.target.id)
        while self._current is None or self._current.crashed:
            self._changed.clear()
            await self._changed.wait()
        return self._current

    async def _open(self) -> None:
        """Open a tab, which then is attached to."""
        await self._root.call("Target.createTarget", url="about:blank")

    def _attach(self, session_id: str, info: dict[str, Any]) -> None:
        target = Target(info["targetId"], info.get("openerId", ""))
        tab = Tab(target, self._numbers, Session(self._root.connection, session_id), self._settings)
        self._numbers += 1
        self.opened += bool(target.opener)
        self._by_session[session_id] = tab
        self._current = tab
        calls = asyncio.gather(*tab.start(), return_exceptions=True)
        self._starting[tab] = calls
        calls.add_done_callback(lambda _: self._starting.pop(tab, None))
        self._changed.set()

    def _detach(self, session_id: str) -> None:
        tab = self._by_session.pop(session_id, None)
        if tab is None:
            return
        tab.close()
        if tab is self._current:
            others = list(self)
            openers = [other for other in others if other.target.id == tab.target.opener]
            self._current = next(reversed(openers or others), None)
        self._changed.set()
