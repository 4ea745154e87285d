"""From what the frames of a tab report to one ``Observation``."""

import asyncio
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any, Final

import orjson

from outrider.browsers.binding import bind_frames
from outrider.browsers.cdp import CdpError
from outrider.browsers.frames import NUMBERS_PER_FRAME, Frame
from outrider.browsers.tab import ContextLost, Tab
from outrider.interfaces.pages import Box, Element, Observation, Text
from outrider.interfaces.pages import Tab as TabValue
from outrider.problems import OutriderError

__all__ = ["TEXT_LIMIT", "ask_frames", "observe"]

#: Characters of text that an observation carries at most.
TEXT_LIMIT: Final = 16_000
#: A frame that takes longer is left out: it may be an advertisement that hangs.
_FRAME_SECONDS: Final = 3.0

Report = dict[str, Any]


async def observe(tab: Tab, tabs: tuple[TabValue, ...], offset: int, limit: int) -> Observation:
    """Ask all frames at once. Raises ContextLost when the top document goes away meanwhile."""
    below = await bind_frames(tab)
    # With frames, which of a frame's elements are wanted shows only afterwards: ask each for its first ones.
    window = {"offset": 0, "limit": offset + limit} if below else {"offset": offset, "limit": limit}
    request = window | {"chars": TEXT_LIMIT}
    looking = tab.listeners.look()
    reports = await ask_frames(tab, below, "observe", request)
    if reports[tab.frames.main.ordinal]["grown"] and await looking:
        reports = await ask_frames(tab, below, "observe", request)
    top = reports[tab.frames.main.ordinal]
    scroll_y, page_height, width, height = top["scroll"]
    merged = _Merged(reports)
    merged.add(tab.frames.main.ordinal, 0.0, 0.0, Box(0.0, 0.0, width, height))
    elements = tuple(merged.elements[offset : offset + limit] if below else merged.elements)
    texts = _bounded(merged.texts)
    following = offset + len(elements)
    return Observation(
        url=tab.url,
        title=top["title"],
        elements=elements,
        texts=texts,
        tabs=tuple(replace(each, title=top["title"]) if each.current else each for each in tabs),
        digest=_digest([tab.url, merged.total, merged.rows, [text.text for text in texts]]),
        total_elements=merged.total,
        next_offset=following if following < merged.total else None,
        scroll_y=scroll_y,
        page_height=page_height,
        viewport_height=height,
    )


async def ask_frames(tab: Tab, below: list[Frame], function: str, request: Report) -> dict[int, Report]:
    """Reports of the top frame and those of ``below`` that answer, by ordinal, all asked at once."""
    top = tab.frames.main
    first = tab.call(function, request | {"floor": _floor(top)})
    others = [_ask_below(tab, frame, function, request | {"floor": _floor(frame)}) for frame in below]
    # A task of its own would be one turn of the loop later.
    answers = await asyncio.gather(first, *others) if others else [await first]
    reports = {}
    for frame, report in zip([top, *below], answers, strict=True):
        if report is not None:
            frame.numbered = report["last"]
            reports[frame.ordinal] = report
    return reports


async def _ask_below(tab: Tab, frame: Frame, function: str, request: Report) -> Report | None:
    try:
        report: Report = await tab.call(function, request, frame=frame, timeout=_FRAME_SECONDS)
    except (ContextLost, CdpError):
        return None
    except OutriderError as error:
        if error.code != "PAGE_UNRESPONSIVE":
            raise
        return None
    return report


def _floor(frame: Frame) -> int:
    """Numbers go on where the frame's last document ended, so that a stale index can't mean a new element."""
    return frame.numbered if frame.numbered < NUMBERS_PER_FRAME * 9 // 10 else 0


@dataclass(slots=True)
class _Merged:
    """Reports of frames put together in reading order, each frame's at the place of its iframe element."""

    reports: dict[int, Report]
    elements: list[Element] = field(default_factory=list)
    #: The same as the frames described them, for the digest.
    rows: list[list[Any]] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    total: int = 0

    def add(self, ordinal: int, x: float, y: float, window: Box) -> None:
        """Add a frame whose viewport begins at (x, y), as far as ``window`` shows it; then the frames in it."""
        report = self.reports.pop(ordinal, None)
        if report is None:  # it did not answer, or is listed twice
            return
        position = 0
        self.total += report["total"]
        self.texts += [Text(*block) for block in report["texts"]]
        for inner, before, left, top, width, height in report["frames"]:
            self._add_elements(report, slice(position, before), ordinal, x, y, window)
            position = before
            self.add(inner, x + left, y + top, _overlap(window, Box(x + left, y + top, width, height)))
        self._add_elements(report, slice(position, None), ordinal, x, y, window)

    def _add_elements(self, report: Report, part: slice, ordinal: int, x: float, y: float, window: Box) -> None:
        rows, places = report["elements"][part], report["places"][part]
        self.rows += rows
        self.elements += [_element(row, place, ordinal, x, y, window) for row, place in zip(rows, places, strict=True)]


def _element(row: list[Any], place: list[Any], ordinal: int, x: float, y: float, window: Box) -> Element:
    role, name, tag, kind, value, states, region, context, hints, href, options = row
    number, left, top, width, height, in_view, focused = place
    box = Box(left + x, top + y, width, height)
    return Element(
        ordinal * NUMBERS_PER_FRAME + number, role, name, tag, kind, value,
        frozenset((*states, "focused") if focused else states), box,
        in_view and (ordinal == 0 or _area(_overlap(window, box)) > 0),
        region, context, tuple(hints), href, tuple(options),
    )  # fmt: skip


def _overlap(a: Box, b: Box) -> Box:
    left, top = max(a.x, b.x), max(a.y, b.y)
    right, bottom = min(a.x + a.width, b.x + b.width), min(a.y + a.height, b.y + b.height)
    return Box(left, top, max(0.0, right - left), max(0.0, bottom - top))


def _area(box: Box) -> float:
    return box.width * box.height


def _bounded(texts: list[Text]) -> tuple[Text, ...]:
    room = TEXT_LIMIT
    for position, text in enumerate(texts):
        room -= len(text.text)
        if room < 0:
            return tuple(texts[:position])
    return tuple(texts)


def _digest(content: list[Any]) -> str:
    """Of what the page shows: where it shows it, and where the focus is, don't count."""
    return blake2b(orjson.dumps(content), digest_size=12).hexdigest()
