"""The current page of a browser, for people: its pictures, its address, and their hands on it."""

from collections.abc import AsyncGenerator

from outrider.browsers.hands import input_calls
from outrider.browsers.pickers import focused_picker, set_picker
from outrider.browsers.screencast import Screencast
from outrider.browsers.tabs import Tabs
from outrider.config import Settings
from outrider.protocol.live import Input, Pick, Picker

__all__ = ["BrowserLiveView"]


class BrowserLiveView:
    """``interfaces.live.LiveView`` over DevTools."""

    def __init__(self, tabs: Tabs, screencast: Screencast, settings: Settings) -> None:
        self._tabs = tabs
        self._screencast = screencast
        self._size = settings.viewport_width, settings.viewport_height

    @property
    def url(self) -> str:
        """See ``interfaces.live.LiveView.url``."""
        return self._tabs.url

    def pictures(self) -> AsyncGenerator[bytes, None]:
        """See ``interfaces.live.LiveView.pictures``."""
        return self._screencast.pictures()

    async def enter(self, event: Input) -> None:
        """See ``interfaces.live.LiveView.enter``."""
        method, calls = input_calls(event, *self._size)
        tab = await self._tabs.current()
        await tab.input(method, calls)

    async def picker(self) -> Picker | None:
        """See ``interfaces.live.LiveView.picker``."""
        return await focused_picker(await self._tabs.current())

    async def pick(self, choice: Pick) -> None:
        """See ``interfaces.live.LiveView.pick``."""
        await set_picker(await self._tabs.current(), choice)
