"""A browser as people and their tools see it: one live view for all, a DevTools connection for each client."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from outrider.browsers.cdp import Session
from outrider.browsers.devtools import DevToolsClient
from outrider.browsers.live_view import BrowserLiveView
from outrider.browsers.screencast import Screencast
from outrider.browsers.tabs import Tabs
from outrider.config import Settings
from outrider.limits.quotas import Places
from outrider.problems import OutriderError

__all__ = ["Inspection"]


class Inspection:
    """``interfaces.live.Inspectable``. Without ``files``, DevTools clients are refused."""

    def __init__(self, root: Session, tabs: Tabs, files: Path | None, settings: Settings) -> None:
        self._root = root
        self._tabs = tabs
        self._files = files
        self._limit = settings.max_devtools_clients
        self._screencast = Screencast(root, tabs, most_per_second=settings.live_view_frames_per_second)
        self._live_view = BrowserLiveView(tabs, self._screencast, settings)
        self._places = Places("SOCKET_LIMIT_REACHED")
        self._clients: set[DevToolsClient] = set()

    @property
    def live_view(self) -> BrowserLiveView:
        """See ``interfaces.live.Inspectable.live_view``."""
        return self._live_view

    @asynccontextmanager
    async def devtools(self) -> AsyncIterator[DevToolsClient]:
        """See ``interfaces.live.Inspectable.devtools``. Raises EXTERNAL_BROWSER_UNFIT, SOCKET_LIMIT_REACHED."""
        if self._files is None:
            raise OutriderError("EXTERNAL_BROWSER_UNFIT", what="Attaching a DevTools client here")
        with self._places.taken("", self._limit):
            async with DevToolsClient.attached(self._root, self._files) as client:
                self._clients.add(client)
                try:
                    yield client
                finally:
                    self._clients.discard(client)
                    self._tabs.fit()

    async def version(self) -> dict[str, str]:
        """See ``interfaces.live.Inspectable.version``."""
        answer = await self._root.call("Browser.getVersion")
        return {
            "Browser": answer["product"],
            "Protocol-Version": answer["protocolVersion"],
            "User-Agent": answer["userAgent"],
            "V8-Version": answer["jsVersion"],
        }

    async def end(self, failure: OutriderError) -> None:
        """The browser has gone: viewers and clients hear why."""
        for client in self._clients:
            client.end(failure)
        await self._screencast.end(failure)
