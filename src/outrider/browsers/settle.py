"""Waiting until a page has done what an action made it do: on its own events, never for a fixed time."""

import asyncio
from typing import Final

from outrider.browsers.activity import Activity
from outrider.browsers.cdp import CdpError
from outrider.browsers.tab import ContextLost, Tab
from outrider.problems import OutriderError

#: Once the document is complete, its pictures and late scripts may take this long.
LOAD_GRACE_SECONDS: Final = 3.0
#: Requests without a new document may take this long,
REQUESTS_SECONDS: Final = 4.0
#: and all that a page asks for, one after another, so long.
ALL_REQUESTS_SECONDS: Final = 8.0
#: An answer on a WebSocket may take this long; there need not be one.
SOCKET_SECONDS: Final = 0.5
#: A page that starts one thing after another is looked at as it is after so many rounds.
_ROUNDS: Final = 8


async def settle(tab: Tab, navigation_timeout: float, *, rested: bool = False) -> None:
    """Wait until what began since ``tab.activity.mark()`` is finished; bounded, never raises for slowness.

    ``rested``: the page has just been let run.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + ALL_REQUESTS_SECONDS
    for _ in range(_ROUNDS):
        if not (rested or tab.activity.between_documents):  # then it would answer only after the next one has come
            await _pause(tab, "idle")
        rested = False
        if tab.activity.busy:
            await _until_done(tab, navigation_timeout, end - loop.time())
        elif not await _has_answered(tab.activity):
            return
        await _pause(tab, "frame")


async def _until_done(tab: Tab, navigation_timeout: float, patience: float) -> None:
    activity = tab.activity
    if activity.waits_for_document:
        if not await activity.until(lambda: not activity.waits_for_document, navigation_timeout):
            if activity.between_documents:
                tab.session.post("Page.stopLoading")
            activity.give_up()
    elif activity.replaced:
        if not await activity.until(lambda: not activity.busy, LOAD_GRACE_SECONDS):
            activity.give_up()
    else:
        seconds = max(0.0, min(REQUESTS_SECONDS, patience))
        if not await activity.until(lambda: not activity.busy or activity.waits_for_document, seconds):
            activity.give_up()


async def _has_answered(activity: Activity) -> bool:
    """Whether something comes of what was said on a WebSocket, if anything was."""
    if not activity.unanswered:
        return False
    if await activity.until(lambda: not activity.unanswered or activity.busy, SOCKET_SECONDS):
        return True
    activity.give_up_sockets()
    return False


async def _pause(tab: Tab, moment: str) -> None:
    """Let the page run until it is idle, or has drawn a frame."""
    try:
        await tab.call(moment)
    except (ContextLost, CdpError):
        await asyncio.sleep(0)  # the document is being replaced: the events of that are on their way
    except OutriderError as problem:
        if problem.code != "PAGE_UNRESPONSIVE" or not tab.activity.between_documents:
            raise
