"""Request bodies: bounded in size and time before anything reads them, then parsed strictly."""

import asyncio
import re
from typing import Any, Final

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from outrider.problems import OutriderError

__all__ = ["BodyMiddleware", "JsonRequest", "is_taken_in_later", "parse_json", "read_body"]

#: Deeper documents are refused: code that walks them recursively would otherwise run out of stack.
MAX_DEPTH: Final = 64

#: Where bodies may be so large that who sends them has to be known first: files of sessions.
_TAKEN_IN_LATER: Final = re.compile(r"/v1/sessions/[^/]+/files")


class BodyMiddleware:
    """Takes in the whole body before the app runs, but for files. Raises PAYLOAD_TOO_LARGE and REQUEST_TIMEOUT.

    Sets ``body`` of the request's state, for the record of what fails.
    """

    def __init__(self, app: ASGIApp, limit_bytes: int, timeout_seconds: float) -> None:
        self._app = app
        self._limit_bytes = limit_bytes
        self._timeout_seconds = timeout_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _announces_body(scope) and not is_taken_in_later(scope.get("path", "")):
            receive = await self._taken_in(scope, receive)
        await self._app(scope, receive, send)

    async def _taken_in(self, scope: Scope, receive: Receive) -> Receive:
        """The body read to its end, as a ``receive`` that hands it out again and then listens on."""
        if _content_length(scope) > self._limit_bytes:
            raise self._too_large()
        try:
            async with asyncio.timeout(self._timeout_seconds):
                body = await read_body(receive, self._limit_bytes, self._too_large())
        except TimeoutError:
            raise OutriderError("REQUEST_TIMEOUT", seconds=self._timeout_seconds) from None
        scope.setdefault("state", {})["body"] = body
        pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return pending.pop() if pending else await receive()

        return replay

    def _too_large(self) -> OutriderError:
        return OutriderError("PAYLOAD_TOO_LARGE", limit_bytes=self._limit_bytes)


def is_taken_in_later(path: str) -> bool:
    """Whether the endpoint takes in the body itself."""
    return _TAKEN_IN_LATER.fullmatch(path) is not None


async def read_body(receive: Receive, limit_bytes: int, too_large: OutriderError) -> bytes:
    """The body to its end. Raises ``too_large`` as soon as it is, and ClientDisconnect."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > limit_bytes:
            raise too_large
        more = message.get("more_body", False)
    return bytes(body)


def _announces_body(scope: Scope) -> bool:
    return any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])


def _content_length(scope: Scope) -> int:
    value = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(value[:18]) if value.isdigit() else 0


class JsonRequest(Request):
    """A request whose body is parsed as ``parse_json`` does."""

    async def json(self) -> Any:
        """The body as JSON. Raises MALFORMED_JSON."""
        if not hasattr(self, "_parsed"):
            self._parsed = parse_json(await self.body())
        return self._parsed

    def is_json(self) -> bool:
        """Whether the content type is ``application/json`` or ``application/…+json``."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def parse_json(body: bytes) -> Any:
    """Parse as RFC 8259 says: UTF-8, no NaN, no lone surrogates; at most 64 levels. Raises MALFORMED_JSON."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise OutriderError("MALFORMED_JSON", reason=str(error)) from error
    if _is_deeper(document, MAX_DEPTH):
        raise OutriderError("MALFORMED_JSON", reason=f"nested deeper than {MAX_DEPTH} levels")
    return document


def _is_deeper(document: object, levels: int) -> bool:
    """Whether arrays and objects are nested deeper than that; level by level, so without recursion."""
    level = _containers([document])
    for _ in range(levels):
        level = [inner for outer in level for inner in _containers(outer)]
    return bool(level)


def _containers(node: list[Any] | dict[str, Any]) -> list[list[Any] | dict[str, Any]]:
    children = node.values() if isinstance(node, dict) else node
    return [child for child in children if isinstance(child, list | dict)]
