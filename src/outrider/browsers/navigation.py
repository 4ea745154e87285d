"""Opening addresses and going back."""

import asyncio
from typing import Any, Final

from outrider.browsers.cdp import CdpError
from outrider.browsers.settle import LOAD_GRACE_SECONDS
from outrider.browsers.stage import Outcome, Stage
from outrider.browsers.tab import Tab
from outrider.interfaces.actions import Back, Navigate
from outrider.problems import OutriderError
from outrider.protocol.urls import check_url

_BLANK: Final = "about:blank"
#: The browser reports a failure before it shows its page about it.
_ERROR_PAGE_SECONDS: Final = 2.0
#: How the browser reports any answer to CONNECT but 200.
_NO_TUNNEL: Final = "net::ERR_TUNNEL_CONNECTION_FAILED"
#: What the proxy says when it is not about what may be reached, and the browser's code for it.
_NETWORK_TROUBLE: Final = {"NAVIGATION_FAILED": "ERR_FAILED", "NAME_NOT_RESOLVED": "ERR_NAME_NOT_RESOLVED"}

#: What the browser's network errors mean.
NETWORK_ERRORS: Final = {
    "ERR_ABORTED": "the site sent nothing to show, or the load was stopped",
    "ERR_ADDRESS_INVALID": "the address is not valid",
    "ERR_ADDRESS_UNREACHABLE": "the host can't be reached",
    "ERR_BLOCKED_BY_CLIENT": "the browser was told not to open it",
    "ERR_CERT_AUTHORITY_INVALID": "its certificate comes from an unknown authority",
    "ERR_CERT_COMMON_NAME_INVALID": "its certificate is for another host",
    "ERR_CERT_DATE_INVALID": "its certificate has expired or is not valid yet",
    "ERR_CONNECTION_CLOSED": "the site closed the connection",
    "ERR_CONNECTION_REFUSED": "nothing listens there: the connection was refused",
    "ERR_CONNECTION_RESET": "the connection was reset",
    "ERR_CONNECTION_TIMED_OUT": "the connection could not be made in time",
    "ERR_EMPTY_RESPONSE": "the site answered with nothing",
    "ERR_INVALID_RESPONSE": "the site's answer can't be understood",
    "ERR_INTERNET_DISCONNECTED": "this machine has no network",
    "ERR_NAME_NOT_RESOLVED": "the host name is not known",
    "ERR_NETWORK_CHANGED": "the network changed meanwhile",
    "ERR_SSL_PROTOCOL_ERROR": "no secure connection could be made",
    "ERR_TIMED_OUT": "the site did not answer in time",
    "ERR_TOO_MANY_REDIRECTS": "the site redirects without end",
    "ERR_UNSAFE_PORT": "browsers refuse that port",
}

#: Those that trying again does not mend.
_LASTING: Final = frozenset(
    {
        "ERR_ADDRESS_INVALID",
        "ERR_BLOCKED_BY_CLIENT",
        "ERR_CERT_AUTHORITY_INVALID",
        "ERR_CERT_COMMON_NAME_INVALID",
        "ERR_CERT_DATE_INVALID",
        "ERR_TOO_MANY_REDIRECTS",
        "ERR_UNSAFE_PORT",
    }
)


async def navigate(stage: Stage, action: Navigate) -> Outcome:
    """Open an address, or the blank page, and wait until its document is there."""
    url = action.url.strip()
    if url != _BLANK:
        check_url(url)
    tab = await stage.tabs.current()
    seconds = stage.settings.navigation_timeout_seconds
    try:
        async with asyncio.timeout(seconds):
            await _open(stage, tab, url)
    except asyncio.CancelledError:  # the browser may not have said yet that it began
        tab.session.post("Page.stopLoading")
        raise
    except (TimeoutError, OutriderError) as error:
        if isinstance(error, OutriderError) and error.code != "PAGE_UNRESPONSIVE":
            raise
        tab.session.post("Page.stopLoading")
        raise OutriderError("NAVIGATION_TIMEOUT", url=url, seconds=f"{seconds:g}") from error
    return Outcome()


async def _open(stage: Stage, tab: Tab, url: str) -> None:
    seconds = stage.settings.navigation_timeout_seconds
    downloads = stage.downloads.begun
    if tab.stuck:
        # A page in an endless loop would hold up its own replacement.
        tab.session.post("Runtime.terminateExecution")
    try:
        answer = await tab.session.call("Page.navigate", seconds + 1, url=url)
    except CdpError as error:
        raise OutriderError("NAVIGATION_FAILED", url=url, reason="the browser refused it") from error
    if problem := answer.get("errorText"):
        if answer.get("isDownload") or stage.downloads.begun > downloads:
            await stage.downloads.until_finished(downloads, seconds)
            return
        if "ERR_ABORTED" not in problem:
            await tab.activity.until(lambda: tab.activity.replaced and tab.activity.loaded, _ERROR_PAGE_SECONDS)
        raise _failure(stage, tab, url, problem)
    if "loaderId" in answer:
        await tab.activity.until(lambda: tab.activity.replaced and tab.activity.content_ready, seconds + 1)
        if not await tab.activity.until(lambda: tab.activity.loaded, LOAD_GRACE_SECONDS):
            tab.activity.give_up()
        if tab.activity.refused and (known := stage.egress.failure(tab.activity.document_url)):
            raise _told(known, url)


def _failure(stage: Stage, tab: Tab, url: str, problem: str) -> OutriderError:
    """What the proxy knows about it when it was the proxy's doing; else what the browser calls it."""
    known = stage.egress.failure(tab.activity.document_url) if problem == _NO_TUNNEL else None
    return _told(known, url) if known else network_error(url, problem)


def _told(known: OutriderError, url: str) -> OutriderError:
    """A refusal as it is; trouble with the network in the browser's words, as if there were no proxy."""
    if known.code not in _NETWORK_TROUBLE:
        return known
    reason = str(known.facts.get("reason", _NETWORK_TROUBLE[known.code]))
    return network_error(url, reason)


def network_error(url: str, error: str) -> OutriderError:
    """NAVIGATION_FAILED, or NAVIGATION_REFUSED for an error of the browser that lasts."""
    code = "NAVIGATION_REFUSED" if error.removeprefix("net::") in _LASTING else "NAVIGATION_FAILED"
    return OutriderError(code, url=url, reason=in_words(error))


def in_words(error: str) -> str:
    """``net::ERR_CONNECTION_REFUSED`` as a sentence that still names the code."""
    code = error.removeprefix("net::")
    return f"{NETWORK_ERRORS.get(code, 'the browser met a network error')} ({code})."


async def back(stage: Stage, action: Back) -> Outcome:
    """Go back one entry of the tab's history. Raises NO_HISTORY."""
    del action
    tab = await stage.tabs.current()
    entry = _previous(await tab.session.call("Page.getNavigationHistory"))
    if entry is None:
        raise OutriderError("NO_HISTORY")
    await tab.session.call("Page.navigateToHistoryEntry", entryId=entry["id"])
    seconds = stage.settings.navigation_timeout_seconds
    if not await tab.activity.until(lambda: tab.activity.navigated and tab.activity.content_ready, seconds):
        raise OutriderError("NAVIGATION_TIMEOUT", url=entry["url"], seconds=f"{seconds:g}")
    return Outcome()


def _previous(history: dict[str, Any]) -> dict[str, Any] | None:
    """The entry before the current one; the blank page that every tab begins with does not count."""
    before: list[dict[str, Any]] = history["entries"][: history["currentIndex"]]
    return before[-1] if before and before[-1]["url"] != _BLANK else None
