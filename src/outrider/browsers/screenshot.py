"""Pictures of the viewport."""

import base64
from typing import Final

from outrider.browsers.cdp import CdpError
from outrider.browsers.tab import Tab
from outrider.interfaces.pages import Screenshot
from outrider.problems import OutriderError

_QUALITY: Final = 60


async def capture(tab: Tab, timeout: float) -> Screenshot:
    """The viewport of a tab as baseline JPEG."""
    try:
        answer = await tab.session.call("Page.captureScreenshot", timeout, format="jpeg", quality=_QUALITY)
    except CdpError as error:
        raise OutriderError("PAGE_UNRESPONSIVE", seconds=f"{timeout:g}") from error
    return Screenshot(base64.b64decode(answer["data"]), tab.url, await tab.title())
