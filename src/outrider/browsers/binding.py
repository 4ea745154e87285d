"""Tells each iframe element which frame it holds, so that what frames report can be put in its place."""

import asyncio

from outrider.browsers.cdp import CdpError
from outrider.browsers.frames import Frame
from outrider.browsers.script import WORLD
from outrider.browsers.tab import ContextLost, Tab

#: More frames than this are advertisements; the rest is left out.
_FRAMES_LIMIT = 40


async def bind_frames(tab: Tab) -> list[Frame]:
    """All frames below the top one whose element knows their ordinal, after binding new ones."""
    below = [frame for frame in tab.frames if frame.parent][:_FRAMES_LIMIT]
    if not below:
        return []
    await asyncio.gather(*(_bind(tab, frame) for frame in below if not _is_bound(tab, frame)))
    return [frame for frame in below if _is_bound(tab, frame)]


def _is_bound(tab: Tab, frame: Frame) -> bool:
    parent = tab.frames.get(frame.parent)
    return parent is not None and frame.bound_in != "" and frame.bound_in == parent.context


async def _bind(tab: Tab, frame: Frame) -> None:
    parent = tab.frames.get(frame.parent)
    if parent is None:
        return
    try:
        await tab.ensure_world(parent)
        context = parent.context
        owner = await parent.session.call("DOM.getFrameOwner", frameId=frame.id)
        # Resolved into the isolated world, where the function is.
        node = await parent.session.call(
            "DOM.resolveNode", backendNodeId=owner["backendNodeId"], executionContextId=parent.context_number
        )
        await parent.session.call(
            "Runtime.callFunctionOn",
            objectId=node["object"]["objectId"],
            functionDeclaration=f"function () {{ {WORLD}.bindFrame(this, {frame.ordinal}); }}",
        )
    except (CdpError, ContextLost):
        return  # the frame or its parent went away meanwhile
    frame.bound_in = context
