"""What the SDK tries again, after which pauses, and that it does so once per operation; on a real socket."""

import asyncio
import json
import logging
import random
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any

import pytest

from outrider.client import OutriderClient, Retries, ServerError
from outrider.problems import OutriderError

Play = Callable[..., AbstractAsyncContextManager[Any]]

NOW = datetime(2026, 1, 31, 9, 5, tzinfo=UTC)
OK = {"status": "ready", "models": []}


def answer(status: int, body: Any = OK, **headers: str) -> bytes:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {"Content-Length": str(len(text)), "Connection": "close"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} x\r\n{head}\r\n".encode() + text


def failure(code: str, request_id: str = "req_1", **facts: object) -> bytes:
    problem = OutriderError(code, **facts)
    return answer(problem.problem.status, problem.as_envelope(request_id))


class Clock:
    """Pauses that take no time, and are remembered."""

    def __init__(self, seed: int = 1) -> None:
        self.pauses: list[float] = []
        self.retries = Retries(chance=random.Random(seed).random, now=lambda: NOW, sleep=self._sleep)  # noqa: S311

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def client(self, url: str) -> OutriderClient:
        return OutriderClient(url, "k", retries=self.retries)


@pytest.mark.row("X36", "A21", "A26")
@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
async def test_what_may_pass_is_tried_again(play: Play, status: int) -> None:
    clock = Clock()
    answers = answer(status, b"busy"), answer(status, b"busy"), answer(200)
    async with play(*answers) as script, clock.client(script.url) as client:
        assert await client.get_status("s") == "ready"
    assert len(script.requests) == 3
    assert len(clock.pauses) == 2


@pytest.mark.row("X36", "A26")
async def test_five_attempts_with_growing_pauses_by_chance(play: Play) -> None:
    pauses = []
    for seed in (1, 2):
        clock = Clock(seed)
        async with play(*[answer(503, b"")] * 9) as script, clock.client(script.url) as client:
            with pytest.raises(ServerError) as caught:
                await client.list_models()
        assert (len(script.requests), caught.value.status) == (5, 503)
        pauses.append(clock.pauses)
    assert pauses[0] != pauses[1]
    for taken in pauses:
        assert taken == sorted(taken)
        for number, pause in enumerate(taken):
            assert 0.25 * 2**number <= pause <= 0.5 * 2**number


@pytest.mark.row("X37", "X33")
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
async def test_what_stays_wrong_is_tried_once(play: Play, status: int) -> None:
    clock = Clock()
    async with play(*[answer(status, b"no")] * 5) as script, clock.client(script.url) as client:
        with pytest.raises(ServerError) as caught:
            await client.list_models()
    assert (len(script.requests), clock.pauses, caught.value.status) == (1, [], status)


@pytest.mark.row("X32")
@pytest.mark.parametrize(
    ("said", "pause"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("Sat, 31 Jan 2026 09:05:09 GMT", 9.0),
        ("Sat, 31 Jan 2026 09:00:00 GMT", 0.0),
        ("NaN", 1.0),
        ("-1", 1.0),
        ("soon", 1.0),
        ("", 1.0),
    ],
)
async def test_a_rate_limit_is_waited_for_as_it_says(play: Play, said: str, pause: float) -> None:
    clock = Clock()
    async with play(answer(429, b"", Retry_After=said), answer(200)) as script, clock.client(script.url) as client:
        await client.list_models()
    assert clock.pauses == [pause]


@pytest.mark.row("X32", "A20")
async def test_without_a_word_it_is_a_second_and_on_client_data_a_minute(play: Play) -> None:
    clock = Clock()
    answers = answer(429, b""), answer(200), answer(429, b""), answer(200)
    async with play(*answers) as script, clock.client(script.url) as client:
        await client.list_models()
        await client._object("GET", "/v4/reporting/acme/sessions")
    assert clock.pauses == [1.0, 60.0]


async def test_what_asks_for_more_patience_than_anybody_has_is_given_up(play: Play) -> None:
    clock = Clock()
    async with play(answer(503, b"", Retry_After="86400")) as script, clock.client(script.url) as client:
        with pytest.raises(ServerError):
            await client.list_models()
    assert clock.pauses == []


@pytest.mark.row("X39")
async def test_a_post_bears_one_key_for_all_its_attempts(play: Play) -> None:
    clock = Clock()
    answers = [answer(503, b""), b"", failure("IDEMPOTENCY_IN_FLIGHT"), answer(200), answer(200)]
    async with play(*answers) as script, clock.client(script.url) as client:
        await client.pause("s")
        await client.pause("s")
        keys = [re.findall(r"(?i)^idempotency-key: (\S+)\r$", request, re.MULTILINE) for request in script.requests]
    assert [len(found) for found in keys] == [1] * 5  # the second one was answered with nothing at all
    assert len({key for (key,) in keys[:4]}) == 1
    assert keys[4] != keys[3]
    assert clock.pauses[2] == 1.0


async def test_other_requests_bear_none(play: Play) -> None:
    async with play(answer(200)) as script, Clock().client(script.url) as client:
        await client.list_models()
    assert "idempotency-key" not in script.requests[0].lower()


async def test_a_server_that_is_not_there_is_not_tried_again(play: Play) -> None:
    async with play() as script:
        url = script.url
    clock = Clock()
    async with clock.client(url) as client:
        with pytest.raises(OutriderError, match="No Outrider server answers"):
            await client.pause("s")
    assert clock.pauses == []


@pytest.mark.row("X31", "A22")
@pytest.mark.parametrize(
    "body", [b"<html>Bad gateway</html>", b"", b'{"error": "a text"}', b'{"error": {"code": 5}}', b"[]"]
)
async def test_an_error_that_can_not_be_read_is_unknown(play: Play, body: bytes) -> None:
    async with play(answer(404, body, X_Request_Id="req_9")) as script, Clock().client(script.url) as client:
        with pytest.raises(ServerError) as caught:
            await client.list_models()
    problem = caught.value
    assert (problem.code, problem.status, problem.request_id) == ("UNKNOWN", 404, "req_9")
    assert "404" in problem.message


@pytest.mark.row("X31")
async def test_a_code_of_a_newer_server_is_unknown_and_told(play: Play) -> None:
    newer = {"error": {"code": "NEWER_THAN_WE", "message": "The moon is full.", "requestId": "req_8"}}
    async with play(answer(409, newer)) as script, Clock().client(script.url) as client:
        with pytest.raises(ServerError) as caught:
            await client.list_models()
    assert (caught.value.code, caught.value.status, caught.value.request_id) == ("UNKNOWN", 409, "req_8")
    assert "The moon is full." in caught.value.cause


@pytest.mark.row("X34", "X35")
async def test_a_failure_has_its_attributes_and_is_logged(play: Play, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "outrider.client")
    answers = (
        failure("STORAGE_FAILED", "req_5", reason="It is full."),
        failure("SESSION_NOT_FOUND", "req_6", session_id="s"),
    )
    clock = Clock()
    async with play(*answers) as script, clock.client(script.url) as client:
        with pytest.raises(ServerError) as caught:
            await client.get_session("s")
    problem = caught.value
    assert (problem.status, problem.code, problem.request_id) == (404, "SESSION_NOT_FOUND", "req_6")
    assert [record.getMessage() for record in caplog.records if record.name == "outrider.client"] == [
        "GET /v1/sessions/s failed (attempt 1): STORAGE_FAILED, request id req_5",
        "GET /v1/sessions/s failed (attempt 2): SESSION_NOT_FOUND, request id req_6",
    ]


@pytest.mark.row("A39")
async def test_what_has_not_changed_is_not_fetched_again(play: Play) -> None:
    first, second = {"id": "a", "n": 1}, {"id": "a", "n": 2}
    answers = answer(200, first, ETag='"1"'), answer(304, b""), answer(200, second, ETag='"2"'), answer(304, b"")
    async with play(*answers) as script, Clock().client(script.url) as client:
        got = [await client.get_session("s") for _ in range(4)]
    assert got == [first, first, second, second]
    sent = [re.findall(r"(?i)^if-none-match: (\S+)\r$", request, re.MULTILINE) for request in script.requests]
    assert sent == [[], ['"1"'], ['"1"'], ['"2"']]


async def test_what_was_replaced_while_it_was_asked_about_is_still_what_the_answer_means(play: Play) -> None:
    """Of two that ask at once the first hears of a version without a tag, the second that its own is good."""
    answers = answer(200, {"n": 1}, ETag='"1"'), answer(200, {"n": 2}), answer(304, b"")
    async with play(*answers) as script, Clock().client(script.url) as client:
        await client.get_session("s")
        got = await asyncio.gather(client.get_session("s"), client.get_session("s"))
    assert sorted(one["n"] for one in got) == [1, 2]


async def test_no_page_is_read_in_vain(play: Play) -> None:
    pages = [{"requests": [{"id": n}, {"id": n + 1}], "next_before": n + 1} for n in (1, 3, 5)]
    async with play(*(answer(200, page) for page in pages)) as script, Clock().client(script.url) as client:
        assert [request["id"] async for request in client.requests.find(limit=4)] == [1, 2, 3, 4]
        assert len(script.requests) == 2
        assert [request["id"] async for request in client.requests.find(limit=1)] == [5]
