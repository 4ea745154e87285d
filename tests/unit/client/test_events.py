"""The event stream across broken connections, against a scripted server on a real socket."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any

import pytest

from outrider.client import OutriderClient
from outrider.problems import OutriderError
from outrider.protocol.sse import encode, heartbeat

Play = Callable[..., AbstractAsyncContextManager[Any]]

STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


def frame(number: int, event: str, text: str) -> bytes:
    return encode(event, {"text": text, "message_id": number}, number)


async def read(url: str, **options: Any) -> list[tuple[int, str, str]]:
    async with asyncio.timeout(10), OutriderClient(url, "k") as client:
        return [(e.id, e.event, e.data["text"]) async for e in client.stream_events("s", **options)]


async def test_events_come_in_order_and_end_with_the_task(play: Play) -> None:
    beat = heartbeat(datetime.now(UTC))
    async with play(STREAM + frame(1, "user", "go") + beat + frame(2, "done", "✓")) as script:
        assert await read(script.url) == [(1, "user", "go"), (2, "done", "✓")]
    assert "GET /v1/sessions/s/events?include_history=true&sanitize=true HTTP" in script.requests[0]
    assert "Last-Event-ID" not in script.requests[0]


async def test_a_broken_stream_is_resumed_after_its_last_whole_event(play: Play) -> None:
    first = STREAM + frame(1, "user", "go") + frame(2, "thought", "hm") + frame(3, "step", "lost")[:-2]
    second = STREAM + frame(3, "step", "click") + frame(4, "done", "ok")
    async with play(first, b"", second) as script:
        events = await read(script.url)
    assert [number for number, _, _ in events] == [1, 2, 3, 4]
    assert [("Last-Event-ID: 2" in request) for request in script.requests] == [False, True, True]


async def test_new_events_only_and_a_break_before_the_first_one(play: Play) -> None:
    opened = STREAM.replace(b"\r\n\r\n", b"\r\nX-After-Id: 0\r\n\r\n")
    async with play(opened, opened + frame(1, "user", "go") + frame(2, "done", "ok")) as script:
        assert [number for number, _, _ in await read(script.url, include_history=False)] == [1, 2]
    assert [("Last-Event-ID: 0" in request) for request in script.requests] == [False, True]


async def test_data_that_is_no_json_is_reported(play: Play) -> None:
    async with play(STREAM + b"id: 1\nevent: user\ndata: {oops\n\n") as script:
        with pytest.raises(OutriderError, match="“user” is no JSON"):
            await read(script.url)


async def test_a_stream_that_lagged_is_resumed(play: Play) -> None:
    lagged = encode("error", OutriderError("STREAM_LAGGED", reason="Too slow.").as_sse("req_1"))
    async with play(STREAM + frame(1, "user", "go") + lagged, STREAM + frame(2, "error", "bad")) as script:
        assert [number for number, _, _ in await read(script.url)] == [1, 2]


async def test_a_final_failure_of_the_stream_is_raised(play: Play) -> None:
    gone = encode("error", OutriderError("SESSION_NOT_FOUND", session_id="s").as_sse("req_9"))
    async with play(STREAM + gone) as script:
        with pytest.raises(OutriderError, match="There is no session “s”"):
            await read(script.url)


async def test_a_server_that_refuses_the_stream_is_not_asked_again(play: Play) -> None:
    body = b'{"error": {"code": "UNAUTHORIZED", "message": "no"}}'
    refusal = b"HTTP/1.1 401 x\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body)
    async with play(refusal) as script:
        with pytest.raises(OutriderError, match="no"):
            await read(script.url)
    assert len(script.requests) == 1


async def test_the_end_is_seen_even_when_other_types_were_asked_for(play: Play) -> None:
    async with play(STREAM + frame(1, "thought", "hm") + frame(2, "done", "ok")) as script:
        assert await read(script.url, event_types=["thought"]) == [(1, "thought", "hm")]
    assert "event_types=done%2Cerror%2Cthought" in script.requests[0]


async def test_patience_has_an_end(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outrider.client.client.PATIENCE_SECONDS", 0.25)
    async with play(b"", b"", b"", b"") as script:
        with pytest.raises(OutriderError) as caught:
            await read(script.url)
    assert caught.value.code == "SERVER_UNREACHABLE"
