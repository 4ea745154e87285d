"""Every endpoint against bad input: a row of the catalogue with its request id, never a 500, never a hang."""

import json
import socket
import time
from contextlib import suppress
from functools import partial
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.e2e.api.serving import SECONDS, ServerProcess, problem_of

pytestmark = pytest.mark.browser

NIL = "00000000-0000-0000-0000-000000000000"
ON_SESSIONS = [
    ("GET", "", None),
    ("POST", "/message", {"message": "hi"}),
    ("GET", "/status", None),
    ("GET", "/messages", None),
    ("GET", "/events", None),
    ("POST", "/pause", None),
    ("POST", "/resume", None),
    ("POST", "/cancel", None),
    ("POST", "/navigate", {"url": "http://127.0.0.1/"}),
    ("GET", "/screenshot", None),
]
GUARDED = [
    ("GET", "/v1/models"),
    ("GET", "/v1/sessions"),
    ("POST", "/v1/sessions"),
    ("DELETE", "/v1/sessions"),
    ("DELETE", f"/v1/sessions/{NIL}"),
    *((method, f"/v1/sessions/{NIL}{path}") for method, path, _ in ON_SESSIONS),
]
WITH_BODY = ["/v1/sessions", f"/v1/sessions/{NIL}/message", f"/v1/sessions/{NIL}/navigate"]
JSON = {"Content-Type": "application/json"}


# --- keys


@pytest.mark.parametrize(("method", "path"), GUARDED)
@pytest.mark.parametrize(
    ("headers", "cause"),
    [
        ({}, "no “Authorization” header"),
        ({"Authorization": "Basic dXNlcjpwYXNz"}, "does not start with"),
        ({"Authorization": "Bearer tooshort"}, "too short"),
        ({"Authorization": "Bearer ok_live_" + "x" * 40}, "does not know"),
        ({"x-api-key": "ok_live_" + "x" * 40}, "does not know"),
    ],
)
def test_without_a_valid_key(
    server: ServerProcess, method: str, path: str, headers: dict[str, str], cause: str
) -> None:
    response = httpx.request(method, f"{server.url}{path}", headers=headers)
    error = problem_of(response, 401, "UNAUTHORIZED")
    assert cause in error["cause"]
    assert response.headers["www-authenticate"] == "Bearer"
    assert "xxxx" not in response.text


def test_the_key_is_checked_before_the_body_is_read(server: ServerProcess) -> None:
    response = httpx.post(f"{server.url}/v1/sessions", content=b"{", headers=JSON)
    problem_of(response, 401, "UNAUTHORIZED")


@pytest.mark.parametrize("header", ["x-api-key", "api_key"])
def test_other_headers_for_the_key(server: ServerProcess, header: str) -> None:
    assert httpx.get(f"{server.url}/v1/models", headers={header: server.key}).status_code == 200


# --- sessions that are not there


@pytest.mark.parametrize(("method", "path", "body"), ON_SESSIONS)
@pytest.mark.parametrize("session_id", [NIL, "nonsense", "a" * 3000, "%00", "%ff", "%F0%9F%92%A5", "'; DROP TABLE"])
def test_unknown_sessions(client: httpx.Client, method: str, path: str, body: Any, session_id: str) -> None:
    problem_of(client.request(method, f"/v1/sessions/{session_id}{path}", json=body), 404, "SESSION_NOT_FOUND")


@pytest.mark.parametrize(("method", "path", "body"), ON_SESSIONS)
def test_sessions_of_another_organisation(
    stranger: httpx.Client, session: str, method: str, path: str, body: Any
) -> None:
    problem_of(stranger.request(method, f"{session}{path}", json=body), 404, "SESSION_NOT_FOUND")


@pytest.mark.parametrize(("method", "path", "body"), ON_SESSIONS)
def test_deleted_sessions(client: httpx.Client, session: str, method: str, path: str, body: Any) -> None:
    client.delete(session)
    problem_of(client.request(method, f"{session}{path}", json=body), 404, "SESSION_NOT_FOUND")


def test_another_organisation_can_neither_see_nor_delete(
    client: httpx.Client, stranger: httpx.Client, session: str
) -> None:
    assert stranger.get("/v1/sessions").json() == []
    assert stranger.delete(session).json()["deleted"] is False
    assert stranger.delete("/v1/sessions").json()["deleted"] is False
    assert client.get(session).status_code == 200


# --- bodies


@pytest.mark.parametrize("path", WITH_BODY)
@pytest.mark.parametrize(
    "body",
    [b"{", b"nonsense", b'{"message": NaN}', b'"\xff\xfe"', b'{"message": "\\ud800"}', b"[" * 500_000, b"\x00"],
    ids=["cut off", "no JSON", "NaN", "no UTF-8", "lone surrogate", "deep", "NUL"],
)
def test_bodies_that_are_no_json(client: httpx.Client, path: str, body: bytes) -> None:
    problem_of(client.post(path, content=body, headers=JSON), 400, "MALFORMED_JSON")


@pytest.mark.parametrize("path", WITH_BODY)
@pytest.mark.parametrize("body", [[], "text", 5, True, [{"message": "x"}]], ids=repr)
def test_bodies_that_are_no_object(client: httpx.Client, path: str, body: Any) -> None:
    problem_of(client.post(path, json=body), 422, "UNPROCESSABLE")


@pytest.mark.parametrize("path", WITH_BODY)
@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "", "nonsense"])
def test_bodies_of_another_type(client: httpx.Client, path: str, content_type: str) -> None:
    response = client.post(path, content=b'{"message": "x"}', headers={"Content-Type": content_type})
    problem_of(response, 415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("path", [*WITH_BODY, "/v1/nowhere"])
def test_bodies_that_are_too_large(client: httpx.Client, path: str) -> None:
    announced = client.post(path, content=b"x" * 1_048_577, headers=JSON)
    chunked = client.post(path, content=(b"x" * 65_536 for _ in range(20)), headers=JSON)
    for response in (announced, chunked):
        problem_of(response, 413, "PAYLOAD_TOO_LARGE")
    assert client.get("/healthz").status_code == 200


def test_a_body_that_never_arrives(server: ServerProcess) -> None:
    head = (
        f"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.key}\r\nContent-Length: 10\r\n\r\n{{"
    )
    started = time.monotonic()
    answer = _exchange(server, head.encode())
    assert b"408 Request Timeout" in answer
    assert b"REQUEST_TIMEOUT" in answer
    assert b"x-request-id" in answer.lower()
    assert time.monotonic() - started < SECONDS / 2


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/sessions", {"agent_name": 5}, "agent_name"),
        ("/v1/sessions", {"agent_name": "a\x00"}, "agent_name"),
        ("/v1/sessions", {"max_steps": "many"}, "max_steps"),
        ("/v1/sessions", {"max_steps": 0}, "max_steps"),
        ("/v1/sessions", {"max_steps": 10**30}, "max_steps"),
        ("/v1/sessions", {"webhook_url": "mailto:me"}, "webhook_url"),
        ("/v1/sessions", {"webhook_url": "https://x.org/" + "a" * 2000}, "webhook_url"),
        ("/v1/sessions", {"agent_session_type": "remote"}, "agent_session_type"),
        ("/v1/sessions", {"goal": {}}, "goal"),
        (f"/v1/sessions/{NIL}/message", {}, "message"),
        (f"/v1/sessions/{NIL}/message", {"message": ""}, "message"),
        (f"/v1/sessions/{NIL}/message", {"message": None}, "message"),
        (f"/v1/sessions/{NIL}/message", {"message": "x" * 10_001}, "message"),
        (f"/v1/sessions/{NIL}/message", {"message": "x", "output_schema": []}, "output_schema"),
        (f"/v1/sessions/{NIL}/message", {"message": "x", "config_updates": "x"}, "config_updates"),
        (f"/v1/sessions/{NIL}/navigate", {}, "url"),
        (f"/v1/sessions/{NIL}/navigate", {"url": 5}, "url"),
    ],
)
def test_fields_that_are_wrong(client: httpx.Client, path: str, body: Any, field: str) -> None:
    error = problem_of(client.post(path, json=body), 422, "UNPROCESSABLE")
    assert [fault["field"] for fault in error["details"]["fields"]] == [field]
    assert error["details"]["fields"][0]["problem"]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/v1/models?filter=all", {}),
        (f"/v1/sessions/{NIL}/messages?after_id=x", {}),
        (f"/v1/sessions/{NIL}/messages?sanitize=perhaps", {}),
        (f"/v1/sessions/{NIL}/events?after_id=1.5", {}),
        (f"/v1/sessions/{NIL}/events?event_types=step,nonsense", {}),
        (f"/v1/sessions/{NIL}/events?event_types=%20nonsense", {}),
        (f"/v1/sessions/{NIL}/events?include_history=2", {}),
        (f"/v1/sessions/{NIL}/events", {"Last-Event-ID": "last"}),
        (f"/v1/sessions/{NIL}/events", {"Last-Event-ID": "-5"}),
        (f"/v1/sessions/{NIL}/events", {"Last-Event-ID": "9" * 40}),
    ],
)
def test_parameters_that_are_wrong(client: httpx.Client, path: str, headers: dict[str, str]) -> None:
    problem_of(client.get(path, headers=headers), 422, "UNPROCESSABLE")


#: Every list: the largest page it gives, and the least of the number where a page begins, if that is a number.
LISTS = {
    f"/v1/sessions/{NIL}/messages": (1000, "after_id", 0),
    "/v1/requests": (200, "before", 1),
    "/v1/audit": (200, "before", 1),
    "/v1/credits/statement": (200, "before", 1),
    f"/v1/admin/credits/{NIL}/statement": (200, "before", 1),
    "/v1/webhooks/deliveries": (200, "before", 1),
    "/v1/webhooks/endpoints": (200, None, 0),
    "/v1/payment_tokens": (200, None, 0),
    "/v1/admin/organisations": (100, None, 0),
    "/v1/admin/keys": (100, None, 0),
}


def test_the_lists_are_all_that_there_are(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()["paths"]
    paged = {
        path.format(session_id=NIL, organisation_id=NIL)
        for path, methods in described.items()
        if path.startswith("/v1/")
        and any(parameter["name"] == "limit" for parameter in methods.get("get", {}).get("parameters", ()))
    }
    assert paged == LISTS.keys()


@pytest.mark.parametrize("path", LISTS)
def test_a_page_beyond_the_range_of_a_list_is_refused_alike_everywhere(client: httpx.Client, path: str) -> None:
    most, place, least = LISTS[path]
    wrong = {"limit": (0, -1, most + 1, 10**30)} | ({place: (least - 1, 2**53)} if place else {})
    for name, values in wrong.items():
        for value in values:
            error = problem_of(client.get(path, params={name: value}), 400, "LIMIT_OUT_OF_RANGE")
            assert error["message"].startswith(f"“{name}” has to be between ")
    assert f"between 1 and {most}." in problem_of(client.get(f"{path}?limit=0"), 400, "LIMIT_OUT_OF_RANGE")["message"]
    problem_of(client.get(f"{path}?limit=many"), 422, "UNPROCESSABLE")


@pytest.mark.parametrize("after_id", ["-1", "99999999999999999999"])
def test_a_stream_begins_within_the_range_of_ids(client: httpx.Client, after_id: str) -> None:
    problem_of(client.get(f"/v1/sessions/{NIL}/events?after_id={after_id}"), 400, "LIMIT_OUT_OF_RANGE")


@pytest.mark.parametrize("query", ["save_snapshot_mode=disk", "save_as_default=maybe"])
def test_parameters_of_delete_that_are_wrong(client: httpx.Client, query: str) -> None:
    problem_of(client.delete(f"/v1/sessions/{NIL}?{query}"), 422, "UNPROCESSABLE")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
FIELDS = st.sampled_from(["message", "start_url", "output_schema", "config_updates", "context", "url"])


@pytest.mark.parametrize("path", WITH_BODY[1:])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(FIELDS, ANYTHING, max_size=4) | st.binary(max_size=40))
def test_no_body_is_a_failure_of_the_server(client: httpx.Client, path: str, body: dict[str, Any] | bytes) -> None:
    if isinstance(body, bytes):
        response = client.post(path, content=body, headers=JSON)
    else:
        response = client.post(path, json=body)
    assert response.status_code in (400, 404, 422), response.text
    assert response.json()["error"]["requestId"]


# --- routes and methods


@pytest.mark.parametrize(
    ("method", "path", "meant"),
    [
        ("GET", "/nowhere", None),
        ("GET", "/v1/session", "GET /v1/sessions?"),
        ("GET", "/v1/sessions/", "GET /v1/sessions?"),
        ("GET", "/v1/sessions/%2e%2e/status", None),
        ("POST", "/" + "a" * 5000, None),
        ("GET", "/%ff/%00", None),
    ],
)
def test_routes_that_are_not_there(client: httpx.Client, method: str, path: str, meant: str | None) -> None:
    response = client.request(method, path)
    assert response.status_code == 404
    if meant is not None:
        assert meant in problem_of(response, 404, "ROUTE_NOT_FOUND")["message"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/sessions", {"GET", "POST", "DELETE", "HEAD", "OPTIONS"}),
        ("PATCH", f"/v1/sessions/{NIL}", {"GET", "DELETE", "HEAD", "OPTIONS"}),
        ("POST", f"/v1/sessions/{NIL}/messages", {"GET", "HEAD", "OPTIONS"}),
        ("GET", f"/v1/sessions/{NIL}/pause", {"POST", "OPTIONS"}),
        ("DELETE", "/healthz", {"GET", "HEAD", "OPTIONS"}),
        ("PROPFIND", "/v1/models", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_methods_that_a_path_does_not_take(client: httpx.Client, method: str, path: str, allowed: set[str]) -> None:
    response = client.request(method, path)
    problem_of(response, 405, "METHOD_NOT_ALLOWED")
    assert set(response.headers["allow"].split(", ")) == allowed


def test_the_common_slip_is_named(client: httpx.Client) -> None:
    response = client.post(f"/v1/sessions/{NIL}/messages", json={"message": "x"})
    assert f"POST /v1/sessions/{NIL}/message?" in problem_of(response, 405, "METHOD_NOT_ALLOWED")["message"]


def test_head_and_options(client: httpx.Client, session: str) -> None:
    for path in ("/healthz", "/v1/sessions", session, f"{session}/events"):
        head = client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["x-request-id"]
    problem_head = client.head(f"/v1/sessions/{NIL}")
    assert (problem_head.status_code, problem_head.content) == (404, b"")
    options = client.options("/v1/sessions")
    assert options.status_code == 200
    assert set(options.json()["methods"]) == set(options.headers["allow"].split(", "))


# --- the edge


def test_every_answer_has_its_own_id_and_the_log_bears_it(server: ServerProcess, client: httpx.Client) -> None:
    response = client.get("/v1/models?secret=hidden", headers={"X-Request-Id": "chosen-by-the-client"})
    request_id = response.headers["x-request-id"]
    assert request_id.startswith("req_")
    line = server.logged(lambda line: line.get("request_id") == request_id)
    assert (line["method"], line["path"], line["status"]) == ("GET", "/v1/models", 200)
    assert line["key"] == f"…{server.key[-5:]}"
    assert "hidden" not in str(line)


@pytest.mark.parametrize("path", ["/v1/models", "/", f"/v1/sessions/{NIL}/events", "/v1/" + "A" * 64])
def test_a_websocket_where_there_is_none_is_refused_as_requests_are(server: ServerProcess, path: str) -> None:
    handshake = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    error = problem_of(httpx.get(f"{server.url}{path}", headers=handshake), 404, "ROUTE_NOT_FOUND")
    line = server.logged(lambda line: line.get("request_id") == error["requestId"])
    assert (line["ended"], "A" * 64 in line["path"]) == ("ROUTE_NOT_FOUND", False)


@pytest.mark.parametrize("host", ["evil.example/?", "[::1", "a b", "", "x" * 300])
def test_a_strange_host_gets_into_no_address(server: ServerProcess, host: str) -> None:
    head = f"GET /nowhere HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    answer = _exchange(server, head.encode())
    assert b" 404 " in answer.splitlines()[0]
    assert f'"docUrl":"{server.url}/v1/errors/ROUTE_NOT_FOUND"'.encode() in answer


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"hello\r\n\r\n",
        b"BREW / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
    ],
    ids=["TLS", "chat", "method", "header"],
)
def test_what_is_not_http(server: ServerProcess, request_bytes: bytes) -> None:
    head, _, body = _exchange(server, request_bytes).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    error = json.loads(body)["error"]
    assert error["code"] == "MALFORMED_REQUEST"
    assert f"x-request-id: {error['requestId']}".encode() in head


def test_a_head_that_never_ends(server: ServerProcess) -> None:
    with _connected(server) as connection, suppress(ConnectionError):
        connection.sendall(b"GET / HTTP/1.1\r\nx: ")
        for _ in range(1000):
            connection.sendall(b"x" * 65_536)
        pytest.fail("the server took in 64 MB of a header")
    with _connected(server) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nx: ")
        connection.sendall(b"x" * 30_000)
        connection.sendall(b"\r\nhost: x\r\nconnection: close\r\n\r\n")
        answer = connection.recv(65_536)
    assert b" 200 " in answer.splitlines()[0], "a long head is fine"
    assert server.logged(lambda line: line["event"] == "request refused" and line["code"] == "MALFORMED_REQUEST")


@pytest.mark.parametrize("end", [b"0\r\nx: ", b"2;"], ids=["trailer", "chunk extension"])
def test_a_body_that_never_ends(server: ServerProcess, end: bytes) -> None:
    head = b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    with _connected(server) as connection, suppress(ConnectionError):
        connection.sendall(head + end)
        for _ in range(1000):
            connection.sendall(b"x" * 65_536)
        pytest.fail("the server took in 64 MB between two pieces of a body")


def test_a_client_that_goes_on_sending_after_the_answer_is_cut_off(server: ServerProcess) -> None:
    with _connected(server) as connection, suppress(ConnectionError):
        connection.sendall(b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n")
        assert b" 413 " in connection.recv(65_536).splitlines()[0]
        for _ in range(1000):
            connection.sendall(b"x" * 65_536)
        pytest.fail("the server took in 64 MB of a body that it had refused")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"", b""),
        (b"\r\n\r\n", b""),
        (b"GET /healthz HT", b"HTTP/1.1 408 Request Timeout"),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\n", b"HTTP/1.1 408 Request Timeout"),
    ],
    ids=["nothing", "empty lines", "half a line", "half a head"],
)
def test_a_client_that_does_not_come_to_the_point_is_not_waited_for(
    server: ServerProcess, said: bytes, status: bytes
) -> None:
    started = time.monotonic()
    answer = _exchange(server, said)
    assert answer.partition(b"\r\n")[0] == status
    assert (b"REQUEST_TIMEOUT" in answer) == bool(status)
    assert time.monotonic() - started < SECONDS / 2


def test_what_follows_a_request_that_is_being_answered_does_not_get_into_its_answer(
    server: ServerProcess, session: str
) -> None:
    head = f"GET {session}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.key}\r\n\r\n"
    with _connected(server) as connection:
        connection.sendall(head.encode())
        answer = connection.recv(65_536)
        connection.sendall(b"nonsense\r\n\r\n")
        with suppress(ConnectionError):
            while chunk := connection.recv(65_536):
                answer += chunk
    assert answer.count(b"HTTP/1.1") == 1


def test_neither_keys_nor_control_codes_nor_endless_paths_get_into_the_log(
    server: ServerProcess, client: httpx.Client
) -> None:
    for path in (server.key, "%1b[31m%0aforged", "x" * 50_000):
        response = client.get(f"/v1/sessions/{path}")
        request_id = problem_of(response, 404, "SESSION_NOT_FOUND")["requestId"]
        line = server.logged(partial(_bears, request_id))
        assert len(response.content) < 2000
        assert server.key not in response.text
        assert len(str(line)) < 1000
        assert server.key[-32:] not in str(line)
        assert not set(line["path"]) & {"\x1b", "\n"}


def test_a_client_that_goes_away_with_half_a_body(server: ServerProcess, client: httpx.Client) -> None:
    with _connected(server) as connection:
        connection.sendall(b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    server.logged(lambda line: line.get("status") == 499)
    assert client.get("/healthz").status_code == 200


def _bears(request_id: str, line: dict[str, Any]) -> bool:
    return line.get("request_id") == request_id


def _connected(server: ServerProcess) -> socket.socket:
    return socket.create_connection(server.address, timeout=SECONDS)


def _exchange(server: ServerProcess, request: bytes) -> bytes:
    """What comes back on a raw connection until the server closes it."""
    with _connected(server) as connection:
        connection.sendall(request)
        answer = b""
        while chunk := connection.recv(65_536):
            answer += chunk
    return answer
