import asyncio
import gc
from typing import Any

import orjson
import pytest

from outrider.browsers.cdp import CdpError, Connection, Session, SessionClosed, decode
from outrider.problems import OutriderError


class Wire:
    """A transport that keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def send(self, message: bytes) -> None:
        self.sent.append(orjson.loads(message))

    def close(self) -> None:
        self.sent.clear()


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def connection(wire: Wire) -> Connection:
    connection = Connection()
    connection.use(wire)
    return connection


async def test_answers_find_their_calls_in_any_order(connection: Connection, wire: Wire) -> None:
    first, second = connection.send("A.a"), connection.send("B.b", {"x": 1}, "s")
    assert [message["method"] for message in wire.sent] == ["A.a", "B.b"]
    assert wire.sent[1]["sessionId"] == "s"
    connection.receive(orjson.dumps({"id": wire.sent[1]["id"], "result": {"b": 1}}))
    connection.receive(orjson.dumps({"id": wire.sent[0]["id"], "error": {"message": "no"}}))
    assert await second == {"b": 1}
    with pytest.raises(CdpError, match=r"A\.a: no"):
        await first


async def test_a_call_ends_at_its_deadline(connection: Connection) -> None:
    with pytest.raises(OutriderError) as caught:
        await Session(connection, "s").call("A.a", timeout=0.01)
    assert caught.value.code == "PAGE_UNRESPONSIVE"


async def test_a_series_ends_at_its_deadline_whatever_was_answered(connection: Connection, wire: Wire) -> None:
    series = asyncio.create_task(Session(connection, "s").sequence("A.a", [{}, {}], timeout=0.01))
    await asyncio.sleep(0)
    connection.receive(orjson.dumps({"id": wire.sent[0]["id"], "result": {}}))
    with pytest.raises(OutriderError) as caught:
        await series
    assert caught.value.code == "PAGE_UNRESPONSIVE"


async def test_nothing_is_left_of_calls_that_nobody_waits_for_any_more(connection: Connection, wire: Wire) -> None:
    unheard: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unheard.append(context))
    session = Session(connection, "s")
    calls = [asyncio.create_task(session.call("A.a", timeout=0.01)) for _ in range(2)]
    series = asyncio.create_task(session.sequence("B.b", [{}, {}], timeout=0.01))
    await asyncio.sleep(0)
    connection.receive(orjson.dumps({"id": wire.sent[0]["id"], "error": {"message": "no"}}))
    for task in (*calls, series):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    with pytest.raises(OutriderError):
        await session.call("C.c", timeout=0.02)  # by now the deadlines of the others have passed, too
    for message in wire.sent:
        connection.receive(orjson.dumps({"id": message["id"], "error": {"message": "no"}}))
    gc.collect()
    assert unheard == []


async def test_late_and_unknown_answers_are_ignored(connection: Connection, wire: Wire) -> None:
    with pytest.raises(OutriderError):
        await Session(connection, "s").call("A.a", timeout=0.01)
    connection.receive(orjson.dumps({"id": wire.sent[0]["id"], "result": {}}))
    connection.receive(orjson.dumps({"id": 4711, "result": {}}))


async def test_events_go_to_the_listener_of_their_session(connection: Connection) -> None:
    heard: list[tuple[str, dict[str, Any]]] = []
    connection.listen("s", lambda method, params: heard.append((method, params)))
    connection.receive(b'{"method": "Page.x", "params": {"a": 1}, "sessionId": "s"}')
    connection.receive(b'{"method": "Page.y", "params": {}, "sessionId": "other"}')
    connection.forget("s")
    connection.receive(b'{"method": "Page.z", "params": {}, "sessionId": "s"}')
    assert heard == [("Page.x", {"a": 1})]


async def test_a_session_that_ends_fails_its_calls_only(connection: Connection, wire: Wire) -> None:
    ending, other = connection.send("A.a", None, "s"), connection.send("B.b", None, "t")
    connection.forget("s")
    with pytest.raises(SessionClosed):
        await ending
    connection.receive(orjson.dumps({"id": wire.sent[1]["id"], "result": {}}))
    assert await other == {}


async def test_after_the_end_every_call_fails_with_its_reason(connection: Connection) -> None:
    pending = connection.send("A.a")
    connection.fail(OutriderError("BROWSER_CRASHED", reason="signal SIGKILL"))
    for future in (pending, connection.send("B.b")):
        with pytest.raises(OutriderError) as caught:
            await asyncio.wait_for(future, 1)
        assert caught.value.code == "BROWSER_CRASHED"


def test_lone_surrogates_do_not_break_a_message() -> None:
    assert decode('{"text": "a\\ud83d"}') == {"text": "a?"}


def test_what_is_nested_too_deeply_is_no_message() -> None:
    with pytest.raises(ValueError, match="nested"):
        decode("[" * 100_000)
