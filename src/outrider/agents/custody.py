"""The browser of one session: got when it is needed, watched over, saved or given up."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any, Final

import msgspec

from outrider.agents.files import FileExchange
from outrider.environments.environments import Environments, Opened
from outrider.environments.report import summary
from outrider.interfaces.environments import RestoreReport, Snapshot, SnapshotMode
from outrider.interfaces.pages import Browser
from outrider.interfaces.sessions import Change, Entry, Lease, MessageType, SessionFencedError, State
from outrider.problems import OutriderError
from outrider.sessions.lifecycle import ENDED
from outrider.telemetry import get_logger

__all__ = ["Custody", "append_if_held"]

#: Time for a page to show that it still answers.
_ANSWER_SECONDS: Final = 1.0
#: Said whenever a browser is ended with what it held, so that the change is never silent.
_ENDED_BROWSER: Final = Entry(
    MessageType.LOG,
    "The page did not answer any more, so its browser was ended. The next task starts with a fresh one.",
    {"event": "log", "reason": "browser_lost"},
)

log = get_logger(__name__)


class Custody:
    """Holds the browser for the owner of the session, one at a time; one that ended is replaced when it is needed."""

    def __init__(
        self,
        lease: Lease,
        environments: Environments,
        files: FileExchange,
        spawn: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
    ) -> None:
        self._lease = lease
        self._environments = environments
        self._files = files
        self._spawn = spawn
        self._browser: Browser | None = None
        #: What the last browser was saved as, until there is another.
        self._saved: Snapshot | None = None
        self._acquiring = asyncio.Lock()

    async def browser(self) -> Browser:
        """The browser, opened if need be. Raises what ``Environments.open`` does, and MEMORY_LIMIT_REACHED."""
        async with self._acquiring:
            if self._browser is not None:
                return self._browser
            opened = await self._open()
            self._saved = None
            self._hold(opened.browser)
            self._spawn(self._watch(opened.browser))
            await self._files.exchange(opened.browser)
            if opened.report is not None:
                await self._log_restore(opened.report)
            return opened.browser

    async def exchange_files(self) -> None:
        """Bring the files of session and browser up to date, if there is a browser."""
        if self._browser is not None:
            await self._files.exchange(self._browser)

    async def save(self, mode: SnapshotMode, *, is_default: bool) -> Snapshot:
        """Give the browser up to be saved; the session is about to be deleted. Calls that need one wait.

        Of several who want it saved at the same time all get the one snapshot. Raises what ``Environments.save`` does.
        """
        async with self._acquiring:
            browser = self._let_go()
            if browser is None and self._saved is not None:
                return await self._environments.keep(self._saved, is_default=is_default)
            if browser is None:
                reason = "The session has no browser: it ended, or was never needed."
                raise OutriderError("SNAPSHOT_FAILED", reason=reason)
            try:
                spec = self._lease.session.spec
                self._saved = await self._environments.save(browser, spec, mode, is_default=is_default)
            except BaseException:  # also when the session ends meanwhile: somebody has to close the browser
                if not browser.has_ended:
                    self._hold(browser)
                raise
            return self._saved

    async def drop_if_stuck(self) -> None:
        """End the browser if a task that was cut off left its page in a state in which nothing can be done with it.

        With it go log-ins; so a page that waits for its site, or for a script, is first made to stop waiting.
        """
        browser = self._browser
        if browser is None or await _answers(browser.page.observe(limit=1)):
            return
        if await _answers(browser.page.halt()) and await _answers(browser.page.observe(limit=1)):
            return
        log.warning("page does not answer after the task, ending its browser")
        await self.end()

    async def end(self) -> None:
        """Close a browser that does not let go of its task, if there still is one, and say so in the session's log."""
        if await self.close():
            await append_if_held(self._lease, Change(entries=(_ENDED_BROWSER,)))

    async def close(self) -> bool:
        """Close the browser; False when there is none."""
        browser = self._let_go()
        if browser is not None:
            await self._part_with(browser)
        return browser is not None

    def _hold(self, browser: Browser) -> None:
        self._browser, self._lease.equipped = browser, True

    def _let_go(self) -> Browser | None:
        browser, self._browser, self._lease.equipped = self._browser, None, False
        return browser

    async def _open(self) -> Opened:
        """The session's browser, for which a new session has been admitted already.

        A session that goes on although it was saved, since it could not be deleted, goes on with what was saved.
        """
        session = self._lease.session
        spec = replace(session.spec, restore=self._saved.mode) if self._saved else session.spec
        if session.state is not State.INITIALIZING:
            await self._environments.make_room(spec)
        return await self._environments.open(spec)

    async def _log_restore(self, report: RestoreReport) -> None:
        metadata = {"event": "log", "restore": msgspec.to_builtins(report)}
        await append_if_held(self._lease, Change(entries=(Entry(MessageType.LOG, summary(report), metadata),)))

    async def _watch(self, browser: Browser) -> None:
        """Notice the end of the browser at once, also between tasks; until then keep what it downloads."""
        following = self._spawn(self._files.follow(browser))
        try:
            problem = await browser.ended()
        finally:
            following.cancel()
        if self._browser is not browser:
            return
        self._let_go()
        await self._part_with(browser)
        log.warning("browser ended", code=problem.code, cause=problem.cause)
        entry = Entry(MessageType.LOG, problem.message, {"event": "log", "code": problem.code, "cause": problem.cause})
        await append_if_held(self._lease, Change(entries=(entry,)))

    async def _part_with(self, browser: Browser) -> None:
        """Close a browser; what it has downloaded stays with the session, unless that has ended."""
        try:
            if self._lease.session.state not in ENDED:
                await self._files.exchange(browser)
        finally:  # nobody else has it any more
            await browser.close()


async def append_if_held(lease: Lease, change: Change) -> None:
    """Apply a change that has nobody to tell when the lease was lost meanwhile."""
    try:
        await lease.append(change)
    except (SessionFencedError, OutriderError) as lost:
        log.info("not recorded", reason=str(lost))


async def _answers(asked: Awaitable[object]) -> bool:
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            await asked
    except (TimeoutError, OutriderError):
        return False
    return True
