"""What a tab is busy with: navigations of its top document and requests that the page waits for.

A state machine fed with DevTools events, with one way to wait on it. It never asks the browser anything.
"""

import asyncio
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from outrider.screening.egress import PROBLEM_HEADER

#: Requests that change what a page shows. Pictures, fonts, pings and streams may go on for ever.
_AWAITED: Final = frozenset({"Document", "Stylesheet", "Script", "XHR", "Fetch"})
#: Statuses of responses that leave the page as it is.
_NO_CONTENT: Final = (204, 205)


class Activity:
    """Progress of one tab. ``mark`` starts the account anew, before an action."""

    def __init__(self, main_frame: str) -> None:
        self._main_frame = main_frame
        #: Requests under way that began since the mark: id -> address.
        self._requests: dict[str, str] = {}
        #: Request of the top document under way.
        self._document: str | None = None
        #: The response to it has content.
        self._answered = False
        #: Where the top document was last asked for, redirects included.
        self.document_url = ""
        #: The egress proxy answered in the site's stead.
        self.refused = False
        #: Addresses that were waited for in vain.
        self._endless: set[str] = set()
        #: WebSockets opened, or on which something was said, since the mark, without an answer yet.
        self._unanswered: set[str] = set()
        #: WebSockets of this document that were waited for in vain, and have answered nothing since.
        self._silent: set[str] = set()
        #: How often the page has asked for something that is waited for, answered since or not.
        self.asked = 0
        self._pulse: asyncio.Future[None] | None = None
        #: The page asked for a navigation that has not begun yet.
        self.requested = False
        #: A response is to be saved as a file: the browser is about to say that the download begins.
        self.saving = False
        #: The page asked for another tab since the mark.
        self.opening = False
        #: Top documents committed, and how often the address changed within one.
        self.commits = 0
        self.moves = 0
        self._marked = (0, 0)
        self.content_ready = True
        self.loaded = True

    def mark(self) -> None:
        """Forget what is under way: only what begins from now on is waited for."""
        self._requests.clear()
        self._unanswered.clear()
        self._document = None
        self.requested = self.opening = self.saving = False
        self._answered = False
        self._marked = self.commits, self.moves

    @property
    def navigated(self) -> bool:
        """The top document was replaced, or its address changed, since the mark."""
        return (self.commits, self.moves) != self._marked

    @property
    def replaced(self) -> bool:
        """The top document was replaced since the mark."""
        return self.commits > self._marked[0]

    @property
    def waits_for_document(self) -> bool:
        """A navigation is under way and has not brought the content of its document."""
        return self.requested or self._document is not None or not self.content_ready

    @property
    def between_documents(self) -> bool:
        """The next document was asked for and has not come: until then the browser answers nothing about the page."""
        return self._document is not None

    @property
    def busy(self) -> bool:
        """Something that began since the mark is not finished."""
        return self.waits_for_document or bool(self._requests) or (self.replaced and not self.loaded)

    @property
    def unanswered(self) -> bool:
        """The page waits for an answer on a WebSocket, and need not get one."""
        return bool(self._unanswered)

    def give_up(self) -> None:
        """Don't wait for what is under way, nor again for requests to the same addresses."""
        self._endless.update(self._requests.values())
        self._requests.clear()
        self._document = None
        self.requested = False
        self.content_ready = self.loaded = True

    def give_up_sockets(self) -> None:
        """Don't wait for answers on WebSockets, nor again on the same ones until they answer something."""
        self._silent |= self._unanswered
        self._unanswered.clear()

    async def until(self, condition: Callable[[], bool], timeout: float) -> bool:
        """Wait for a condition on this object, checked at every event; False after ``timeout`` seconds."""
        try:
            async with asyncio.timeout(timeout):
                while not condition():
                    if self._pulse is None:
                        self._pulse = asyncio.get_running_loop().create_future()
                    await asyncio.shield(self._pulse)
        except TimeoutError:
            return condition()
        return True

    async def until_document(self, timeout: float) -> bool:
        """Wait until no navigation is under way; False after ``timeout`` seconds."""
        return await self.until(lambda: not self.waits_for_document, timeout)

    def handle(self, method: str, params: dict[str, Any]) -> None:
        """One event of the tab's page target or of one of its frames' targets."""
        handler = _HANDLERS.get(method)
        if handler is None:
            return
        handler(self, params)
        if self._pulse is not None:
            self._pulse.set_result(None)
            self._pulse = None

    def _on_requested(self, params: dict[str, Any]) -> None:
        disposition = params.get("disposition", "currentTab")
        if disposition in ("newTab", "newWindow"):
            self.opening = True
        elif disposition == "download":
            self.saving = True
        elif disposition == "currentTab" and params["frameId"] == self._main_frame:
            self.requested = True

    def _on_opening(self, _: dict[str, Any]) -> None:
        self.opening = True

    def _on_committed(self, params: dict[str, Any]) -> None:
        if params["frame"]["id"] != self._main_frame:
            return
        self._requests.clear()
        self._unanswered.clear()
        self._silent.clear()
        self._document = None
        self.requested = self.saving = False
        self.commits += 1
        # A page out of the back/forward cache is complete, and fires no load event.
        self.content_ready = self.loaded = params.get("type") == "BackForwardCacheRestore"

    def _on_moved(self, params: dict[str, Any]) -> None:
        if params["frameId"] == self._main_frame:
            self.requested = False
            self.moves += 1

    def _on_stopped(self, params: dict[str, Any]) -> None:
        if params["frameId"] == self._main_frame:
            self.requested = False
            self.content_ready = self.loaded = True

    def _on_content(self, _: dict[str, Any]) -> None:
        self.content_ready = True

    def _on_load(self, _: dict[str, Any]) -> None:
        self.content_ready = self.loaded = True

    def _on_request(self, params: dict[str, Any]) -> None:
        if params.get("type") == "Document" and params.get("frameId") == self._main_frame:
            self.requested = self.saving = self._answered = False
            self._document = params["requestId"]
            self.document_url, self.refused = params["request"]["url"], False
        # A worker's script belongs to no document, and the page is not told that it has come.
        elif params.get("type") in _AWAITED and params.get("loaderId"):
            address = _address(params["request"]["url"])
            if address not in self._endless:
                self._requests[params["requestId"]] = address
                self.asked += 1

    def _on_said(self, params: dict[str, Any]) -> None:
        if params["requestId"] not in self._silent:
            self._unanswered.add(params["requestId"])
            self.asked += 1

    def _on_answered(self, params: dict[str, Any]) -> None:
        self._unanswered.discard(params["requestId"])
        self._silent.discard(params["requestId"])

    def _on_response(self, params: dict[str, Any]) -> None:
        # A streamed answer has no end to wait for.
        if params["response"].get("mimeType") == "text/event-stream":
            self._requests.pop(params["requestId"], None)
        if self._document == params["requestId"]:
            self._answered = params["response"].get("status") not in _NO_CONTENT
            self.refused = PROBLEM_HEADER in params["response"].get("headers", {})

    def _on_failed(self, params: dict[str, Any]) -> None:
        # The page lets go of a response that it does not show.
        if self._document == params["requestId"] and self._answered:
            self.saving = True
        self._on_finished(params)

    def _on_finished(self, params: dict[str, Any]) -> None:
        self._requests.pop(params["requestId"], None)
        if self._document == params["requestId"]:
            self._document = None


_HANDLERS: Final[Mapping[str, Callable[[Activity, dict[str, Any]], None]]] = MappingProxyType(
    {
        "Page.frameRequestedNavigation": Activity._on_requested,
        "Page.windowOpen": Activity._on_opening,
        "Page.frameNavigated": Activity._on_committed,
        "Page.navigatedWithinDocument": Activity._on_moved,
        "Page.frameStoppedLoading": Activity._on_stopped,
        "Page.domContentEventFired": Activity._on_content,
        "Page.loadEventFired": Activity._on_load,
        "Network.requestWillBeSent": Activity._on_request,
        "Network.responseReceived": Activity._on_response,
        "Network.loadingFinished": Activity._on_finished,
        "Network.loadingFailed": Activity._on_failed,
        "Network.webSocketCreated": Activity._on_said,
        "Network.webSocketHandshakeResponseReceived": Activity._on_answered,
        "Network.webSocketFrameSent": Activity._on_said,
        "Network.webSocketFrameReceived": Activity._on_answered,
        "Network.webSocketClosed": Activity._on_answered,
    }
)


def _address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}"
