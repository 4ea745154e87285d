"""Requests and failures of the SDK, against a scripted server on a real socket."""

import json
import math
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from outrider.client import OutriderClient, ServerError
from outrider.problems import OutriderError

Play = Callable[..., AbstractAsyncContextManager[Any]]


def answer(status: int, body: Any) -> bytes:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + text


async def test_a_message_is_sent_with_the_key_and_only_the_fields_that_were_given(play: Play) -> None:
    sent = {"success": True, "message": "sent"}
    async with play(answer(200, sent)) as script, OutriderClient(script.url, "ok_live_x") as client:
        assert await client.send_message("s/1", "do it", start_url="http://a.example/") == sent
    request = script.requests[0]
    assert request.startswith("POST /v1/sessions/s%2F1/message HTTP/1.1\r\n")
    assert "Authorization: Bearer ok_live_x\r\n" in request
    assert "Content-Type: application/json\r\n" in request


async def test_a_reported_failure_keeps_the_servers_words_and_its_request_id(play: Play) -> None:
    envelope = OutriderError("SESSION_NOT_FOUND", session_id="gone").as_envelope("req_7")
    async with play(answer(404, envelope)) as script, OutriderClient(script.url, "k") as client:
        with pytest.raises(ServerError) as caught:
            await client.get_session("gone")
    assert caught.value.code == "SESSION_NOT_FOUND"
    assert caught.value.message == "There is no session “gone”."
    assert caught.value.cause == envelope["error"]["cause"]
    assert caught.value.request_id == "req_7"
    assert caught.value.as_cli().endswith("  request: req_7")


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (200, b"<html>", "it did not send JSON"),
        (200, [1], "it sent no JSON object"),
    ],
)
async def test_what_is_no_outrider_server_is_said_to_be_none(play: Play, status: int, body: Any, reason: str) -> None:
    async with play(answer(status, body)) as script, OutriderClient(script.url, "k") as client:
        with pytest.raises(OutriderError) as caught:
            await client.get_session("s")
    assert caught.value.code == "UNEXPECTED_ANSWER"
    assert caught.value.message.endswith(reason)


async def test_a_server_that_is_not_there_is_unreachable(play: Play) -> None:
    async with play() as script:
        url = script.url
    async with OutriderClient(url, "k") as client:
        with pytest.raises(OutriderError) as caught:
            await client.list_sessions()
    assert caught.value.code == "SERVER_UNREACHABLE"
    assert caught.value.facts == {"url": url, "reason": "Nothing accepts connections there."}


async def test_a_connection_that_breaks_off_is_unreachable(play: Play) -> None:
    async with play(b"") as script, OutriderClient(script.url, "k") as client:
        with pytest.raises(OutriderError) as caught:
            await client.list_sessions()
    assert caught.value.code == "SERVER_UNREACHABLE"


@pytest.mark.parametrize("url", ["", "localhost:8470", "ftp://x.example", "http://[::1", "http://a b"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(OutriderError, match="No Outrider server answers"):
        OutriderClient(url, "k")


@pytest.mark.parametrize("key", ["schlüssel", "two\nlines"])
def test_a_key_that_no_header_can_carry_is_refused(key: str) -> None:
    with pytest.raises(OutriderError, match="API key"):
        OutriderClient("http://127.0.0.1:1", key)


@pytest.mark.parametrize("fields", [{"message": "\udcff"}, {"message": "x", "output_schema": {"maximum": math.nan}}])
async def test_what_json_does_not_have_is_refused_before_it_is_sent(fields: dict[str, Any]) -> None:
    async with OutriderClient("http://127.0.0.1:1", "k") as client:
        with pytest.raises(OutriderError) as caught:
            await client.send_message("s", **fields)
    assert caught.value.code == "MALFORMED_JSON"


async def test_an_id_that_is_no_text_is_sent_all_the_same(play: Play) -> None:
    async with play(answer(200, {"status": "ready"})) as script, OutriderClient(script.url, "k") as client:
        assert await client.get_status("\udcff") == "ready"


@pytest.mark.parametrize("session_id", ["", ".", ".."])
async def test_an_id_that_would_lead_to_another_path_is_not_found(session_id: str) -> None:
    async with OutriderClient("http://127.0.0.1:1", "k") as client:
        with pytest.raises(OutriderError, match="There is no session"):
            await client.delete_session(session_id)
