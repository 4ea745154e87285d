"""The live view's WebSocket. ``protocol.live`` has what is said on it.

The token comes as the first message rather than in the address, so that it stands in no log of a server or proxy.
A viewer has at most ``_AHEAD`` pictures under way: it says when one is shown. What changes meanwhile is left out.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import aclosing
from typing import Any, Final

import msgspec
from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from outrider.api.dependencies import Dependencies
from outrider.api.sockets import check_origin, first_to_end, send_in_time, serve_socket, while_valid
from outrider.api.viewers import Place
from outrider.identities.session_tokens import Grant, Right
from outrider.interfaces.live import LiveView
from outrider.problems import OutriderError
from outrider.protocol.live import (
    Bye,
    Control,
    GiveBack,
    Keys,
    Notice,
    PageState,
    Pick,
    Picker,
    PickerState,
    Pointer,
    SessionState,
    Shown,
    TakeOver,
    Token,
    ViewerMessage,
    Wheel,
    Write,
    parse_viewer_message,
    to_json,
)

__all__ = ["router"]

_AHEAD: Final = 2
#: A page's address can change without a new picture.
_ADDRESS_SECONDS: Final = 1.0
#: After these nothing is left to be seen.
_GONE: Final = frozenset(
    {
        "BROWSER_CRASHED",
        "EXTERNAL_BROWSER_UNREACHABLE",
        "SERVER_STOPPING",
        "SESSION_EXPIRED",
        "SESSION_NOT_FOUND",
    }
)
#: Ends after which connecting again makes no sense.
_FINAL_STATUSES: Final = range(400, 500)

router = APIRouter()


@router.websocket("/live/{session_id}/socket")
async def watch(websocket: WebSocket, session_id: str) -> None:
    """The socket of the live view's page."""
    wiring: Dependencies = websocket.app.state.dependencies

    async def work() -> None:
        check_origin(websocket, wiring)
        await websocket.accept()
        grant = await _greeted(websocket, wiring, session_id)
        async with while_valid(grant):
            await _Viewer(websocket, wiring, grant).run()

    await serve_socket(websocket, wiring, work, _farewell)


def _farewell(problem: OutriderError, request_id: str) -> str:
    error = problem.as_envelope(request_id)["error"]
    return to_json(Bye(error, again=problem.problem.status not in _FINAL_STATUSES))


async def _greeted(websocket: WebSocket, wiring: Dependencies, session_id: str) -> Grant:
    """What the viewer's first message entitles it to."""
    seconds = wiring.settings.body_timeout_seconds
    try:
        async with asyncio.timeout(seconds):
            said = await _next_message(websocket)
    except TimeoutError as error:
        raise OutriderError("SOCKET_SILENT", seconds=f"{seconds:g}") from error
    token = said.token if isinstance(said, Token) else ""
    return wiring.tokens.verify(token, session_id, Right.VIEW)


async def _next_message(websocket: WebSocket) -> ViewerMessage:
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    return parse_viewer_message(message.get("text"))


class _Viewer:
    """One viewer from its token to its end."""

    def __init__(self, websocket: WebSocket, wiring: Dependencies, grant: Grant) -> None:
        self._websocket = websocket
        self._wiring = wiring
        self._grant = grant
        self._principal = grant.principal
        self._ahead = asyncio.Semaphore(_AHEAD)
        self._under_way = 0
        #: Has, or was about to, and has not given back.
        self._took_over = False
        self._control_changed = asyncio.Event()
        self._control_changed.set()
        #: The viewer, or the page, may have moved the focus.
        self._focus_moved = asyncio.Event()
        self._handlers: Mapping[type[ViewerMessage], Callable[..., Any]] = {
            Shown: self._on_shown,
            TakeOver: self._on_take_over,
            GiveBack: self._on_give_back,
            Pick: self._on_pick,
            **dict.fromkeys((Pointer, Wheel, Keys, Write), self._on_input),
        }

    async def run(self) -> None:
        """Until either side ends it. Raises the problem that ends it, or WebSocketDisconnect."""
        session_id = self._grant.session_id
        with self._wiring.viewers.joined(session_id, self._control_changed.set) as place:
            browser = await self._wiring.viewing.browser(self._principal, session_id)
            try:
                await first_to_end(
                    self._send_pictures(browser.live_view),
                    self._send_addresses(browser.live_view),
                    self._send_progress(place),
                    self._send_control(place),
                    self._send_picker(browser.live_view, place),
                    self._listen(browser.live_view, place),
                )
            except OutriderError as problem:
                if problem.code in _GONE:  # as it does when the session ends: then that is the reason
                    await self._wiring.viewing.settle_end(self._principal, session_id)
                raise
            finally:
                if self._took_over:
                    await self._wiring.viewing.leave(session_id, self._grant.holder)

    # --- to the viewer

    async def _send_pictures(self, view: LiveView) -> None:
        async with aclosing(view.pictures()) as pictures:
            await self._ahead.acquire()
            async for picture in pictures:
                self._under_way += 1
                await send_in_time(self._websocket, picture)
                await self._ahead.acquire()

    async def _send_addresses(self, view: LiveView) -> None:
        sent: str | None = None
        while True:
            if view.url != sent:
                sent = view.url
                await self._send(PageState(sent))
                self._focus_moved.set()
            await asyncio.sleep(_ADDRESS_SECONDS)

    async def _send_progress(self, place: Place) -> None:
        async with aclosing(self._wiring.viewing.progress(self._principal, self._grant.session_id)) as changes:
            async for progress in changes:
                if progress.status == "running":  # the agent goes on: nobody holds it any more
                    self._wiring.viewers.release(self._grant.session_id, place)
                    self._control_changed.set()
                await self._send(SessionState(progress.status, progress.step))

    async def _send_control(self, place: Place) -> None:
        while True:
            await self._control_changed.wait()
            self._control_changed.clear()
            held = self._wiring.viewers.holds(self._grant.session_id, place)
            await self._send(Control(allowed=self._grant.allows(Right.CONTROL), held=held))

    async def _send_picker(self, view: LiveView, place: Place) -> None:
        """Whoever has mouse and keyboard is told of the field that they would see a list for, had they the browser."""
        sent: Picker | None = None
        while True:
            await self._focus_moved.wait()
            self._focus_moved.clear()
            held = self._wiring.viewers.holds(self._grant.session_id, place)
            try:
                picker = await view.picker() if held else None
            except OutriderError as problem:
                await self._tell(problem)
                continue
            shown = picker and msgspec.structs.replace(picker, asked=False)
            if picker != shown or shown != sent:
                sent = shown
                await self._send(PickerState(picker))

    async def _send(self, message: SessionState | PageState | Control | PickerState | Notice) -> None:
        await send_in_time(self._websocket, to_json(message))

    async def _tell(self, problem: OutriderError) -> None:
        """Tell what did not work, and go on. Raises the problem when there is nothing to go on with."""
        if problem.code in _GONE:
            raise problem
        await self._send(Notice(problem.as_envelope("")["error"]))

    # --- from the viewer

    async def _listen(self, view: LiveView, place: Place) -> None:
        while True:
            message = await _next_message(self._websocket)
            handle = self._handlers.get(type(message))
            if handle is None:
                raise OutriderError("SOCKET_MESSAGE_INVALID", reason="the token was sent already.")
            try:
                await handle(message, view, place)
            except OutriderError as problem:
                await self._tell(problem)

    async def _on_shown(self, message: Shown, view: LiveView, place: Place) -> None:
        del message, view, place
        if self._under_way:  # more than there were would let pictures queue
            self._under_way -= 1
            self._ahead.release()

    async def _on_take_over(self, message: TakeOver, view: LiveView, place: Place) -> None:
        del message, view
        self._require_control()
        self._took_over = True
        await self._wiring.viewing.take_over(self._principal, self._grant.session_id, self._grant.holder)
        self._wiring.viewers.take(self._grant.session_id, place)
        self._control_changed.set()

    async def _on_give_back(self, message: GiveBack, view: LiveView, place: Place) -> None:
        del message, view
        self._require_control()
        self._wiring.viewers.release(self._grant.session_id, place)
        self._control_changed.set()
        await self._wiring.viewing.give_back(self._principal, self._grant.session_id, self._grant.holder)
        self._took_over = False

    async def _on_input(self, message: Any, view: LiveView, place: Place) -> None:
        self._require_control()
        if self._wiring.viewers.holds(self._grant.session_id, place):
            await view.enter(message)
            if not isinstance(message, Wheel) and getattr(message, "action", "up") == "up":
                self._focus_moved.set()

    async def _on_pick(self, message: Pick, view: LiveView, place: Place) -> None:
        self._require_control()
        if self._wiring.viewers.holds(self._grant.session_id, place):
            await view.pick(message)
            self._focus_moved.set()

    def _require_control(self) -> None:
        if not self._grant.allows(Right.CONTROL):
            raise OutriderError("SESSION_RIGHT_MISSING", right=self._grant.right.value, needed=Right.CONTROL.value)
