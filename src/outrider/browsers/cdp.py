"""The DevTools protocol: calls matched with answers, events handed to whoever listens to their session.

Reference: https://chromedevtools.github.io/devtools-protocol/. A *session* here is a DevTools session (one target,
"flat" mode), not a session of the product.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import Any, Final

import orjson

from outrider.browsers.transport import Transport
from outrider.problems import OutriderError

__all__ = ["CALL_TIMEOUT_SECONDS", "CdpError", "Connection", "Session", "SessionClosed", "decode", "well_formed"]

Params = Mapping[str, Any]
Listener = Callable[[str, dict[str, Any]], None]

#: Deadline of a call that names none.
CALL_TIMEOUT_SECONDS: Final = 10.0


class CdpError(Exception):
    """The browser refused a call."""

    def __init__(self, method: str, message: str) -> None:
        super().__init__(f"{method}: {message}")
        self.message = message


class SessionClosed(CdpError):
    """The target of the session went away before it answered."""


def decode(data: bytes | str) -> Any:
    """JSON to values; lone surrogates, which pages may contain, become replacement characters. Raises ValueError."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    try:
        return orjson.loads(well_formed(data))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def well_formed(data: bytes | str) -> bytes:
    """The same JSON with replacement characters for lone surrogates."""
    return json.dumps(json.loads(data), ensure_ascii=False).encode("utf-8", "replace")


class Connection:
    """One browser's DevTools. All calls are in flight at once; answers come in any order.

    Once ``fail`` was called, every pending and every later call raises its exception.
    """

    def __init__(self) -> None:
        self._transport: Transport | None = None
        self._numbers = count(1)
        self._pending: dict[int, tuple[str, str, asyncio.Future[dict[str, Any]]]] = {}
        self._listeners: dict[str, Listener] = {}
        self._failure: Exception | None = None

    def use(self, transport: Transport) -> None:
        """Send through ``transport`` from now on."""
        self._transport = transport

    def listen(self, session_id: str, listener: Listener) -> None:
        """Hand events of a session (``""``: of the browser) to ``listener``, which must not raise."""
        self._listeners[session_id] = listener

    def send(self, method: str, params: Params | None = None, session_id: str = "") -> asyncio.Future[dict[str, Any]]:
        """Send one call now; its result is the future's. Calls of one session are carried out in the order sent."""
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        if self._failure is not None or self._transport is None:
            future.set_exception(self._failure or SessionClosed(method, "not connected"))
            return future
        number = next(self._numbers)
        self._pending[number] = (session_id, method, future)
        message: dict[str, Any] = {"id": number, "method": method, "params": params or {}}
        if session_id:
            message["sessionId"] = session_id
        self._transport.send(orjson.dumps(message))
        return future

    def receive(self, data: bytes) -> None:
        """One message from the browser."""
        message = decode(data)
        if "id" in message:
            self._answer(message)
        elif listener := self._listeners.get(message.get("sessionId", "")):
            listener(message["method"], message.get("params", {}))

    def fail(self, failure: Exception) -> None:
        """The browser is gone: every call ends with ``failure``."""
        self._failure = self._failure or failure
        self._drop(lambda _: True, lambda _: failure)

    def fail_session(self, session_id: str, failure: Exception | None = None) -> None:
        """Every pending call of a session ends, with ``failure`` or SessionClosed."""
        self._drop(lambda owner: owner == session_id, lambda method: failure or SessionClosed(method, "target closed"))

    def forget(self, session_id: str) -> None:
        """The session is over: end its calls, hear it no more."""
        self._listeners.pop(session_id, None)
        self.fail_session(session_id)

    def _answer(self, message: dict[str, Any]) -> None:
        _, method, future = self._pending.pop(message["id"], ("", "", None))
        if future is None or future.done():
            return
        if "error" in message:
            future.set_exception(CdpError(method, message["error"].get("message", "")))
        else:
            future.set_result(message.get("result", {}))

    def _drop(self, chosen: Callable[[str], bool], failure: Callable[[str], Exception]) -> None:
        for number, (owner, method, future) in list(self._pending.items()):
            if chosen(owner):
                del self._pending[number]
                if not future.done():
                    future.set_exception(failure(method))


class Session:
    """Calls to one target."""

    def __init__(self, connection: Connection, session_id: str = "") -> None:
        self.connection = connection
        self.id = session_id

    def send(self, method: str, **params: Any) -> asyncio.Future[dict[str, Any]]:
        """Send one call now; see ``Connection.send``."""
        return self.connection.send(method, params, self.id)

    def post(self, method: str, **params: Any) -> None:
        """Send one call whose answer nobody needs."""
        self.send(method, **params).add_done_callback(_retrieve)

    async def call(self, method: str, timeout: float = CALL_TIMEOUT_SECONDS, **params: Any) -> dict[str, Any]:
        """Send one call and wait for its result.

        Raises CdpError (refused), SessionClosed, or the OutriderError PAGE_UNRESPONSIVE after ``timeout`` seconds.
        """
        future = self.connection.send(method, params, self.id)
        expiry = asyncio.get_running_loop().call_later(timeout, _expire, (future,), timeout)
        try:
            return await future
        finally:
            expiry.cancel()

    async def sequence(
        self, method: str, series: Sequence[Params], timeout: float = CALL_TIMEOUT_SECONDS
    ) -> list[dict[str, Any]]:
        """Send several calls before the first answer, so that a caller who is cancelled can't leave them half sent.

        Raises as ``call`` does.
        """
        futures = [self.connection.send(method, params, self.id) for params in series]
        expiry = asyncio.get_running_loop().call_later(timeout, _expire, futures, timeout)
        try:
            return [await future for future in futures]
        finally:
            expiry.cancel()
            for future in futures:
                _abandon(future)


def _expire(futures: Iterable[asyncio.Future[dict[str, Any]]], seconds: float) -> None:
    """What has no answer yet gets none."""
    for future in futures:
        if not future.done():
            future.set_exception(OutriderError("PAGE_UNRESPONSIVE", seconds=f"{seconds:g}"))


def _abandon(future: asyncio.Future[dict[str, Any]]) -> None:
    """Nobody will look at it: neither an answer nor an exception is missed."""
    if not future.cancel():
        _retrieve(future)


def _retrieve(future: asyncio.Future[dict[str, Any]]) -> None:
    if not future.cancelled():
        future.exception()
