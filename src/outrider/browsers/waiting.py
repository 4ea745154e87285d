"""Waiting for a text or for rest, and changing tabs."""

import asyncio
from contextlib import suppress
from typing import Final

from outrider.browsers.cdp import CdpError
from outrider.browsers.settle import settle
from outrider.browsers.stage import Outcome, Stage
from outrider.browsers.tab import ContextLost
from outrider.interfaces.actions import SwitchTab, Wait
from outrider.problems import OutriderError

#: A change in another frame than the top one is noticed after this long.
_LOOK_AGAIN_MILLISECONDS: Final = 250


async def wait(stage: Stage, action: Wait) -> Outcome:
    """Wait for a text, or until the page is at rest. Raises TARGET_NOT_FOUND when the text does not come."""
    try:
        async with asyncio.timeout(action.seconds):
            await asyncio.sleep(action.at_least)
            if action.text:
                await _until_text(stage, action.text)
            else:
                await settle(await stage.tabs.current(), action.seconds)
    except TimeoutError as error:
        if action.text:
            url = (await stage.tabs.current()).url
            raise OutriderError("TARGET_NOT_FOUND", description=action.text, url=url) from error
    with suppress(ContextLost, CdpError):  # what has come may be fading in, and can't be used before
        await (await stage.tabs.current()).call("still")
    return Outcome()


async def switch_tab(stage: Stage, action: SwitchTab) -> Outcome:
    """Make another tab the current one. Raises TAB_NOT_FOUND."""
    stage.tabs.switch(action.number)
    await stage.tabs.current()
    return Outcome()


async def _until_text(stage: Stage, text: str) -> None:
    while True:
        tab = await stage.tabs.current()
        try:
            for frame in tab.frames:
                if await tab.call("hasText", text, frame=frame):
                    return
            await tab.call("nextChange", _LOOK_AGAIN_MILLISECONDS)
        except (ContextLost, CdpError):
            await tab.activity.until_document(_LOOK_AGAIN_MILLISECONDS / 1000)
