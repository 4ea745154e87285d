"""One method per endpoint of the sessions API."""

import json
import logging
import uuid
import warnings
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any, Final, Self
from urllib.parse import quote

import httpx

from outrider.client.credits import CreditCalls
from outrider.client.errors import ServerError, error_of_answer, error_of_transport, server_url
from outrider.client.events import LAST_EVENTS, Event, read_events
from outrider.client.files import FileCalls
from outrider.client.identities import KeyCalls, OrganisationCalls
from outrider.client.paging import items_of_pages
from outrider.client.requests import RequestCalls
from outrider.client.retrying import Retries
from outrider.client.vault import VaultCalls
from outrider.client.versions import Versions
from outrider.client.webhooks import WebhookCalls
from outrider.problems import OutriderError

__all__ = ["OutriderClient"]

#: More than the longest pause between two heartbeats that a server may be set to.
SILENCE_SECONDS: Final = 60.0
PATIENCE_SECONDS: Final = 30.0

Json = dict[str, Any]

_DEFAULT_RETRIES: Final = Retries()
_NOT_MODIFIED: Final = 304
_NO_RETRIES: Final = Retries(attempts=1)

log = logging.getLogger("outrider.client")


class OutriderClient:
    """A connection to one server with one key; use it as ``async with OutriderClient(url, key) as client``.

    Methods return the wire's JSON objects. Every failure is an ``OutriderError``: what the server reported (with
    ``status`` and ``request_id``; UNKNOWN when something else has answered), MALFORMED_JSON for what can't be sent,
    SERVER_UNREACHABLE or UNEXPECTED_ANSWER. What may pass is tried again as ``retries`` says, also when the connection
    broke off: each POST has an Idempotency-Key, so that its work is done once. The logger ``outrider.client`` tells
    every failure with its request id.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        timeout_seconds: float = SILENCE_SECONDS,
        retries: Retries = _DEFAULT_RETRIES,
    ) -> None:
        """``base_url`` is the server's origin, without ``/v1``.

        Raises SERVER_UNREACHABLE when it is no http(s) URL, UNAUTHORIZED for a key that no header can carry. Blanks and
        ends of lines around a key are left out, with a warning: they came along when it was copied.
        """
        url = server_url(base_url)
        key = api_key.strip()
        if key != api_key:
            warnings.warn("There were blanks around the API key; they were left out.", stacklevel=2)
        if not (key.isascii() and key.isprintable()):
            raise OutriderError("UNAUTHORIZED", reason="The key contains characters that no key has.")
        self._base_url = base_url.rstrip("/")
        self._http = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {key}", "User-Agent": "outrider-python"},
            timeout=timeout_seconds,
            trust_env=url.host not in {"127.0.0.1", "localhost", "::1"},  # no proxy on the way to this machine
        )
        self._retries = retries
        self._versions = Versions()
        #: What sessions downloaded, and what is offered to them.
        self.files = FileCalls(self._object, self._bytes, _path)
        #: Receivers of events, and what they were sent.
        self.webhooks = WebhookCalls(self._object)
        #: Log-ins, cards, and leave to pay.
        self.vault = VaultCalls(self._object)
        #: What programs prove themselves with, and what each may do.
        self.keys = KeyCalls(self._json)
        #: Clients of the server; for its operator.
        self.organisations = OrganisationCalls(self._json)
        #: What may be spent.
        self.credits = CreditCalls(self._object)
        #: What was asked of the server, and whether it takes requests.
        self.requests = RequestCalls(self._object)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    @property
    def base_url(self) -> str:
        """The server's origin."""
        return self._base_url

    # --- sessions

    async def create_session(self, **fields: Any) -> Json:
        """A new session; ``fields`` are those of the wire: agent_name, max_steps, goal, …"""
        return await self._object("POST", "/v1/sessions", body=_given(fields))

    async def list_sessions(self) -> list[Json]:
        """The organisation's sessions, oldest first, without ended ones."""
        sessions = await self._json("GET", "/v1/sessions")
        if not isinstance(sessions, list):
            raise OutriderError("UNEXPECTED_ANSWER", url=f"{self._base_url}/v1/sessions", reason="it sent no list")
        return sessions

    async def get_session(self, session_id: str) -> Json:
        """The session object."""
        return await self._object("GET", _path(session_id))

    async def delete_session(
        self,
        session_id: str,
        *,
        save_snapshot_mode: str | None = None,
        save_as_default: bool | None = None,
        keep_files: bool | None = None,
    ) -> Json:
        """End a session and its browser; ``deleted`` is false for one that there is not.

        ``save_snapshot_mode`` memory or filesystem saves its environment before; a new session gets it by
        ``create_session(restore_from_session_id=…)``. ``keep_files`` has its files outlive it for a time.
        """
        query = {"save_snapshot_mode": save_snapshot_mode, "save_as_default": save_as_default, "keep_files": keep_files}
        return await self._object("DELETE", _path(session_id), query=_given(query))

    async def delete_sessions(self) -> Json:
        """End all sessions of the organisation."""
        return await self._object("DELETE", "/v1/sessions")

    # --- the task of a session

    async def send_message(
        self,
        session_id: str,
        message: str,
        *,
        start_url: str | None = None,
        output_schema: Mapping[str, Any] | None = None,
        config_updates: Mapping[str, Any] | None = None,
        context: str | None = None,
    ) -> Json:
        """Start a task, answer a question, or add to the running task. Returns once it is queued.

        ``config_updates``: ``timeout`` (seconds), ``max_steps`` and ``max_cost`` (US dollars) tighten the limits of a
        new task.
        """
        body = {
            "message": message,
            "start_url": start_url,
            "output_schema": output_schema,
            "config_updates": config_updates,
            "context": context,
        }
        return await self._object("POST", _path(session_id, "message"), body=_given(body))

    async def get_status(self, session_id: str) -> str:
        """ready, running, waiting_for_input, paused, finished or error."""
        return str((await self._object("GET", _path(session_id, "status"))).get("status"))

    async def get_messages(
        self, session_id: str, *, after_id: int = 0, limit: int | None = None, sanitize: bool = True
    ) -> list[Json]:
        """The session's log after a message id, ascending: all of it, or the first ``limit`` (at most 1,000)."""
        query = _given({"after_id": after_id, "sanitize": sanitize, "limit": limit})
        messages = (await self._object("GET", _path(session_id, "messages"), query=query)).get("messages")
        return messages if isinstance(messages, list) else []

    async def stream_events(
        self,
        session_id: str,
        *,
        after_id: int | None = None,
        event_types: Collection[str] | None = None,
        include_history: bool = True,
        sanitize: bool = True,
    ) -> AsyncGenerator[Event, None]:
        """Events as they happen, until ``done`` or ``error`` ends the session's task.

        ``after_id`` wins over ``include_history``. A connection that breaks is resumed where it stopped, also before
        the first event. Heartbeats are left out.
        """
        query: dict[str, Any] = {"include_history": include_history, "sanitize": sanitize}
        if event_types is not None:
            query["event_types"] = ",".join(sorted({*event_types, *LAST_EVENTS}))

        @asynccontextmanager
        async def connect(last_id: int | None) -> AsyncIterator[httpx.Response]:
            resumed = {} if last_id is None else {"Last-Event-ID": str(last_id)}
            headers = {"Accept": "text/event-stream"} | resumed
            request = self._request("GET", _path(session_id, "events"), params=query, headers=headers)
            async with self._open(request, _NO_RETRIES) as answer:
                yield answer

        reading = read_events(connect, after_id=after_id, wanted=event_types, patience_seconds=PATIENCE_SECONDS)
        async with aclosing(reading) as events:
            async for event in events:
                yield event

    async def pause(self, session_id: str) -> Json:
        """Hold the task before its next action."""
        return await self._object("POST", _path(session_id, "pause"))

    async def resume(self, session_id: str) -> Json:
        """Let a held task go on."""
        return await self._object("POST", _path(session_id, "resume"))

    async def cancel(self, session_id: str) -> Json:
        """End the task within two seconds; the session stays usable."""
        return await self._object("POST", _path(session_id, "cancel"))

    # --- tasks as scripts

    async def get_script(self, session_id: str, *, task_id: int | None = None) -> str:
        """The last finished task as a script in YAML, or the one that the message ``task_id`` has started."""
        query = "" if task_id is None else f"?task_id={task_id}"
        return (await self._bytes("GET", _path(session_id, "script") + query)).decode()

    async def replay(
        self,
        session_id: str,
        script: str,
        *,
        variables: Mapping[str, str] | None = None,
        ask_model: bool | None = None,
        config_updates: Mapping[str, Any] | None = None,
    ) -> Json:
        """Do a script again, as a task of the session. Returns once it is queued.

        ``ask_model=False`` has a step that finds nothing end the task, rather than ask the session's model.
        """
        body = {"script": script, "variables": variables, "ask_model": ask_model, "config_updates": config_updates}
        return await self._object("POST", _path(session_id, "replay"), body=_given(body))

    # --- the browser of a session

    async def navigate(self, session_id: str, url: str) -> str:
        """Open an address, beside any task; returns the one where the browser ended up."""
        return str((await self._object("POST", _path(session_id, "navigate"), body={"url": url})).get("current_url"))

    async def screenshot(self, session_id: str) -> Json:
        """``screenshot`` (data URL of a JPEG), ``url`` and ``title`` of the page as it is now."""
        return await self._object("GET", _path(session_id, "screenshot"))

    # --- the server

    async def audit(
        self,
        *,
        session_id: str | None = None,
        decision: str | None = None,
        risk: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[Json]:
        """What screening decided, the newest first: at most ``limit`` entries that fit."""
        query = _given({"session_id": session_id, "decision": decision, "risk": risk})
        async for entry in items_of_pages(self._object, "/v1/audit", "entries", query, limit):
            yield entry

    async def list_models(self) -> list[str]:
        """Names for ``agent_name``."""
        return list((await self._object("GET", "/v1/models")).get("models", []))

    async def list_errors(self) -> list[Json]:
        """The server's catalogue of failures."""
        return list((await self._object("GET", "/v1/errors")).get("errors", []))

    async def get_error(self, code: str) -> Json:
        """One row of the server's catalogue."""
        return await self._object("GET", f"/v1/errors/{quote(code, safe='', errors='replace')}")

    # --- requests

    async def _object(
        self,
        method: str,
        path: str,
        *,
        body: Json | None = None,
        query: Json | None = None,
        content: bytes | None = None,
    ) -> Json:
        value = await self._json(method, path, body=body, query=query, content=content)
        if not isinstance(value, dict):
            raise OutriderError("UNEXPECTED_ANSWER", url=f"{self._base_url}{path}", reason="it sent no JSON object")
        return value

    async def _bytes(self, method: str, path: str) -> bytes:
        async with self._open(self._request(method, path), self._retries) as answer:
            return await answer.aread()

    async def _json(
        self,
        method: str,
        path: str,
        *,
        body: Json | None = None,
        query: Json | None = None,
        content: bytes | None = None,
    ) -> Any:
        request = self._request(method, path, params=query, json=body, content=content)
        address = request.url.raw_path.decode("ascii")
        known = self._versions.known(method, address)
        if known is not None:
            request.headers["If-None-Match"] = known.etag
        async with self._open(request, self._retries) as answer:
            received = self._versions.body_of(answer, await answer.aread(), address, known)
        try:
            return json.loads(received) if received else None
        except ValueError:
            raise OutriderError(
                "UNEXPECTED_ANSWER", url=f"{self._base_url}{path}", reason="it did not send JSON"
            ) from None

    @asynccontextmanager
    async def _open(self, request: httpx.Request, retries: Retries) -> AsyncIterator[httpx.Response]:
        """An answer of 2xx or 304 whose body is still to be read; everything else is raised as an OutriderError."""
        attempt = 1
        while True:
            try:
                answer = await self._send(request)
                break
            except OutriderError as problem:
                _log_failure(request, problem, attempt)
                pause = retries.pause_after(attempt, problem, request.url.path)
                if pause is None:
                    raise
            await retries.sleep(pause)
            attempt += 1
        try:
            async with aclosing(answer):
                yield answer
        except httpx.RequestError as error:
            raise error_of_transport(error, self._base_url) from error

    async def _send(self, request: httpx.Request) -> httpx.Response:
        """One attempt."""
        try:
            answer = await self._http.send(request, stream=True)
            if answer.is_success or answer.status_code == _NOT_MODIFIED:
                return answer
            async with aclosing(answer):
                await answer.aread()
        except httpx.RequestError as error:
            raise error_of_transport(error, self._base_url) from error
        raise error_of_answer(answer)

    def _request(self, method: str, path: str, **request: Any) -> httpx.Request:
        try:
            built = self._http.build_request(method, path, **request)
        except ValueError as error:  # half a surrogate pair, NaN
            reason = "it holds a character or a number that JSON in UTF-8 does not have"
            raise OutriderError("MALFORMED_JSON", reason=reason) from error
        if method == "POST":
            built.headers["Idempotency-Key"] = str(uuid.uuid4())
        return built


def _log_failure(request: httpx.Request, problem: OutriderError, attempt: int) -> None:
    """With the id that the server's own log has."""
    request_id = problem.request_id if isinstance(problem, ServerError) else ""
    named = request.method, request.url.path, attempt, problem.code, request_id or "none"
    log.info("%s %s failed (attempt %d): %s, request id %s", *named)


def _path(session_id: str, part: str = "") -> str:
    """Path of a session or of a part of it; an id can't lead elsewhere. Raises SESSION_NOT_FOUND for such an id."""
    if session_id in {"", ".", ".."}:
        raise OutriderError("SESSION_NOT_FOUND", session_id=session_id)
    return f"/v1/sessions/{quote(session_id, safe='', errors='replace')}" + (f"/{part}" if part else "")


def _given(fields: Mapping[str, Any]) -> Json:
    return {name: value for name, value in fields.items() if value is not None}
