"""Asking the frames of a tab for their reports: typed answers of functions in ``inject/``."""

import asyncio
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct
from msgspec.json import Decoder

from outrider.browsers.cdp import CdpError, well_formed
from outrider.browsers.frames import NUMBERS_PER_FRAME, Frame
from outrider.browsers.tab import ContextLost, Tab
from outrider.problems import OutriderError

__all__ = ["Report", "ask_frames"]

#: A frame that takes longer is left out: it may be an advertisement that hangs.
_FRAME_SECONDS: Final = 3.0


class Report(Struct):
    """What every report of a frame has."""

    title: str
    #: Highest number that an element of the frame has.
    last: int


R = TypeVar("R", bound=Report)


async def ask_frames(
    tab: Tab, below: list[Frame], function: str, request: dict[str, Any], decoder: Decoder[R]
) -> dict[int, R]:
    """Reports of the top frame and those of ``below`` that answer, by ordinal, all asked at once.

    Raises ContextLost when the top document goes away meanwhile.
    """
    top = _ask(tab, tab.frames.main, function, request, decoder)
    others = [_ask_below(tab, frame, function, request, decoder) for frame in below]
    # A task of its own would begin one turn of the loop later.
    reports = await asyncio.gather(top, *others) if others else [await top]
    frames = [tab.frames.main, *below]
    return {frame.ordinal: report for frame, report in zip(frames, reports, strict=True) if report is not None}


async def _ask(
    tab: Tab, frame: Frame, function: str, request: dict[str, Any], decoder: Decoder[R], timeout: float = 0
) -> R:
    place = {"floor": _floor(frame), "base": frame.ordinal * NUMBERS_PER_FRAME}
    answer = await tab.call_raw(function, request | place, frame=frame, timeout=timeout)
    try:
        report = decoder.decode(answer)
    except msgspec.DecodeError:
        report = decoder.decode(well_formed(answer))
    frame.numbered = report.last
    return report


async def _ask_below(tab: Tab, frame: Frame, function: str, request: dict[str, Any], decoder: Decoder[R]) -> R | None:
    try:
        return await _ask(tab, frame, function, request, decoder, _FRAME_SECONDS)
    except (ContextLost, CdpError):
        return None
    except OutriderError as error:
        if error.code != "PAGE_UNRESPONSIVE":
            raise
        return None


def _floor(frame: Frame) -> int:
    """Numbers go on where the frame's last document ended, so that a stale index can't mean a new element."""
    return frame.numbered if frame.numbered < NUMBERS_PER_FRAME * 9 // 10 else 0
