"""The page that a session looks at: the table of what can be done on it, and how each is done safely."""

import asyncio
import dataclasses
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Final, TypeVar

from outrider.browsers import fields, navigation, pointer, secrets, waiting
from outrider.browsers.cdp import CdpError
from outrider.browsers.effects import Account
from outrider.browsers.extraction import extract
from outrider.browsers.observation import observe
from outrider.browsers.screenshot import capture
from outrider.browsers.stage import Outcome, Stage
from outrider.browsers.tab import ContextLost, Tab
from outrider.interfaces import actions
from outrider.interfaces.actions import Action
from outrider.interfaces.pages import Effect, Observation, Screenshot
from outrider.interfaces.pages import Tab as TabValue
from outrider.interfaces.vault import SessionVault
from outrider.problems import OutriderError
from outrider.telemetry import get_logger

Perform = Callable[[Stage, Any], Awaitable[Outcome]]

#: A document may be replaced this often while it is looked at.
_ATTEMPTS: Final = 8
#: A page that takes longer is noted when the action comes.
_WATCH_SECONDS: Final = 1.0
#: How long the next document is waited for, each time.
_DOCUMENT_SECONDS: Final = 2.0

_log = get_logger(__name__)
T = TypeVar("T")


async def _extract(stage: Stage, action: actions.Extract) -> Outcome:
    del action
    tab = await stage.tabs.current()
    return Outcome(extraction=await _steadily(tab, lambda: extract(tab)))


async def _screenshot(stage: Stage, action: actions.TakeScreenshot) -> Outcome:
    del action
    return Outcome(screenshot=await _picture(stage))


async def _picture(stage: Stage) -> Screenshot:
    tab = await stage.tabs.current()
    await secrets.conceal(stage, tab)
    return await capture(tab, stage.settings.action_timeout_seconds)


#: Who carries out which action.
PERFORMERS: Final[Mapping[type[Action], Perform]] = MappingProxyType(
    {
        actions.Navigate: navigation.navigate,
        actions.Click: pointer.click,
        actions.Hover: pointer.hover,
        actions.Drag: pointer.drag,
        actions.Fill: fields.fill,
        actions.FillSecret: secrets.fill_secret,
        actions.Pay: secrets.pay,
        actions.Select: fields.select,
        actions.Check: pointer.check,
        actions.Press: fields.press,
        actions.Scroll: pointer.scroll,
        actions.Wait: waiting.wait,
        actions.Back: navigation.back,
        actions.SwitchTab: waiting.switch_tab,
        actions.Upload: fields.upload,
        actions.Download: pointer.download,
        actions.Extract: _extract,
        actions.TakeScreenshot: _screenshot,
    }
)


class ChromiumPage:
    """``interfaces.pages.Page`` over DevTools. Follows the current tab of its browser."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._input = asyncio.Lock()
        #: How often ``open`` was called.
        self._openings = 0
        #: Opened beforehand, for the action that comes next.
        self._account: Account | None = None
        #: Of the last action that was finished.
        self._before: Account | None = None
        #: Ends the navigation under way when it is rescheduled.
        self._navigating: asyncio.Timeout | None = None

    async def observe(self, *, offset: int = 0, limit: int = 300) -> Observation:
        """See ``interfaces.pages.Page.observe``."""
        tabs = self._stage.tabs
        if tabs.between_documents:
            await self._until_document(await tabs.current())
        try:
            return await self._bounded(self._observe(offset, limit), self._stage.settings.action_timeout_seconds)
        except OutriderError as problem:
            if problem.code != "PAGE_UNRESPONSIVE" or not tabs.between_documents:
                raise
        return await self.observe(offset=offset, limit=limit)  # somebody opened an address meanwhile

    async def _until_document(self, tab: Tab) -> None:
        """Wait for a document that was asked for. Raises NAVIGATION_TIMEOUT."""
        activity, seconds = tab.activity, self._stage.settings.navigation_timeout_seconds
        # Who asked for it has the same deadline, and comes first.
        if await activity.until(lambda: not activity.between_documents, seconds + _DOCUMENT_SECONDS):
            await activity.until_document(_DOCUMENT_SECONDS)
            return
        if not self._input.locked():  # else it is an action's, which has its own deadline
            tab.session.post("Page.stopLoading")
        raise OutriderError("NAVIGATION_TIMEOUT", url=activity.document_url, seconds=f"{seconds:g}")

    async def _observe(self, offset: int, limit: int) -> Observation:
        tab = await self._stage.tabs.current()
        if self._stage.concealed:
            await secrets.conceal(self._stage, tab)
        tabs = await self._list_tabs(tab)
        return await _steadily(tab, lambda: observe(tab, tabs, offset, limit))

    async def watch(self, action: Action) -> None:
        """See ``interfaces.pages.Page.watch``."""
        if self._input.locked():  # another action is under way, with an account of its own
            return
        async with self._input:
            with suppress(OutriderError, TimeoutError, ContextLost, CdpError):  # the action itself will meet it
                async with asyncio.timeout(_WATCH_SECONDS):
                    self._account = await Account.open(self._stage, action, self._before)

    async def act(self, action: Action, vault: SessionVault | None = None) -> Effect:
        """See ``interfaces.pages.Page.act``."""
        asked = self._openings
        async with self._input:
            if asked != self._openings:
                raise OutriderError("NAVIGATION_REPLACED")
            work = self._bounded(self._act(action, vault), self._longest(action))
            return await (self._replaceable(work) if isinstance(action, actions.Navigate) else work)

    async def open(self, url: str) -> Effect:
        """See ``interfaces.pages.Page.open``."""
        self._openings += 1
        navigating, self._navigating = self._navigating, None
        if navigating is not None:
            navigating.reschedule(asyncio.get_running_loop().time())
        else:
            self._stage.tabs.stop_loading()
        return await self.act(actions.Navigate(url))

    async def _replaceable(self, work: Awaitable[T]) -> T:
        """Raises NAVIGATION_REPLACED as soon as ``open`` is called."""
        try:
            async with asyncio.timeout(None) as self._navigating:
                return await work
        except TimeoutError as error:
            raise OutriderError("NAVIGATION_REPLACED") from error
        finally:
            self._navigating = None

    async def _act(self, action: Action, vault: SessionVault | None) -> Effect:
        started = time.monotonic()
        account, self._account = self._account, None
        if account is None or not await account.is_for(action):
            account = await Account.open(self._stage, action, self._before)
        try:
            outcome = await PERFORMERS[type(action)](dataclasses.replace(self._stage, vault=vault), action)
            effect = await account.close(outcome, started)
        except asyncio.CancelledError:
            self._stage.tabs.stop_loading()
            raise
        self._before = account
        return effect

    async def halt(self) -> None:
        """See ``interfaces.pages.Page.halt``."""
        await self._bounded(self._halt(), self._stage.settings.action_timeout_seconds)

    async def _halt(self) -> None:
        tab = await self._stage.tabs.current()
        tab.session.post("Runtime.terminateExecution")
        await tab.session.call("Page.stopLoading")

    async def screenshot(self) -> Screenshot:
        """See ``interfaces.pages.Page.screenshot``."""
        # Another one may be taken just now, which has as long.
        return await self._bounded(_picture(self._stage), 2 * self._stage.settings.action_timeout_seconds)

    async def _bounded(self, work: Awaitable[T], seconds: float) -> T:
        """Nothing but an OutriderError comes out, and nothing takes longer than ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                return await work
        except OutriderError as error:
            if error.code == "PAGE_UNRESPONSIVE":
                self._stage.tabs.mark_stuck()
            raise
        except (TimeoutError, ContextLost, CdpError) as error:
            _log.warning("page did not answer", reason=str(error) or type(error).__name__)
            self._stage.tabs.mark_stuck()
            raise OutriderError("PAGE_UNRESPONSIVE", seconds=f"{seconds:g}") from error

    def _longest(self, action: Action) -> float:
        """Outer bound of an action; the steps in it have closer ones."""
        settings = self._stage.settings
        waits = action.seconds if isinstance(action, actions.Wait) else 0.0
        return waits + settings.navigation_timeout_seconds + 2 * settings.action_timeout_seconds

    async def _list_tabs(self, current: Tab) -> tuple[TabValue, ...]:
        tabs = list(self._stage.tabs)
        if len(tabs) == 1:  # the observation itself has the title
            return (TabValue(current.number, current.url, "", current=True),)
        titles = await self._stage.tabs.titles()
        return tuple(TabValue(tab.number, tab.url, titles.get(tab.target.id, ""), tab is current) for tab in tabs)


async def _steadily(tab: Tab, look: Callable[[], Awaitable[T]]) -> T:
    """Look again when the document is replaced meanwhile."""
    for _ in range(_ATTEMPTS):
        try:
            return await look()
        except ContextLost:
            await tab.activity.until_document(_DOCUMENT_SECONDS)
    return await look()
