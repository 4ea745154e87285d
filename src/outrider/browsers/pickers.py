"""Fields that a browser has windows of its own for (lists, calendars, palettes), for people who see pictures only.

``inject/pickers.js`` is their other half.
"""

from typing import Any, Final

import msgspec

from outrider.browsers.cdp import CdpError
from outrider.browsers.frames import NUMBERS_PER_FRAME, Frame
from outrider.browsers.keyboard import key_events
from outrider.browsers.stage import ask
from outrider.browsers.tab import ContextLost, Tab
from outrider.problems import OutriderError
from outrider.protocol.live import Pick, Picker

__all__ = ["focused_picker", "set_picker"]

#: A page that is busy for longer shows no list.
_LOOK_SECONDS: Final = 5.0


async def focused_picker(tab: Tab) -> Picker | None:
    """See ``interfaces.live.LiveView.picker``."""
    frame, found = await _find(tab, tab.frames.main)
    if found is None:
        return None
    if found["open"]:
        await tab.input("Input.dispatchKeyEvent", key_events("Escape"))  # goes to the window, and not to the page
    index = frame.ordinal * NUMBERS_PER_FRAME + found["number"]
    return msgspec.convert(found | {"index": index, "asked": found["open"]}, Picker)


async def set_picker(tab: Tab, choice: Pick) -> None:
    """See ``interfaces.live.LiveView.pick``."""
    await ask(tab, "pick", choice.index, choice.value, action="pick")


async def _find(tab: Tab, frame: Frame) -> tuple[Frame, dict[str, Any] | None]:
    """The field that has the focus, in the frame or in those within it. A page that does not answer has none."""
    try:
        found: dict[str, Any] | None = await tab.call("picker", frame=frame, timeout=_LOOK_SECONDS)
    except (CdpError, ContextLost, OutriderError):
        return frame, None
    if found is None or not found.get("within"):
        return frame, found
    for child in tab.frames:
        if child.parent == frame.id:
            holder, found = await _find(tab, child)
            if found is not None:
                return holder, found
    return frame, None
