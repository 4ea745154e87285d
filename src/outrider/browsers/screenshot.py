"""Pictures of the viewport."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import Any, Final

from outrider.browsers.cdp import CdpError, SessionClosed
from outrider.browsers.tab import Tab
from outrider.interfaces.pages import Screenshot
from outrider.problems import OutriderError

_FORM: Final[dict[str, Any]] = {"format": "jpeg", "quality": 60}
#: Between two documents the browser refuses to draw, for a moment.
_PAUSE_SECONDS: Final = 0.02
_NO_SESSION: Final = "Session with given id not found"


async def capture(tab: Tab, timeout: float) -> Screenshot:
    """The viewport of a tab as baseline JPEG; of a page that hangs, what it showed last.

    ``timeout`` counts from when no other picture of the tab is being taken any more. Raises PAGE_UNRESPONSIVE.
    """
    half = timeout / 2
    async with tab.drawing:
        data = None if tab.stuck else await _of_some_document(tab, lambda: _fresh(tab, half), half)
        data = data or await _of_some_document(tab, lambda: tab.last_picture(half, **_FORM), half)
    if data is None:
        raise OutriderError("PAGE_UNRESPONSIVE", seconds=f"{timeout:g}")
    return Screenshot(base64.b64decode(data), tab.url, await tab.title())


async def _fresh(tab: Tab, timeout: float) -> str:
    data: str = (await tab.session.call("Page.captureScreenshot", timeout, **_FORM))["data"]
    return data


async def _of_some_document(tab: Tab, draw: Callable[[], Awaitable[str]], timeout: float) -> str | None:
    """What is drawn, of the next document when this one goes away meanwhile; None after ``timeout`` seconds."""
    try:
        async with asyncio.timeout(timeout):
            while True:
                try:
                    return await draw()
                except CdpError as error:
                    if isinstance(error, SessionClosed) or _NO_SESSION in error.message:  # the tab was closed
                        raise
                    await asyncio.sleep(_PAUSE_SECONDS)
                    await tab.activity.until_document(timeout)
    except TimeoutError:
        return None
    except OutriderError as error:
        if error.code != "PAGE_UNRESPONSIVE":
            raise
        return None
