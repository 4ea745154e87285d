"""The account of an action: what is on the page before it, and from that what it did."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Self

from outrider.browsers.cdp import CdpError
from outrider.browsers.settle import settle
from outrider.browsers.stage import Outcome, Stage
from outrider.browsers.tab import ContextLost, Tab
from outrider.interfaces.actions import (
    Action,
    Extract,
    Fill,
    FillSecret,
    Navigate,
    SwitchTab,
    TakeScreenshot,
    Wait,
)
from outrider.interfaces.pages import Effect
from outrider.problems import OutriderError

#: These replace the page or leave it alone, so there is nothing to compare; they also work on a page that hangs.
_UNWATCHED: Final = (Navigate, SwitchTab, TakeScreenshot, Extract)
_LOOKS_ONLY: Final = (TakeScreenshot, Extract)
_NEW_TAB_SECONDS: Final = 1.0
_DOWNLOAD_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Moment:
    """What had been at one time: anything more has happened since."""

    tab: Tab
    alerts: frozenset[str]
    dialogs: int
    downloads: int
    begun: int
    tabs_opened: int
    commits: int
    moves: int
    asked: int

    @classmethod
    def now(cls, stage: Stage, tab: Tab, alerts: Iterable[str]) -> Self:
        """This one, with what the page tells in it."""
        downloads, activity = stage.downloads, tab.activity
        return cls(
            tab, frozenset(alerts), tab.dialog_count, len(downloads.finished), downloads.begun,
            stage.tabs.opened, activity.commits, activity.moves, activity.asked,
        )  # fmt: skip


@dataclass(slots=True)
class Account:
    """Opened before an action, closed after it."""

    stage: Stage
    action: Action
    since: Moment
    #: When it was closed: the documents stay watched, and a wait goes on from there.
    until: Moment | None = None

    @classmethod
    async def open(cls, stage: Stage, action: Action, before: Self | None) -> Self:
        """Note what is there, and watch the documents for changes.

        What a wait is for may have come already: its account is of all that happened since the one ``before``.
        """
        tab = await stage.tabs.current()
        known = before.until if before else None
        if isinstance(action, _LOOKS_ONLY):
            return cls(stage, action, Moment.now(stage, tab, ()), until=known)
        if isinstance(action, Wait) and known is not None:
            await _watch(tab, "resume")
            return cls(stage, action, known)
        tab.activity.mark()
        alerts = () if isinstance(action, _UNWATCHED) else await _watch(tab, "begin")
        return cls(stage, action, Moment.now(stage, tab, alerts))

    @property
    def tab(self) -> Tab:
        """The current one when it was opened."""
        return self.since.tab

    async def is_for(self, action: Action) -> bool:
        """It was opened for this very action, and the same tab is still the current one."""
        return self.action is action and await self.stage.tabs.current() is self.tab

    async def close(self, outcome: Outcome, started: float) -> Effect:
        """Wait until the page has settled, and say what happened since the action was ``started``."""
        between = self.tab.activity.between_documents  # it would answer only after the next one has come
        frames = _below(self.tab)
        at_once = None if between else await self._report_at_once()
        tab = await self.stage.tabs.current()
        if at_once is None or self._has_more_come or tab is not self.tab or _below(tab) != frames:
            if at_once is not None and not self.tab.activity.between_documents:
                await _watch(self.tab, "resume")
            if not isinstance(self.action, _LOOKS_ONLY):
                await self._settle(rested=at_once is not None and self.tab.activity.busy)
            tab = await self.stage.tabs.current()
            report = await self._report(tab)
            report["changed"] |= at_once is not None and at_once["changed"]
        else:
            report = at_once
        alerts = tuple(alert for alert in report["alerts"] if alert not in self.since.alerts)
        switched = tab is not self.tab
        if not isinstance(self.action, _LOOKS_ONLY):
            self.until = Moment.now(self.stage, tab, report["alerts"])
            tab.activity.opening = tab.activity.saving = False  # waited for, or in vain
        activity, finished = self.tab.activity, self.stage.downloads.finished
        replaced = activity.commits > self.since.commits
        navigated = replaced or activity.moves > self.since.moves
        return Effect(
            url=tab.url,
            title=report["title"],
            navigated=navigated,
            changed=navigated or switched or report["changed"] or bool(alerts),
            value=outcome.value,
            alerts=alerts,
            dialogs=self.tab.dialogs_since(self.since.dialogs),
            downloads=tuple(finished[self.since.downloads :]),
            opened_tab=self._opened_tab and switched,
            extraction=outcome.extraction,
            screenshot=outcome.screenshot,
            milliseconds=(time.monotonic() - started) * 1000,
            replaced=replaced,
        )

    @property
    def _opened_tab(self) -> bool:
        return self.stage.tabs.opened > self.since.tabs_opened

    @property
    def _has_more_come(self) -> bool:
        """The page does more than what it does at once: that has to be waited for."""
        activity = self.tab.activity
        busy = activity.busy or activity.unanswered or activity.opening or activity.saving
        asked = activity.asked > self.since.asked  # what was answered already may still be told in the page
        return busy or asked or self._opened_tab or self.stage.downloads.begun > self.since.begun

    async def _report_at_once(self) -> dict[str, Any] | None:
        """What most actions come to, as soon as the page is idle; None when it can't be asked.

        Of a field that was filled and read back, what the page may do in its next frame is left to who looks next.
        """
        if isinstance(self.action, _UNWATCHED):
            return None
        moment = "turn" if isinstance(self.action, Fill | FillSecret) and not self.action.submit else "idle"
        try:
            if _below(self.tab):
                await self.tab.call(moment)
                return await _finish(self.tab)
            report: dict[str, Any] = await self.tab.call("finishAfter", moment)
        except (ContextLost, CdpError):
            return None
        except OutriderError as problem:
            if problem.code != "PAGE_UNRESPONSIVE" or not self.tab.activity.between_documents:
                raise
            return None
        return report

    async def _settle(self, *, rested: bool) -> None:
        seconds = self.stage.settings.navigation_timeout_seconds
        await settle(self.tab, seconds, rested=rested)
        if self.tab.activity.opening:
            await self.stage.tabs.until_opened(self.since.tabs_opened, _NEW_TAB_SECONDS)
        tab = await self.stage.tabs.current()
        if tab is not self.tab:
            if self._opened_tab:
                activity = tab.activity
                await activity.until(lambda: activity.replaced or activity.waits_for_document, _NEW_TAB_SECONDS)
            await settle(tab, seconds)
        if self.tab.activity.saving:
            self.stage.downloads.check_reachable()
            await self.stage.downloads.until_begun(self.since.begun, _DOWNLOAD_SECONDS)
        if self.stage.downloads.begun > self.since.begun:
            await self.stage.downloads.until_finished(self.since.begun, seconds)

    async def _report(self, tab: Tab) -> dict[str, Any]:
        if isinstance(self.action, _LOOKS_ONLY):
            return {"changed": False, "alerts": [], "title": await tab.title()}
        try:
            report = await _finish(tab)
            if tab is not self.tab or isinstance(self.action, _UNWATCHED):
                report |= {"changed": False, "title": await tab.title()}
        except (ContextLost, CdpError):
            return {"changed": True, "alerts": [], "title": await tab.title()}
        return report


async def _watch(tab: Tab, function: str) -> list[str]:
    """Watch all frames for changes, with “begin” or “resume”; the alerts that are there when an account begins."""
    below = (_quietly(tab, frame, function) for frame in _below(tab))
    try:
        answers = await asyncio.gather(tab.call(function), *below)
    except ContextLost:
        return []
    return [alert for answer in answers for alert in answer or ()]


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
