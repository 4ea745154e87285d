"""One DevTools client of a browser that is driven over a pipe: its messages in and out of the one connection.

The client gets a browser-level session of its own. What it attaches to from there is its own too, and only that can
it send to; so neither its auto-attach nor its domains touch the agent's. Numbers of calls are translated by
``cdp.Connection``; ids of sessions are random and stay as they are.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import orjson

from outrider.browsers.attach import attached_to_browser
from outrider.browsers.cdp import CdpError, Session, decode
from outrider.browsers.devtools_policy import IGNORED, permitted
from outrider.problems import OutriderError

__all__ = ["DevToolsClient"]

#: Of messages that a client has not read yet.
MAX_WAITING_BYTES: Final = 67_108_864
MAX_CALLS_UNDER_WAY: Final = 1000
#: Of calls that the browser has not answered yet, the latest left out.
MAX_BYTES_UNDER_WAY: Final = 67_108_864

#: JSON-RPC, as Chromium uses it.
_SERVER_ERROR: Final = -32000
_NO_SESSION: Final = -32001
_TOO_MUCH: Final = f"{MAX_CALLS_UNDER_WAY} calls or {MAX_BYTES_UNDER_WAY} bytes of calls are under way already"


class DevToolsClient:
    """``interfaces.live.DevTools``."""

    def __init__(self, browser: Session, files: Path) -> None:
        self._browser = browser
        self._files = files
        self._sessions = {browser.id}
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._under_way = 0
        self._bytes_under_way = 0
        self._failure: OutriderError | None = None
        self._news = asyncio.Event()
        self._listen(browser.id)

    @classmethod
    @asynccontextmanager
    async def attached(cls, root: Session, files: Path) -> AsyncIterator["DevToolsClient"]:
        """A client for as long as the block runs; then everything that it attached to is let go."""
        async with attached_to_browser(root) as browser:
            client = cls(browser, files)
            try:
                yield client
            finally:
                for session_id in tuple(client._sessions):
                    browser.connection.forget(session_id)

    async def send(self, message: str) -> None:
        """See ``interfaces.live.DevTools.send``."""
        number, method, params, session_id = _parse(message)
        if session_id and session_id not in self._sessions:
            self._refuse(number, session_id, _NO_SESSION, "Session with given id not found.")
        elif method in IGNORED:
            self._put({"id": number, "result": {}}, session_id)
        elif self._under_way >= MAX_CALLS_UNDER_WAY or self._bytes_under_way > MAX_BYTES_UNDER_WAY:
            self._refuse(number, session_id, _SERVER_ERROR, _TOO_MUCH)
        else:
            self._carry_out(number, method, params, session_id, size=len(message))

    async def receive(self) -> bytes:
        """See ``interfaces.live.DevTools.receive``."""
        while not self._waiting:
            if self._failure is not None:
                raise self._failure
            self._news.clear()
            await self._news.wait()
        message = self._waiting.popleft()
        self._waiting_bytes -= len(message)
        return message

    def end(self, failure: OutriderError) -> None:
        """No more messages come; ``receive`` raises this after those that wait."""
        self._failure = self._failure or failure
        self._news.set()

    def _carry_out(self, number: int, method: str, params: dict[str, Any], session_id: str, *, size: int) -> None:
        try:
            params = permitted(method, params, self._files)
        except OutriderError as refusal:
            self._refuse(number, session_id, _SERVER_ERROR, refusal.message)
            return
        self._under_way += 1
        self._bytes_under_way += size
        future = self._browser.connection.send(method, params, session_id or self._browser.id)
        future.add_done_callback(lambda done: self._answer(number, session_id, done, size=size))

    def _answer(self, number: int, session_id: str, done: asyncio.Future[dict[str, Any]], *, size: int) -> None:
        self._under_way -= 1
        self._bytes_under_way -= size
        if done.cancelled():
            return
        match done.exception():
            case None:
                self._put({"id": number, "result": done.result()}, session_id)
            case CdpError() as error:
                self._refuse(number, session_id, _SERVER_ERROR, error.message)
            case error:
                self._refuse(number, session_id, _SERVER_ERROR, str(error))

    def _refuse(self, number: int, session_id: str, code: int, words: str) -> None:
        self._put({"id": number, "error": {"code": code, "message": words}}, session_id)

    def _listen(self, session_id: str) -> None:
        self._browser.connection.listen(session_id, lambda method, params: self._event(session_id, method, params))

    def _event(self, session_id: str, method: str, params: dict[str, Any]) -> None:
        if method == "Target.attachedToTarget":
            self._sessions.add(params["sessionId"])
            self._listen(params["sessionId"])
        elif method == "Target.detachedFromTarget":
            self._sessions.discard(params["sessionId"])
            self._browser.connection.forget(params["sessionId"])
        self._put({"method": method, "params": params}, "" if session_id == self._browser.id else session_id)

    def _put(self, message: dict[str, Any], session_id: str) -> None:
        if self._failure is not None:
            return
        data = orjson.dumps(message | {"sessionId": session_id} if session_id else message)
        if self._waiting_bytes + len(data) > MAX_WAITING_BYTES:
            self._waiting.clear()
            self._waiting_bytes = 0
            self._failure = OutriderError("SOCKET_TOO_SLOW", reason=f"More than {MAX_WAITING_BYTES} bytes wait for it.")
        else:
            self._waiting.append(data)
            self._waiting_bytes += len(data)
        self._news.set()


def _parse(text: str) -> tuple[int, str, dict[str, Any], str]:
    """Number, method, parameters and session of a command. Raises SOCKET_MESSAGE_INVALID."""
    try:
        message = decode(text)
    except ValueError as error:
        raise OutriderError("SOCKET_MESSAGE_INVALID", reason="it is not JSON.") from error
    match message:
        case {"id": int(number), "method": str(method)}:
            params, session_id = message.get("params") or {}, message.get("sessionId") or ""
            if isinstance(params, dict) and isinstance(session_id, str):
                return number, method, params, session_id
        case _:
            pass
    raise OutriderError("SOCKET_MESSAGE_INVALID", reason="a command has “id”, “method” and perhaps “params”.")
