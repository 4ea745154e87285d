"""Pressing on elements and scrolling, with trusted mouse events."""

import asyncio
from typing import Any, Final

from outrider.browsers.frames import Frame
from outrider.browsers.stage import Outcome, Stage, ask
from outrider.browsers.tab import ContextLost, Tab
from outrider.interfaces.actions import Check, Click, Download, Drag, Hover, Scroll
from outrider.problems import OutriderError

_STILL_ATTEMPTS: Final = 30
_MOUSE: Final = "Input.dispatchMouseEvent"
#: Pages that let things be dragged follow the pointer, and see no jump.
_DRAG_STEPS: Final = 8


async def click(stage: Stage, action: Click) -> Outcome:
    """Press the middle of the element's visible part."""
    await press_on(await stage.tabs.current(), action.index, action="click")
    return Outcome()


async def hover(stage: Stage, action: Hover) -> Outcome:
    """Move the pointer onto the middle of the element's visible part."""
    tab = await stage.tabs.current()
    x, y = await _aimed(tab, action.index, "hover")
    await tab.input(_MOUSE, [_mouse("mouseMoved", x, y)])
    return Outcome()


async def drag(stage: Stage, action: Drag) -> Outcome:
    """Press on the element, move in small steps, and release."""
    tab = await stage.tabs.current()
    x, y = await _aimed(tab, action.index, "drag")
    goal_x, goal_y = x + action.right, y + action.down
    if action.onto is not None:
        middle: dict[str, Any] = await ask(tab, "middle", action.onto, action="drag")
        goal_x, goal_y = middle["x"] + action.right, middle["y"] + action.down
    way = [(x + (goal_x - x) * n / _DRAG_STEPS, y + (goal_y - y) * n / _DRAG_STEPS) for n in range(1, _DRAG_STEPS + 1)]
    events = [
        _mouse("mouseMoved", x, y),
        _mouse("mousePressed", x, y, buttons=1),
        *(_mouse("mouseMoved", *point, buttons=1) for point in way),
        _mouse("mouseReleased", goal_x, goal_y),
    ]
    await tab.input(_MOUSE, events)
    return Outcome()


async def check(stage: Stage, action: Check) -> Outcome:
    """Click a checkbox, switch or radio button unless it is in the wanted state already."""
    tab = await stage.tabs.current()
    before = (await ask(tab, "read", action.index, action="check"))["checked"]
    if before is None:
        raise _unfit(action.index, "check", "it is no checkbox, switch or radio button")
    if before != action.checked:
        await press_on(tab, action.index, action="check")
        after = (await ask(tab, "read", action.index, action="check"))["checked"]
        if after != action.checked:
            raise _unfit(action.index, "check", "its state does not change")
    return Outcome(value="checked" if action.checked else "unchecked")


async def scroll(stage: Stage, action: Scroll) -> Outcome:
    """Scroll the page, or an element into view."""
    tab = await stage.tabs.current()
    if action.index is not None:
        await ask(tab, "reveal", action.index, action="scroll")
    else:
        await tab.call("scrollBy", action.viewports)
    await tab.call("frame")
    return Outcome()


async def download(stage: Stage, action: Download) -> Outcome:
    """Click, and wait until the file is there."""
    stage.downloads.check_reachable()
    tab = await stage.tabs.current()
    begun, finished = stage.downloads.begun, len(stage.downloads.finished)
    await press_on(tab, action.index, action="download")
    await stage.downloads.until_finished(begun, stage.settings.navigation_timeout_seconds)
    if len(stage.downloads.finished) == finished:
        raise _unfit(action.index, "download", "no file came")
    return Outcome(value=stage.downloads.finished[-1])


async def press_on(tab: Tab, index: int, *, action: str) -> None:
    """Bring an element into view, wait until it stands still, and click it.

    Raises ELEMENT_GONE, ELEMENT_COVERED or ELEMENT_NOT_ACTIONABLE.
    """
    x, y = await _aimed(tab, index, action)
    pressing = [_mouse("mouseMoved", x, y), _mouse("mousePressed", x, y, buttons=1), _mouse("mouseReleased", x, y)]
    await tab.input(_MOUSE, pressing)


async def _aimed(tab: Tab, index: int, action: str) -> tuple[float, float]:
    """Where to press in the viewport of the top page. Raises as ``press_on``.

    What covers the element may be there for the pointer: a menu or a hint where that was last. So that is taken away.
    """
    try:
        return await _aim(tab, index, action)
    except OutriderError as problem:
        if problem.code != "ELEMENT_COVERED":
            raise
        # Not out of the page: leaving it is what some ask their visitors to stay for.
        await tab.input(_MOUSE, [_mouse("mouseMoved", 0, tab.metrics["height"] - 1)])
        await tab.call("idle")
        try:
            return await _aim(tab, index, action)
        except OutriderError as second:
            raise problem if second.code == "ELEMENT_NOT_ACTIONABLE" else second from None


async def _aim(tab: Tab, index: int, action: str) -> tuple[float, float]:
    frame, _ = tab.frames.locate(index)
    offset = await _offset(tab, frame) if frame is not None and frame.parent else (0.0, 0.0)
    aim: dict[str, Any] = await ask(tab, "aim", index, action=action)
    if frame is not None and frame.parent:
        offset = await _still_offset(tab, frame, offset)
        await _refuse_cover(tab, frame, index, aim["x"] + offset[0], aim["y"] + offset[1])
    return aim["x"] + offset[0], aim["y"] + offset[1]


def _mouse(kind: str, x: float, y: float, *, buttons: int = 0) -> dict[str, Any]:
    """An event of the left button; ``buttons`` is what is held down."""
    event: dict[str, Any] = {"type": kind, "x": x, "y": y}
    if kind != "mouseMoved":
        event |= {"button": "left", "clickCount": 1}
    elif buttons:
        event["button"] = "left"
    return event | ({"buttons": buttons} if buttons or kind != "mouseMoved" else {})


async def _offset(tab: Tab, frame: Frame) -> tuple[float, float]:
    """Where a frame's viewport begins in the top viewport, each frame on the way brought into view."""
    chain = []
    while frame.parent and (parent := tab.frames.get(frame.parent)):
        chain.append((parent, frame.ordinal))
        frame = parent
    x = y = 0.0
    for holder, ordinal in reversed(chain):
        try:
            box = await tab.call("frameBox", ordinal, frame=holder)
        except ContextLost:
            box = None
        if box is not None:
            x, y = x + box[0], y + box[1]
    return x, y


async def _still_offset(tab: Tab, frame: Frame, before: tuple[float, float]) -> tuple[float, float]:
    """The offset once it is the same before and after a drawn frame: aiming may have scrolled the frames around.

    The browser finds the frame under the pointer by what was drawn, so a fresh position must have been drawn.
    """
    for _ in range(_STILL_ATTEMPTS):
        await asyncio.gather(tab.call("frame"), tab.call("frame", frame=frame))
        after = await _offset(tab, frame)
        if after == before:
            break
        before = after
    return before


async def _refuse_cover(tab: Tab, frame: Frame, index: int, x: float, y: float) -> None:
    """A frame does not see what lies over it in the top document."""
    top = frame
    while top.parent and (parent := tab.frames.get(top.parent)) and parent.parent:
        top = parent
    if cover := await tab.call("coverAt", x, y, top.ordinal):
        raise OutriderError("ELEMENT_COVERED", index=index, cover=cover)


def _unfit(index: int, action: str, reason: str) -> OutriderError:
    return OutriderError("ELEMENT_NOT_ACTIONABLE", index=index, action=action, reason=reason)
