"""The outermost edge of every request: its id, its line in the log, and an answer whatever happens inside."""

import secrets
import time
from typing import Final
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from outrider.api.dependencies import Dependencies
from outrider.api.errors import error_response
from outrider.problems import OutriderError
from outrider.telemetry import bound, get_logger

__all__ = ["EdgeMiddleware", "new_request_id"]

#: Logged for a client that went away before its answer; never sent.
CLIENT_CLOSED: Final = 499
#: Of a path, in the log.
LOGGED_CHARACTERS: Final = 300
#: Asked for every few seconds by whoever watches the server.
_QUIET_PATHS: Final = frozenset({"/healthz", "/readyz"})

log = get_logger(__name__)


def new_request_id() -> str:
    """An id that no other request has; a client's own is not taken over, since nothing vouches for it."""
    return f"req_{secrets.token_hex(12)}"


class EdgeMiddleware:
    """Gives each request an id, catches what nobody caught, and logs one line."""

    def __init__(self, app: ASGIApp, dependencies: Dependencies) -> None:
        self._app = app
        self._dependencies = dependencies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send, new_request_id(), head=scope["method"] == "HEAD")
        state = {**scope.get("state", {}), "request_id": answer.request_id}
        scope = {**scope, "state": state, "method": "GET" if answer.head else scope["method"]}
        with bound(request_id=answer.request_id):
            try:
                await self._run(scope, receive, answer)
            finally:
                _log_request(scope, answer)

    async def _run(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            await self._app(scope, receive, answer.send)
        except _HeadAnswered:
            return
        except ClientDisconnect:
            answer.status = answer.status or CLIENT_CLOSED
        except OutriderError as problem:
            await self._fail(problem, scope, receive, answer)
        except Exception:
            log.exception("request failed with an internal error")
            await self._fail(OutriderError("INTERNAL_ERROR"), scope, receive, answer)

    async def _fail(self, problem: OutriderError, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        """Send the envelope, unless a response has begun: then the connection is cut, which tells the client."""
        if answer.status == 0:
            base_url = self._dependencies.base_url(scope)
            await error_response(problem, answer.request_id, base_url)(scope, receive, answer.send)


class _HeadAnswered(Exception):
    """The head has been sent, and that is all that HEAD asks for; ends what would produce the body."""


class _Answer:
    """One response on its way out. ``status`` is 0 until it has begun."""

    def __init__(self, send: Send, request_id: str, *, head: bool) -> None:
        self._send = send
        self.request_id = request_id
        self.head = head
        self.status = 0
        self.started = time.perf_counter()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)["X-Request-Id"] = self.request_id
        elif self.head and message["type"] == "http.response.body":
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
            raise _HeadAnswered
        await self._send(message)


def _log_request(scope: Scope, answer: _Answer) -> None:
    write = log.debug if scope["path"] in _QUIET_PATHS else log.info
    principal = scope["state"].get("principal")
    write(
        "request",
        method="HEAD" if answer.head else scope["method"],
        # Without the query, which may hold secrets; quoted again, since it may hold a terminal's control codes.
        path=quote(scope["path"])[:LOGGED_CHARACTERS],
        status=answer.status,
        ms=round((time.perf_counter() - answer.started) * 1000, 1),
        key="" if principal is None else f"…{principal.key_tail}",
    )
