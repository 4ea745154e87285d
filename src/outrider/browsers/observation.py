"""From what the frames of a tab report to one ``Observation``."""

from dataclasses import dataclass, field
from typing import Final

import msgspec
from msgspec.structs import replace

from outrider.browsers.binding import bind_frames
from outrider.browsers.reports import Report, ask_frames
from outrider.browsers.tab import Tab
from outrider.interfaces.pages import Box, Element, Observation, Text
from outrider.interfaces.pages import Tab as TabValue

__all__ = ["TEXT_LIMIT", "observe"]

#: Characters of text that an observation carries at most.
TEXT_LIMIT: Final = 16_000


class _Seen(Report):
    """What ``observe`` of ``inject/`` answers. Boxes are relative to the viewport of the frame."""

    #: There may be elements that were not there at the last look.
    grown: bool
    elements: list[Element]
    #: How many there are in all.
    total: int
    #: Ordinal, how many elements come before it, and content box of the frames in this one.
    frames: list[tuple[int, int, float, float, float, float]]
    texts: list[Text]
    #: Scroll position, height of the page, width and height of the viewport.
    scroll: tuple[float, float, float, float]


_DECODER: Final = msgspec.json.Decoder(_Seen)


async def observe(tab: Tab, tabs: tuple[TabValue, ...], offset: int, limit: int, *, anew: bool = False) -> Observation:
    """Ask all frames at once. ``anew``: nothing is taken over from the last look.

    Raises ContextLost when the top document goes away meanwhile.
    """
    below = await bind_frames(tab)
    # With frames, which of a frame's elements are wanted shows only afterwards: ask each for its first ones.
    window = {"offset": 0, "limit": offset + limit} if below else {"offset": offset, "limit": limit}
    request = window | {"chars": TEXT_LIMIT, "anew": anew}
    reports = await ask_frames(tab, below, "observe", request, _DECODER)
    looking = tab.listeners.look()  # beside the look it would hold up the answer
    if reports[tab.frames.main.ordinal].grown and await looking:
        reports = await ask_frames(tab, below, "observe", request, _DECODER)
    top = reports[tab.frames.main.ordinal]
    scroll_y, page_height, width, height = top.scroll
    merged = _Merged(reports)
    merged.add(tab.frames.main.ordinal, 0.0, 0.0, Box(0.0, 0.0, width, height))
    elements = tuple(merged.elements[offset : offset + limit] if below else merged.elements)
    texts = _bounded(merged.texts)
    following = offset + len(elements)
    return Observation(
        url=tab.url,
        title=top.title,
        elements=elements,
        texts=texts,
        tabs=tuple(replace(each, title=top.title) if each.current else each for each in tabs),
        total_elements=merged.total,
        next_offset=following if following < merged.total else None,
        scroll_y=scroll_y,
        page_height=page_height,
        viewport_height=height,
    )


@dataclass(slots=True)
class _Merged:
    """Reports of frames put together in reading order, each frame's at the place of its iframe element."""

    reports: dict[int, _Seen]
    elements: list[Element] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    total: int = 0

    def add(self, ordinal: int, x: float, y: float, window: Box) -> None:
        """Add a frame whose viewport begins at (x, y), as far as ``window`` shows it; then the frames in it."""
        report = self.reports.pop(ordinal, None)
        if report is None:  # it did not answer, or is listed twice
            return
        position = 0
        self.total += report.total
        self.texts += report.texts
        shown = report.elements if ordinal == 0 else [_moved(each, x, y, window) for each in report.elements]
        for inner, before, left, top, width, height in report.frames:
            self.elements += shown[position:before]
            position = before
            self.add(inner, x + left, y + top, _overlap(window, Box(x + left, y + top, width, height)))
        self.elements += shown[position:]


def _moved(element: Element, x: float, y: float, window: Box) -> Element:
    """An element of a frame in the coordinates of the top page."""
    box = Box(element.box.x + x, element.box.y + y, element.box.width, element.box.height)
    return replace(element, box=box, in_view=element.in_view and _area(_overlap(window, box)) > 0)


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
