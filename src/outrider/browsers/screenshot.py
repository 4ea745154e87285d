"""Pictures of the viewport."""

import base64
from typing import Final

from outrider.browsers.cdp import CdpError
from outrider.browsers.tab import Tab
from outrider.interfaces.pages import Screenshot
from outrider.problems import OutriderError

_QUALITY: Final = 60
#: The document may be replaced this often while it is drawn.
_ATTEMPTS: Final = 3


async def capture(tab: Tab, timeout: float) -> Screenshot:
    """The viewport of a tab as baseline JPEG; of a page that hangs, what it showed last."""
    async with tab.drawing:
        data = None if tab.stuck else await _fresh(tab, timeout / 2)
        if data is None:
            data = await tab.last_picture(timeout / 2, format="jpeg", quality=_QUALITY)
    return Screenshot(base64.b64decode(data), tab.url, await tab.title())


async def _fresh(tab: Tab, timeout: float) -> str | None:
    """A picture drawn for us, or None when the page does not get to drawing."""
    for _ in range(_ATTEMPTS):
        try:
            answer = await tab.session.call("Page.captureScreenshot", timeout, format="jpeg", quality=_QUALITY)
        except CdpError:  # between two documents: the next one can be drawn
            await tab.activity.until_document(timeout)
        except OutriderError as error:
            if error.code != "PAGE_UNRESPONSIVE":
                raise
            return None
        else:
            data: str = answer["data"]
            return data
    return None
