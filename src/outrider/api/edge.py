"""The outermost edge of every request: its id, its line in the log, and an answer whatever happens inside."""

import re
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from outrider.api.dependencies import Dependencies
from outrider.api.errors import error_response
from outrider.interfaces.identities import Principal
from outrider.interfaces.requests import RequestEntry
from outrider.problems import OutriderError
from outrider.redaction import MAX_CHARACTERS, mask_body, mask_path, mask_url, without_patterns
from outrider.telemetry import bound, get_logger

__all__ = ["EdgeMiddleware", "new_request_id"]

#: Logged for a client that went away before its answer; never sent.
CLIENT_CLOSED: Final = 499
#: Of a path, in the log.
LOGGED_CHARACTERS: Final = 300
#: Statuses from here on are recorded with bodies.
FAILURE: Final = 400
_CODE: Final = re.compile(rb'(?:"code":"|<code>)([A-Z_]{1,64})["<]')
#: Failures that are to cost nothing more: there is no valid key, or the request was turned away unseen.
_NOBODYS: Final = frozenset({"UNAUTHORIZED", "TOKEN_KEYS_UNAVAILABLE", "OVERLOADED", "POLICY_REFUSED"})
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
        state = {**scope.get("state", {}), "request_id": new_request_id()}
        answer = _Answer(send, state, head=scope["method"] == "HEAD")
        scope = {**scope, "state": state, "method": "GET" if answer.head else scope["method"]}
        with bound(request_id=answer.request_id):
            try:
                await self._run(scope, receive, answer)
            finally:
                await self._identify(scope, answer)
                _log_request(scope, answer)
                self._record(scope, answer)

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

    async def _identify(self, scope: Scope, answer: "_Answer") -> None:
        """Find out whose a request is that failed before the gate: its owner asks the record for it."""
        state = scope["state"]
        if answer.status < FAILURE or "principal" in state or state.get("code") in _NOBODYS:
            return
        with suppress(OutriderError):
            state["principal"] = await self._dependencies.admission.authenticate(Headers(scope=scope))

    def _record(self, scope: Scope, answer: "_Answer") -> None:
        """Note the request in the record of whoever made it."""
        principal: Principal | None = scope["state"].get("principal")
        if principal is not None:
            base_url = self._dependencies.base_url(scope)
            self._dependencies.requests.recorder.note(_entry_of(scope, answer, principal, base_url))

    async def _fail(self, problem: OutriderError, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        """Send the envelope, unless a response has begun: then the connection is cut, which tells the client."""
        scope["state"]["code"] = problem.code
        if answer.status == 0:
            base_url, accept = self._dependencies.base_url(scope), Headers(scope=scope).get("accept", "")
            response = error_response(problem, answer.request_id, base_url, scope["path"], accept)
            await response(scope, receive, answer.send)


class _HeadAnswered(Exception):
    """The head has been sent, and that is all that HEAD asks for; ends what would produce the body."""


class _Answer:
    """One response on its way out. ``status`` is 0 until it has begun."""

    def __init__(self, send: Send, state: Mapping[str, Any], *, head: bool) -> None:
        self._send = send
        self._state = state
        self.request_id: str = state["request_id"]
        self.head = head
        self.status = 0
        self.started = time.perf_counter()
        self.at = datetime.now(UTC)
        #: Of a failure, the beginning of what is told.
        self.told = b""

    @property
    def ms(self) -> float:
        """Since the request came in."""
        return round((time.perf_counter() - self.started) * 1000, 1)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers.update({"X-Request-Id": self.request_id, **self._state.get("rate", {})})
        elif self.head and message["type"] == "http.response.body":
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
            raise _HeadAnswered
        elif self.status >= FAILURE and len(self.told) < MAX_CHARACTERS:
            self.told += message.get("body", b"")[:MAX_CHARACTERS]
        await self._send(message)


def _log_request(scope: Scope, answer: _Answer) -> None:
    write = log.debug if scope["path"] in _QUIET_PATHS else log.info
    principal = scope["state"].get("principal")
    write(
        "request",
        method="HEAD" if answer.head else scope["method"],
        # Without the query, which may hold secrets; quoted again, since it may hold a terminal's control codes.
        path=quote(mask_path(scope["path"]), safe="/")[:LOGGED_CHARACTERS],
        status=answer.status,
        ms=answer.ms,
        key="" if principal is None else f"…{principal.key_tail}",
    )


def _entry_of(scope: Scope, answer: _Answer, principal: Principal, base_url: str) -> RequestEntry:
    """What is kept of a request. Bodies only of failures, and of the request's only its shape."""
    failed = answer.status >= FAILURE
    body: bytes = scope["state"].get("body", b"") if failed else b""
    media_type = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"content-type"), "none")
    return RequestEntry(
        id=answer.request_id,
        organisation_id=principal.organisation_id,
        key_id=principal.key_id,
        key_tail=principal.key_tail,
        method="HEAD" if answer.head else scope["method"],
        url=without_patterns(base_url) + mask_url(scope["path"], scope["query_string"].decode("latin-1")),
        status=answer.status,
        code=_code_of(scope, answer.told) if failed else "",
        latency_ms=answer.ms,
        request_body=mask_body(body, media_type) if body else "",
        answer_body=answer.told.decode("utf-8", "replace")[:MAX_CHARACTERS],
        at=answer.at,
    )


def _code_of(scope: Scope, told: bytes) -> str:
    """The row of a failure; an answer that is given again has it only in its body."""
    found = _CODE.search(told)
    return str(scope["state"].get("code") or (found[1].decode() if found else ""))
