"""Elements that can be pressed only because a script listens on them: the browser knows, the document does not say."""

import asyncio
from typing import Any, Final

from outrider.browsers.cdp import CdpError
from outrider.browsers.script import WORLD
from outrider.browsers.tab import Tab

_PRESSING: Final = frozenset({"click", "mousedown", "mouseup", "pointerdown", "pointerup"})
#: A page that listens on more elements than this at once listens on everything.
_LIMIT: Final = 300


async def mark_listeners(tab: Tab) -> bool:
    """Tell the top document which of its elements listen; whether there were new ones.

    Listeners on documents and on large containers say nothing about an element; the injected script leaves those out.
    """
    main = tab.frames.main
    try:
        # Only the document of the page's own world knows the listeners of that world; it can't be shadowed.
        document = await main.session.call("Runtime.evaluate", expression="document", objectGroup=WORLD)
        answer = await main.session.call(
            "DOMDebugger.getEventListeners", objectId=document["result"]["objectId"], depth=-1, pierce=False
        )
    except CdpError:
        return False
    nodes = {each["backendNodeId"] for each in answer["listeners"] if each["type"] in _PRESSING}
    new = [(main.context, node) for node in nodes if (main.context, node) not in tab.listening][:_LIMIT]
    tab.listening.update(new)
    marked = await asyncio.gather(*(_mark(tab, main.context_number, node) for _, node in new))
    main.session.post("Runtime.releaseObjectGroup", objectGroup=WORLD)
    return any(marked)


async def _mark(tab: Tab, context: int, node: int) -> bool:
    session = tab.session
    try:
        resolved: dict[str, Any] = await session.call(
            "DOM.resolveNode", backendNodeId=node, executionContextId=context, objectGroup=WORLD
        )
        await session.call(
            "Runtime.callFunctionOn",
            objectId=resolved["object"]["objectId"],
            functionDeclaration=f"function () {{ {WORLD}.listens(this); }}",
        )
    except CdpError:  # the element, or the document, is gone
        return False
    return True
