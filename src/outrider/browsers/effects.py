"""The account of an action: what is on the page before it, and from that what it did."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any, Final, Self

from outrider.browsers.cdp import CdpError
from outrider.browsers.settle import settle
from outrider.browsers.stage import Outcome, Stage
from outrider.browsers.tab import ContextLost, Tab
from outrider.interfaces.actions import Action, Extract, Fill, FillSecret, Navigate, SwitchTab, TakeScreenshot
from outrider.interfaces.pages import Effect
from outrider.problems import OutriderError

#: These replace the page or leave it alone, so there is nothing to compare; they also work on a page that hangs.
_UNWATCHED: Final = (Navigate, SwitchTab, TakeScreenshot, Extract)
_LOOKS_ONLY: Final = (TakeScreenshot, Extract)
_NEW_TAB_SECONDS: Final = 1.0
_DOWNLOAD_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Account:
    """Opened before an action, closed after it."""

    stage: Stage
    action: Action
    tab: Tab
    alerts: frozenset[str]
    dialogs: int
    downloads: int
    begun: int
    tabs_opened: int

    @classmethod
    async def open(cls, stage: Stage, action: Action) -> Self:
        """Note what is there, and watch the documents for changes."""
        tab = await stage.tabs.current()
        tab.activity.mark()
        alerts: frozenset[str] = frozenset()
        if not isinstance(action, _UNWATCHED):
            alerts = frozenset(await _begin(tab))
        downloads = stage.downloads
        return cls(
            stage, action, tab, alerts, len(tab.dialogs),
            len(downloads.finished), downloads.begun, stage.tabs.opened,
        )  # fmt: skip

    async def is_for(self, action: Action) -> bool:
        """It was opened for this very action, and the same tab is still the current one."""
        return self.action is action and await self.stage.tabs.current() is self.tab

    async def close(self, outcome: Outcome, started: float) -> Effect:
        """Wait until the page has settled, and say what happened since the action was ``started``."""
        report = await self._brief_report()
        if report is None and not isinstance(self.action, _LOOKS_ONLY):
            await self._settle()
        tab = await self.stage.tabs.current()
        report = report or await self._report(tab)
        alerts = tuple(alert for alert in report["alerts"] if alert not in self.alerts)
        navigated = self.tab.activity.navigated
        switched = tab is not self.tab
        return Effect(
            url=tab.url,
            title=report["title"],
            navigated=navigated,
            changed=navigated or switched or report["changed"] or bool(alerts),
            value=outcome.value,
            alerts=alerts,
            dialogs=tuple(self.tab.dialogs[self.dialogs :]),
            downloads=tuple(self.stage.downloads.finished[self.downloads :]),
            opened_tab=self._opened_tab and switched,
            extraction=outcome.extraction,
            screenshot=outcome.screenshot,
            milliseconds=(time.monotonic() - started) * 1000,
            replaced=bool(self.tab.activity.commits),
        )

    @property
    def _opened_tab(self) -> bool:
        return self.stage.tabs.opened > self.tabs_opened

    async def _brief_report(self) -> dict[str, Any] | None:
        """Of a field that was filled and read back, unless more comes of that.

        What the page may do in its next frame is left to who looks at it next.
        """
        if not isinstance(self.action, Fill | FillSecret) or self.action.submit:
            return None
        activity = self.tab.activity
        try:
            if _below(self.tab):
                await self.tab.call("turn")
                report = await _finish(self.tab)
            else:
                report = await self.tab.call("finishInTurn")
        except (ContextLost, CdpError):
            return None
        except OutriderError as problem:
            if problem.code != "PAGE_UNRESPONSIVE" or not activity.between_documents:
                raise
            return None
        more = activity.busy or activity.unanswered or activity.opening or activity.saving
        return None if more or self._opened_tab or self.stage.downloads.begun > self.begun else report

    async def _settle(self) -> None:
        seconds = self.stage.settings.navigation_timeout_seconds
        await settle(self.tab, seconds)
        if self.tab.activity.opening:
            await self.stage.tabs.until_opened(self.tabs_opened, _NEW_TAB_SECONDS)
        tab = await self.stage.tabs.current()
        if tab is not self.tab:
            if self._opened_tab:
                activity = tab.activity
                await activity.until(lambda: bool(activity.commits) or activity.waits_for_document, _NEW_TAB_SECONDS)
            await settle(tab, seconds)
        if self.tab.activity.saving:
            self.stage.downloads.check_reachable()
            await self.stage.downloads.until_begun(self.begun, _DOWNLOAD_SECONDS)
        if self.stage.downloads.begun > self.begun:
            await self.stage.downloads.until_finished(self.begun, seconds)

    async def _report(self, tab: Tab) -> dict[str, Any]:
        if isinstance(self.action, _LOOKS_ONLY):
            return {"changed": False, "alerts": [], "title": await tab.title()}
        try:
            if tab is not self.tab or isinstance(self.action, _UNWATCHED):
                return {"changed": False, "alerts": await tab.call("alerts"), "title": await tab.title()}
            return await _finish(tab)
        except (ContextLost, CdpError):
            return {"changed": True, "alerts": [], "title": await tab.title()}


async def _begin(tab: Tab) -> list[str]:
    """Watch all frames; the alerts of the top one."""
    try:
        alerts, *_ = await asyncio.gather(tab.call("begin"), *(_quietly(tab, frame, "begin") for frame in _below(tab)))
    except ContextLost:
        return []
    return list(alerts)


async def _finish(tab: Tab) -> dict[str, Any]:
    """Account of the top frame, changes in the other frames included."""
    report: dict[str, Any]
    report, *others = await asyncio.gather(
        tab.call("finish"), *(_quietly(tab, frame, "finish") for frame in _below(tab))
    )
    report["changed"] = report["changed"] or any(other and other["changed"] for other in others)
    report["alerts"] += [alert for other in others if other for alert in other["alerts"]]
    return report


def _below(tab: Tab) -> list[Any]:
    return [frame for frame in tab.frames if frame.parent and frame.context]


async def _quietly(tab: Tab, frame: Any, function: str) -> Any:
    """A frame that went away or hangs has nothing to say."""
    try:
        return await tab.call(function, frame=frame, timeout=1.0)
    except (ContextLost, CdpError, OutriderError):
        return None
