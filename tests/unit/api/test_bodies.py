"""Bodies: what is JSON, and what is too large, too slow or cut off before anything reads it."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from outrider.api.bodies import BodyMiddleware, parse_json
from outrider.problems import OutriderError

LIMIT = 100


@pytest.mark.parametrize(
    "body", [b"{}", b"[1, 2.5, null]", '{"a": "ß"}'.encode(), b'"\\ud83d\\ude00"', b"[" * 64 + b"]" * 64]
)
def test_json_that_is_read(body: bytes) -> None:
    assert parse_json(body) == json.loads(body)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'"\\ud800"',
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b'{"a": 1} x',
        '{"a": 1}'.encode("utf-16"),
        b"[" * 65 + b"]" * 65,
        b"[" * 200_000,
        b'{"a":' * 2000 + b"1" + b"}" * 2000,
    ],
)
def test_json_that_is_refused(body: bytes) -> None:
    with pytest.raises(OutriderError) as caught:
        parse_json(body)
    assert caught.value.code == "MALFORMED_JSON"


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Sends the body back, then waits for the client to go."""
    message = await receive()
    assert message["more_body"] is False
    await send({"type": "echo", "body": message["body"]})
    await send(await receive())


async def through(
    messages: Iterator[Message], headers: list[tuple[bytes, bytes]], seconds: float = 5.0
) -> list[Message]:
    """What comes out of the middleware for a request that arrives as ``messages`` and then falls silent."""
    sent: list[Any] = []

    async def receive() -> Message:
        message = next(messages, None)
        return message or await asyncio.Future[Message]()

    async def send(message: Message) -> None:
        sent.append(message)

    middleware = BodyMiddleware(echo, limit_bytes=LIMIT, timeout_seconds=seconds)
    await middleware({"type": "http", "headers": headers}, receive, send)
    return sent


def chunks(*parts: bytes) -> Iterator[Message]:
    for part in parts[:-1]:
        yield {"type": "http.request", "body": part, "more_body": True}
    yield {"type": "http.request", "body": parts[-1], "more_body": False}
    yield {"type": "http.disconnect"}


CHUNKED = [(b"transfer-encoding", b"chunked")]


async def test_the_body_is_handed_on_as_a_whole_and_the_end_of_the_connection_too() -> None:
    sent = await through(chunks(b"a" * 60, b"b" * 40), CHUNKED)
    assert sent == [{"type": "echo", "body": b"a" * 60 + b"b" * 40}, {"type": "http.disconnect"}]


@pytest.mark.parametrize("headers", [CHUNKED, [(b"content-length", b"101")], [(b"content-length", b"9" * 400)]])
async def test_a_large_body_is_refused_announced_or_not(headers: list[tuple[bytes, bytes]]) -> None:
    with pytest.raises(OutriderError) as caught:
        await through(chunks(b"a" * 60, b"b" * 41), headers)
    assert caught.value.code == "PAYLOAD_TOO_LARGE"


async def test_a_body_that_does_not_arrive_is_given_up() -> None:
    first = iter([{"type": "http.request", "body": b"a", "more_body": True}])
    with pytest.raises(OutriderError) as caught:
        await through(first, [(b"content-length", b"2")], seconds=0.01)
    assert caught.value.code == "REQUEST_TIMEOUT"


async def test_a_client_that_goes_away_is_not_waited_for() -> None:
    with pytest.raises(ClientDisconnect):
        await through(iter([{"type": "http.disconnect"}]), CHUNKED)
