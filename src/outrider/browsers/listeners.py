"""Elements that can be pressed only because a script listens on them: the browser knows, the document does not say."""

import asyncio
from typing import Any, Final

from outrider.browsers.cdp import CdpError
from outrider.browsers.frames import Frame, Frames
from outrider.browsers.script import WORLD
from outrider.problems import OutriderError

_PRESSING: Final = frozenset({"click", "mousedown", "mouseup", "pointerdown", "pointerup"})
#: A page that begins to listen on more elements than this at once listens on everything.
_LIMIT: Final = 300
_TELL: Final = f"function (...elements) {{ return {WORLD}.listens(elements); }}"


class Listeners:
    """Tells the top document of a tab which of its elements listen, as far as that is not known yet."""

    def __init__(self, frames: Frames) -> None:
        self._frames = frames
        self._looking: asyncio.Task[bool] | None = None
        #: Of which document the following is known: the id of its isolated world.
        self._context = ""
        self._document = ""
        self._known: set[int] = set()

    def look(self) -> asyncio.Task[bool]:
        """Look at the document as it is after the calls that were sent before; whether there is more to press on.

        The task never raises, and may be left alone: what it finds is there for the next observation.
        """
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return self._looking

    async def _look(self) -> bool:
        main = self._frames.main
        try:
            new = await self._listening(main) - self._known
            self._known |= new
            return bool(new) and await self._tell(main, list(new)[:_LIMIT])
        except (CdpError, OutriderError):  # the document is gone, or hangs
            self._context = ""
            return False

    async def _listening(self, main: Frame) -> set[int]:
        """Backend ids of the nodes that listen for presses."""
        if main.context != self._context:
            # Only the document of the page's own world knows the listeners of that world; it can't be shadowed.
            answer = await main.session.call("Runtime.evaluate", expression="document")
            self._context, self._document, self._known = main.context, answer["result"]["objectId"], set()
        answer = await main.session.call(
            "DOMDebugger.getEventListeners", objectId=self._document, depth=-1, pierce=False
        )
        return {each["backendNodeId"] for each in answer["listeners"] if each["type"] in _PRESSING}

    async def _tell(self, main: Frame, nodes: list[int]) -> bool:
        """Hand the nodes to the injected script. Listeners on large containers say nothing; it leaves those out."""
        world: dict[str, Any] = {"executionContextId": main.context_number, "objectGroup": WORLD}
        resolving = (main.session.call("DOM.resolveNode", backendNodeId=node, **world) for node in nodes)
        resolved: list[Any] = await asyncio.gather(*resolving, return_exceptions=True)
        found = [{"objectId": each["object"]["objectId"]} for each in resolved if isinstance(each, dict)]
        answer = await main.session.call(
            "Runtime.callFunctionOn", functionDeclaration=_TELL, arguments=found, returnByValue=True, **world
        )
        main.session.post("Runtime.releaseObjectGroup", objectGroup=WORLD)
        return answer["result"].get("value") is True
