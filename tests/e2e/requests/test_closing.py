"""Requests that take too long, too many of them, and a server that is closed for a while."""

import json
import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import partial
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import SECONDS, ServerProcess, problem_of
from tests.e2e.kill.remains import wait_until
from tests.e2e.requests.conftest import Silent

TIMEOUT_SECONDS = 1.5
MAX_REQUESTS = 3
SWITCH = "/v1/admin/maintenance"


@pytest.fixture(scope="module")
def settings() -> dict[str, Any]:
    return {"REQUEST_TIMEOUT_SECONDS": TIMEOUT_SECONDS, "MAX_REQUESTS": MAX_REQUESTS, "HEARTBEAT_SECONDS": 0.2}


def hanging(client: httpx.Client, silent: Silent) -> httpx.Response:
    """The answer to a request whose work waits for somebody who says nothing."""
    return client.post("/v1/sessions", json={"agent_session_type": "external-cdp", "cdp_url": silent.url})


@pytest.mark.row("A24", "X16")
def test_work_that_takes_too_long_is_cancelled(client: httpx.Client, silent: Silent) -> None:
    started = time.monotonic()
    error = problem_of(hanging(client, silent), 504, "SERVER_TIMEOUT")
    assert TIMEOUT_SECONDS <= time.monotonic() - started < TIMEOUT_SECONDS + 5
    assert (error["retryable"], error["retryAfterSeconds"]) == (True, 5)
    silent.wait_for_end(0)  # the work has let go of its connection
    wait_until(lambda: client.get("/v1/sessions").json() == [], "the end of the session that was being made")


@pytest.mark.row("A24")
def test_what_timed_out_is_not_begun_anew(client: httpx.Client, silent: Silent) -> None:
    key = {"Idempotency-Key": "timed-out"}
    body = {"agent_session_type": "external-cdp", "cdp_url": silent.url}
    problem_of(client.post("/v1/sessions", json=body, headers=key), 504, "SERVER_TIMEOUT")
    problem_of(client.post("/v1/sessions", json=body, headers=key), 409, "IDEMPOTENCY_OUTCOME_UNKNOWN")
    assert len(silent.connections) == 1


@pytest.mark.browser
def test_streams_last_longer_and_do_not_count(client: httpx.Client) -> None:
    made: list[str] = []

    def make() -> bool:
        """A busy machine may need more than the time that a request has here to start a browser."""
        answer = client.post("/v1/sessions", json={})
        made.extend([answer.json()["session_id"]] if answer.status_code == 200 else [])
        return bool(made)

    wait_until(make, "a session")
    session = f"/v1/sessions/{made[0]}"
    with ExitStack() as stack:
        streams = [stack.enter_context(client.stream("GET", f"{session}/events")) for _ in range(MAX_REQUESTS + 1)]
        until = time.monotonic() + TIMEOUT_SECONDS + 0.5
        for stream in streams:
            assert stream.status_code == 200
        for _ in streams[0].iter_raw():  # heartbeats
            if time.monotonic() > until:
                break
        assert client.get("/v1/models").status_code == 200
    client.delete(session)


@pytest.mark.row("A23", "X16")
def test_more_than_the_server_can_have_under_way_are_refused(client: httpx.Client, silent: Silent) -> None:
    with ThreadPoolExecutor(MAX_REQUESTS) as threads:
        waiting = [threads.submit(hanging, client, silent) for _ in range(MAX_REQUESTS)]
        silent.wait_for(MAX_REQUESTS)
        refused = client.get("/v1/models")
        error = problem_of(refused, 503, "OVERLOADED")
        assert (error["retryable"], refused.headers["retry-after"]) == (True, "1")
        assert client.get("/healthz").status_code == 200
        for answer in waiting:
            problem_of(answer.result(SECONDS), 504, "SERVER_TIMEOUT")
    assert client.get("/v1/models").status_code == 200


def test_bodies_that_come_slowly_take_no_room(server: ServerProcess, client: httpx.Client) -> None:
    """Whoever sends them needs no key."""
    with ExitStack() as stack:
        for _ in range(MAX_REQUESTS + 1):
            slow = stack.enter_context(socket.create_connection(server.address))
            slow.sendall(b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
        time.sleep(0.2)
        assert client.get("/v1/models").status_code == 200


def test_a_client_that_does_not_read_is_cut_off(server: ServerProcess, client: httpx.Client) -> None:
    """Else a few of them, who need no key, take all the room there is, for as long as they like."""
    assert client.get("/openapi.json").status_code == 200  # the first time takes a while
    with socket.socket() as unread:
        unread.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        unread.connect(server.address)
        unread.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 40)  # 28 MB: more than fits on the way
        server.logged(lambda line: "does not read" in line["event"])
        with suppress(ConnectionResetError):
            while unread.recv(1 << 20):
                continue
    assert client.get("/v1/models").status_code == 200
    answered = [line for line in server.lines if line.get("path") == "/openapi.json"]
    assert 1 < len(answered) < 41


def test_a_client_that_leaves_while_its_requests_queue_is_no_failure(server: ServerProcess, silent: Silent) -> None:
    """The server's log has no error, as the end of this file's server checks."""
    body = json.dumps({"agent_session_type": "external-cdp", "cdp_url": silent.url}).encode()
    first = f"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nx-api-key: {server.key}\r\nContent-Type: application/json\r\n"
    with socket.create_connection(server.address) as leaving:
        leaving.sendall(f"{first}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        leaving.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        silent.wait_for(1)
        leaving.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    before = len(server.lines)
    server.logged(lambda line: line.get("status") == 504 and line in server.lines[before:])


@pytest.mark.row("A23", "X16")
def test_maintenance_closes_everything_but_health_and_the_switch(
    server: ServerProcess, client: httpx.Client, stranger: httpx.Client
) -> None:
    assert client.get(SWITCH).json()["active"] is False
    closed = client.put(SWITCH, json={"active": True, "note": "Back at noon.", "retry_after_seconds": 7})
    assert closed.json() == {"active": True, "note": "Back at noon.", "retry_after_seconds": 7}
    try:
        for method, path in (("GET", "/v1/models"), ("POST", "/v1/sessions"), ("GET", "/docs"), ("GET", "/nowhere")):
            refused = client.request(method, path)
            error = problem_of(refused, 503, "MAINTENANCE")
            assert (refused.headers["retry-after"], "Back at noon." in error["message"]) == ("7", True)
            server.logged(partial(_is_of, error["requestId"], server.key))
        assert httpx.get(f"{server.url}/healthz").status_code == 200
        assert httpx.get(f"{server.url}/readyz").status_code in (200, 503)
        problem_of(stranger.put(SWITCH, json={"active": False}), 403, "SCOPE_MISSING")
        problem_of(httpx.get(f"{server.url}{SWITCH}"), 401, "UNAUTHORIZED")
        problem_of(client.put(SWITCH, json={"active": "no"}), 422, "UNPROCESSABLE")
    finally:
        assert client.put(SWITCH, json={"active": False}).json()["active"] is False
    assert client.get("/v1/models").status_code == 200


def _is_of(request_id: str, key: str, line: dict[str, Any]) -> bool:
    return line.get("request_id") == request_id and line.get("key") == f"…{key[-5:]}"


@pytest.mark.row("A22", "X16")
@pytest.mark.parametrize("says", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", b"\x00garbage\r\n\r\n"])
def test_an_upstream_that_answers_nonsense_is_a_bad_gateway(client: httpx.Client, silent: Silent, says: bytes) -> None:
    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(hanging, client, silent)
        silent.wait_for(1)
        silent.connections[0].recv(65_536)
        silent.connections[0].sendall(says)
        silent.connections[0].shutdown(socket.SHUT_RDWR)
        error = problem_of(asked.result(SECONDS), 502, "EXTERNAL_BROWSER_UNREACHABLE")
    assert error["retryable"] is True


@pytest.mark.row("X38")
def test_a_body_that_dribbles_is_given_up(server: ServerProcess) -> None:
    head = f"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.key}\r\n"
    with socket.create_connection(server.address, SECONDS) as connection:
        connection.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{".encode())
        with connection.makefile("rb") as reader:
            answer = reader.read()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"REQUEST_TIMEOUT"' in answer
    assert b'"retryable":true' in answer


def test_a_body_that_is_too_large_is_refused(client: httpx.Client) -> None:
    body = {"goal": "x" * 1_100_000}
    problem_of(client.post("/v1/sessions", json=body), 413, "PAYLOAD_TOO_LARGE")
