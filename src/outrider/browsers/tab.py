"""One tab: its page target, the sessions of its frames, and calls into its isolated worlds."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import orjson

from outrider.browsers.activity import Activity
from outrider.browsers.cdp import CdpError, Session, SessionClosed, decode
from outrider.browsers.frames import Frame, Frames
from outrider.browsers.listeners import Listeners
from outrider.browsers.prelude import Prelude
from outrider.browsers.script import SOURCE, WORLD
from outrider.config import Settings
from outrider.interfaces.pages import Dialog
from outrider.problems import OutriderError

#: Frames of other sites are followed. Workers are let go on: the browser would hold up also those that were left out.
_FOLLOWED: Final = "iframe"
_ATTACHED: Final = [{"type": "service_worker", "exclude": True}, {"type": "page", "exclude": True}, {"exclude": False}]
_LOST_CONTEXT: Final = ("context", "navigated or closed", "target closed", "detached")
#: How many dialogs of a tab are kept, and how much of each: a page may ask for ever.
_DIALOGS: Final = 20
_DIALOG_CHARACTERS: Final = 2000


class ContextLost(Exception):
    """The document was replaced while it was asked."""


@dataclass(frozen=True, slots=True)
class Target:
    """A page target as the browser announces it."""

    id: str
    opener: str


class Tab:
    """A page target. ``number`` never changes; ``url`` is that of the last committed top document."""

    def __init__(self, target: Target, number: int, session: Session, settings: Settings) -> None:
        self.target = target
        self.number = number
        self.session = session
        self.url = "about:blank"
        self.crashed = False
        #: The last call ran into its deadline: the page may be in an endless loop.
        self.stuck = False
        self._dialogs: deque[Dialog] = deque(maxlen=_DIALOGS)
        #: How many there have been.
        self.dialog_count = 0
        self.activity = Activity(target.id)
        self.frames = Frames(target.id, session)
        self.listeners = Listeners(self.frames)
        self._settings = settings
        self._sessions: dict[str, Session] = {}
        self._prelude: Prelude | None = None
        #: One picture at a time: a page has one screencast.
        self.drawing = asyncio.Lock()
        self._picture: asyncio.Future[str] | None = None

    def start(self) -> list[asyncio.Future[dict[str, Any]]]:
        """Prepare the target and let it run. The calls are in flight when this returns."""
        self._listen(self.session)
        return [
            self.session.send("Emulation.setDeviceMetricsOverride", **self.metrics),
            self.session.send("Emulation.setFocusEmulationEnabled", enabled=True),
            self.session.send("Inspector.enable"),
            *self._prepare(self.session),
        ]

    @property
    def metrics(self) -> dict[str, Any]:
        """The size that pages have; others who attach to them can change it meanwhile."""
        width, height = self._settings.viewport_width, self._settings.viewport_height
        return {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}

    async def call(self, function: str, *arguments: Any, frame: Frame | None = None, timeout: float = 0) -> Any:
        """Result of ``outrider.<function>(…arguments)`` in the isolated world of a frame (default: the top one).

        Arguments and result are JSON. Raises ContextLost when the document goes away meanwhile, else as
        ``Session.call`` does.
        """
        answer = await self.call_raw(function, *arguments, frame=frame, timeout=timeout)
        return decode(answer) if answer else None

    async def call_raw(self, function: str, *arguments: Any, frame: Frame | None = None, timeout: float = 0) -> str:
        """As ``call``, but the JSON text of the result; empty for none."""
        listed = ",".join(orjson.dumps(argument).decode() for argument in arguments)
        expression = f"outrider.answer(outrider.{function}({listed}))"
        result = await self.evaluate(frame or self.frames.main, expression, True, timeout)
        answer: str = result.get("value", "")
        return answer

    async def evaluate(self, frame: Frame, expression: str, by_value: bool, timeout: float = 0) -> dict[str, Any]:
        """Evaluate in the isolated world of a frame; the result as a remote object."""
        await self.ensure_world(frame)
        run = {"expression": expression, "uniqueContextId": frame.context, "returnByValue": by_value}
        return await self._run(frame, "Runtime.evaluate", run, timeout)

    async def hand(self, frame: Frame, context: str, function: str, *arguments: Any) -> Any:
        """As ``call``, but only in the document whose isolated world is ``context``.

        The arguments are handed over as values: no script that a debugger of the page could list contains them.
        """
        run = {
            "functionDeclaration": f"(...given) => outrider.answer(outrider.{function}(...given))",
            "arguments": [{"value": argument} for argument in arguments],
            "uniqueContextId": context,
            "returnByValue": True,
        }
        return decode((await self._run(frame, "Runtime.callFunctionOn", run))["value"])

    async def _run(self, frame: Frame, method: str, run: dict[str, Any], timeout: float = 0) -> dict[str, Any]:
        try:
            answer = await frame.session.call(
                method, timeout or self._settings.action_timeout_seconds, awaitPromise=True, **run
            )
        except CdpError as error:
            if any(words in error.message.lower() for words in _LOST_CONTEXT):
                raise ContextLost from error
            raise
        self.stuck = False
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise CdpError(method, details.get("exception", {}).get("description", details["text"]))
        result: dict[str, Any] = answer["result"]
        return result

    async def input(self, method: str, events: Sequence[dict[str, Any]]) -> None:
        """Dispatch trusted input events in order. Raises PAGE_CRASHED or PAGE_UNRESPONSIVE.

        That the tab or the document went away with them is what such events may be for, and no error.
        """
        try:
            await self.session.sequence(method, events, self._settings.action_timeout_seconds)
        except SessionClosed:
            return

    async def last_picture(self, timeout: float, **picture: Any) -> str:
        """What was drawn last, as base64: to be had even while scripts keep the page busy."""
        self._picture = asyncio.get_running_loop().create_future()
        try:
            await self.session.call("Page.startScreencast", timeout, **picture)
            async with asyncio.timeout(timeout):
                return await self._picture
        except TimeoutError as error:
            raise OutriderError("PAGE_UNRESPONSIVE", seconds=f"{timeout:g}") from error
        finally:
            self._picture = None
            self.session.post("Page.stopScreencast")

    @asynccontextmanager
    async def preceded_by(self, source: str) -> AsyncIterator[None]:
        """Have ``source`` run in our world of each document that comes meanwhile, before the page's own scripts.

        Documents of embedded frames, also of other sites, are among them.
        """
        prelude = self._prelude = Prelude(source)
        try:
            await asyncio.gather(*(prelude.add(session) for session in (self.session, *self._sessions.values())))
            yield
        finally:
            self._prelude = None
            prelude.remove()

    async def title(self) -> str:
        """Title of the tab, also of one whose page hangs."""
        try:
            history = await self.session.call("Page.getNavigationHistory")
        except CdpError:
            return ""
        title: str = history["entries"][history["currentIndex"]]["title"]
        return title

    async def ensure_world(self, frame: Frame) -> None:
        """A document without scripts of its own gets its isolated world only when asked."""
        if not frame.context:
            await self._make_world(frame)
        if not frame.context:
            raise ContextLost

    async def _make_world(self, frame: Frame) -> None:
        timeout = self._settings.action_timeout_seconds
        try:
            made = {"frameId": frame.id, "worldName": WORLD}
            context = await frame.session.call("Page.createIsolatedWorld", timeout, **made)
            number = context["executionContextId"]
            await frame.session.call("Runtime.evaluate", timeout, expression=SOURCE + "0", contextId=number)
        except CdpError as error:
            raise ContextLost from error

    def handle(self, session: Session, method: str, params: dict[str, Any]) -> None:
        """One event of one of the tab's sessions."""
        self.frames.handle(session, method, params)
        if session is self.session or method.startswith("Network."):
            self.activity.handle(method, params)
        match method:
            case "Page.javascriptDialogOpening":
                self._answer_dialog(session, params)
            case "Page.frameNavigated" if params["frame"]["id"] == self.target.id:
                self.url = params["frame"].get("unreachableUrl") or params["frame"]["url"]
            case "Page.navigatedWithinDocument" if params["frameId"] == self.target.id:
                self.url = params["url"]
            case "Inspector.targetCrashed" if session is self.session:
                self.fail_crashed()
            case "Page.screencastFrame" if self._picture is not None and not self._picture.done():
                self._picture.set_result(params["data"])
            case "Target.attachedToTarget" if params["targetInfo"]["type"] == _FOLLOWED:
                self._attach_frame(params)
            case "Target.attachedToTarget":
                Session(session.connection, params["sessionId"]).post("Runtime.runIfWaitingForDebugger")
                session.post("Target.detachFromTarget", sessionId=params["sessionId"])
            case "Target.detachedFromTarget":
                self._detach_frame(params["sessionId"])
            case _:
                pass

    def fail_crashed(self) -> None:
        """The renderer is gone: end every pending call with PAGE_CRASHED."""
        self.crashed = True
        for session in (self.session, *self._sessions.values()):
            session.connection.fail_session(session.id, OutriderError("PAGE_CRASHED", url=self.url))

    def close(self) -> None:
        """The target is gone: end its calls and those of its frames."""
        for session in (self.session, *self._sessions.values()):
            session.connection.forget(session.id)

    def _listen(self, session: Session) -> None:
        session.connection.listen(session.id, lambda method, params: self.handle(session, method, params))

    def _prepare(self, session: Session) -> list[asyncio.Future[dict[str, Any]]]:
        """Domains, script and auto-attach of one target, in the order in which they have to take effect."""
        return [
            session.send("Page.enable"),
            session.send("Page.addScriptToEvaluateOnNewDocument", source=SOURCE, worldName=WORLD, runImmediately=True),
            *([self._prelude.add(session)] if self._prelude else []),
            session.send("Runtime.enable"),
            session.send("Network.enable", maxTotalBufferSize=0, maxResourceBufferSize=0),
            session.send(
                "Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=True, flatten=True, filter=_ATTACHED
            ),
            session.send("Runtime.runIfWaitingForDebugger"),
        ]

    def _attach_frame(self, params: dict[str, Any]) -> None:
        session = Session(self.session.connection, params["sessionId"])
        info = params["targetInfo"]
        self._sessions[session.id] = session
        known = self.frames.get(info["targetId"])
        parent = known.parent if known else info.get("parentFrameId", self.target.id)
        self.frames.add(info["targetId"], parent, session)
        self._listen(session)
        for future in self._prepare(session):
            future.add_done_callback(_retrieve)

    def _detach_frame(self, session_id: str) -> None:
        session = self._sessions.pop(session_id, None)
        if session is not None:
            self.frames.drop_session(session)
            session.connection.forget(session_id)

    def _answer_dialog(self, session: Session, params: dict[str, Any]) -> None:
        text = params.get("defaultPrompt", "")
        session.post("Page.handleJavaScriptDialog", accept=True, promptText=text)
        self._dialogs.append(Dialog(params["type"], params["message"][:_DIALOG_CHARACTERS], accepted=True))
        self.dialog_count += 1

    def dialogs_since(self, count: int) -> tuple[Dialog, ...]:
        """The dialogs after the first ``count``, as far as they are kept."""
        new = self.dialog_count - count
        return tuple(self._dialogs)[-new:] if new else ()


def _retrieve(future: asyncio.Future[dict[str, Any]]) -> None:
    if not future.cancelled():
        future.exception()
