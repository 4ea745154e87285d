"""Every request with a valid key is found again by its organisation, without what is secret in it."""

import json
import re
import subprocess
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from tests.e2e.api.serving import COMMAND, SECONDS, ServerProcess, problem_of
from tests.e2e.requests.conftest import add_key

RECORD = "/v1/requests"


def recorded(client: httpx.Client, answer: httpx.Response) -> dict[str, Any]:
    found = client.get(f"{RECORD}/{answer.headers['x-request-id']}")
    assert found.status_code == 200, found.text
    body: dict[str, Any] = found.json()
    return body


@pytest.mark.row("A45", "A46", "X2")
def test_a_failure_is_found_by_the_id_of_its_answer(server: ServerProcess, client: httpx.Client) -> None:
    before = datetime.now(UTC)
    answer = client.post(
        "/v1/vault/cards?token=hidden&limit=3&note=two+words",
        json={"name": "main", "number": 4111111111111111, "note": "who knows", "deep": [{"pin": 1}, 7]},
    )
    error = problem_of(answer, 422, "UNPROCESSABLE")
    found = recorded(client, answer)
    assert re.fullmatch(r"req_[0-9a-f]{24}", found["id"])
    assert (found["id"], found["key"]) == (error["requestId"], server.key[-5:])
    assert (found["method"], found["status"], found["code"]) == ("POST", 422, "UNPROCESSABLE")
    assert found["url"] == f"{server.url}/v1/vault/cards?token=…&limit=3&note=…"
    assert found["request_body"] == (
        '{"name": "‹4 characters›", "number": "…", "note": "‹9 characters›", "deep": [{"pin": "…"}, 7]}'
    )
    assert '"code":"UNPROCESSABLE"' in found["answer_body"]
    assert 0 < found["latency_ms"] < SECONDS * 1000
    assert before - timedelta(seconds=1) < datetime.fromisoformat(found["at"]) <= datetime.now(UTC)
    line = server.line_of(answer)
    assert (line["status"], line["key"]) == (422, f"…{server.key[-5:]}")


def test_a_success_is_recorded_without_bodies(client: httpx.Client) -> None:
    found = recorded(client, client.get("/v1/models"))
    assert (found["method"], found["status"], found["code"]) == ("GET", 200, "")
    assert (found["request_body"], found["answer_body"]) == ("", "")
    assert recorded(client, client.head("/v1/models"))["method"] == "HEAD"


def test_what_fails_before_the_gate_is_recorded_for_its_owner(server: ServerProcess, client: httpx.Client) -> None:
    answers = {
        "ROUTE_NOT_FOUND": client.get("/v1/sesions"),
        "METHOD_NOT_ALLOWED": client.put("/v1/models"),
        "PAYLOAD_TOO_LARGE": client.post("/v1/sessions", json={"goal": "x" * 1_100_000}),
    }
    for code, answer in answers.items():
        found = recorded(client, answer)
        assert (found["code"], found["status"], found["key"]) == (code, answer.status_code, server.key[-5:])
    wrong = httpx.get(f"{server.url}/v1/sesions", headers={"x-api-key": f"{server.key}x"})
    problem_of(wrong, 404, "ROUTE_NOT_FOUND")
    problem_of(client.get(f"{RECORD}/{wrong.headers['x-request-id']}"), 404, "REQUEST_NOT_FOUND")


def test_what_is_not_json_is_told_by_its_size(client: httpx.Client) -> None:
    answer = client.post("/v1/sessions", content=b'{"goal": "sec', headers={"Content-Type": "application/json"})
    assert recorded(client, answer)["request_body"] == "‹13 bytes of application/json›"


@pytest.mark.row("X8")
def test_the_record_is_its_owners_alone(client: httpx.Client, stranger: httpx.Client) -> None:
    answer = client.get("/v1/models")
    recorded(client, answer)
    theirs = stranger.get(f"{RECORD}/{answer.headers['x-request-id']}")
    nobodys = stranger.get(f"{RECORD}/req_{'0' * 24}")
    assert problem_of(theirs, 404, "REQUEST_NOT_FOUND")["hint"] == problem_of(nobodys, 404, "REQUEST_NOT_FOUND")["hint"]
    assert {request["key"] for request in stranger.get(RECORD).json()["requests"]}.isdisjoint(
        {client.headers["authorization"][-5:]}
    )


def test_a_request_without_a_valid_key_belongs_to_nobody(server: ServerProcess, client: httpx.Client) -> None:
    refused = httpx.get(f"{server.url}/v1/models")
    problem_of(client.get(f"{RECORD}/{refused.headers['x-request-id']}"), 404, "REQUEST_NOT_FOUND")
    server.line_of(refused)


@pytest.mark.row("A46")
def test_what_an_address_calls_a_secret_is_not_logged(server: ServerProcess, client: httpx.Client) -> None:
    for called in ("password/", "token:", "models?secret=", "ann:hunter2@"):
        answer = client.get(f"/v1/{called}hunter2")
        server.line_of(answer)
        assert "hunter2" not in answer.text
    assert "hunter2" not in json.dumps(server.lines)
    assert "hunter2" not in client.get(RECORD).text


def test_the_record_is_listed_and_filtered(server: ServerProcess) -> None:
    with server.client(add_key(server, "listers")) as client:
        ids = [client.get("/v1/models").headers["x-request-id"] for _ in range(3)]
        since = datetime.now(UTC)
        failed = client.get("/v1/sessions/nothing").headers["x-request-id"]
        until = datetime.now(UTC)
        ids.append(client.post("/v1/webhooks/session-secret/rotate").headers["x-request-id"])

        def listed(**query: Any) -> list[str]:
            answer = client.get(RECORD, params={key: value for key, value in query.items() if value is not None})
            assert answer.status_code == 200, answer.text
            return [request["id"] for request in answer.json()["requests"] if not request["url"].count(RECORD)]

        assert listed() == [ids[3], failed, ids[2], ids[1], ids[0]]
        assert listed(failed=True) == [failed]
        assert listed(failed=False) == [ids[3], ids[2], ids[1], ids[0]]
        assert listed(status=404) == listed(code="SESSION_NOT_FOUND") == [failed]
        assert listed(method="post") == [ids[3]]
        assert listed(since=since.isoformat(), until=until.isoformat()) == [failed]
        first = client.get(
            RECORD, params={"limit": 2, "method": "GET", "status": 200, "until": since.isoformat()}
        ).json()
        assert [request["id"] for request in first["requests"]] == [ids[2], ids[1]]
        assert listed(before=first["next_before"], until=since.isoformat()) == [ids[0]]
    for query in ("status=99", "before=x", "since=yesterday", "since=2026-01-01T00:00:00",
                  "since=0001-01-01T00:00:00%2B14:00", "until=9999-12-31T23:59:59-14:00"):  # fmt: skip
        with server.client() as client:
            problem_of(client.get(f"{RECORD}?{query}"), 422, "UNPROCESSABLE")


@pytest.mark.row("A44", "A46")
def test_a_report_has_what_support_asks_for(server: ServerProcess, client: httpx.Client) -> None:
    answer = client.post(f"/v1/sessions/nothing/message?api_key={quote('ok_live_' + 'x' * 40)}", json={"message": "hi"})
    shown = run(server, "show", answer.headers["x-request-id"], "--report", "--expected", "The task is started.")
    for item in (
        f"URL: {server.url}/v1/sessions/nothing/message?api_key=…",
        "Method: POST",
        f"Key: …{server.key[-5:]}",
        'Request body, without its texts: {"message": "‹2 characters›"}',
        "Answer: 404 SESSION_NOT_FOUND",
        'Answer\'s body: {"error":{"code":"SESSION_NOT_FOUND"',
        f"Time: {datetime.now(UTC):%Y-%m-%dT}",
        "Expected: The task is started.",
    ):
        assert f"- {item}" in shown
    (line,) = run(server, "list", "--failed", "--since", "1h", "--limit", "1").splitlines()
    assert re.fullmatch(
        rf"20\S+Z  {answer.headers['x-request-id']}  …{server.key[-5:]}  404  POST  \S+  [\d.]+ ms  SESSION_NOT_FOUND",
        line,
    )
    assert "latency_ms" in run(server, "show", answer.headers["x-request-id"])


def run(server: ServerProcess, *arguments: str) -> str:
    command = [COMMAND, "requests", *arguments, "--server", server.url, "--key", server.key]
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True).stdout


@pytest.mark.row("X1", "X2")
def test_every_failure_has_the_envelope_and_an_id_of_its_own(server: ServerProcess, client: httpx.Client) -> None:
    answers = [
        client.get("/nowhere"),
        client.put("/v1/models"),
        client.get("/v1/models", headers={"Authorization": "Bearer x"}),
        client.post("/v1/sessions", content=b"{", headers={"Content-Type": "application/json"}),
        client.post("/v1/sessions", content=b"{}", headers={"Content-Type": "text/plain"}),
        client.post("/v1/sessions", json={"goal": 1}),
        client.get("/v1/sessions/nothing"),
        client.post("/v1/sessions", json={"goal": "x" * 1_100_000}),
    ]
    assert [answer.status_code for answer in answers] == [404, 405, 401, 400, 415, 422, 404, 413]
    for answer in answers:
        problem_of(answer, answer.status_code, answer.json()["error"]["code"])
    ids = {answer.headers["x-request-id"] for answer in answers}
    assert len(ids) == len(answers)
    for answer in answers:
        server.line_of(answer)


@pytest.mark.row("A6", "A34", "X5")
@pytest.mark.parametrize("body", ['{"a":', '{"goal": "x",}', "{a:1}", '{"goal": "\\x"}', "[1 2]", "nonsense"])
def test_what_is_not_json_is_refused_with_its_position(client: httpx.Client, body: str) -> None:
    sent = client.post("/v1/vault/credentials", content=body, headers={"Content-Type": "application/json"})
    error = problem_of(sent, 400, "MALFORMED_JSON")
    assert re.search(r"line 1 column \d+", error["message"])
    assert error["retryable"] is False


@pytest.mark.row("A4", "A5", "X5")
def test_missing_and_wrong_fields_are_named(client: httpx.Client) -> None:
    sent = client.post("/v1/vault/credentials", json={"name": 7, "user_name": "ann", "password": "x"})
    fields = problem_of(sent, 422, "UNPROCESSABLE")["details"]["fields"]
    assert {field["field"] for field in fields} == {"name", "origins"}
    problem_of(client.post("/v1/vault/credentials", content=b""), 422, "UNPROCESSABLE")


@pytest.mark.row("A1", "X3", "X30")
def test_what_worked_is_200_with_json(client: httpx.Client) -> None:
    for path in ("models", "sessions", "requests", "errors", "webhooks/endpoints", "vault/cards", "audit"):
        answer = client.get(f"/v1/{path}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        assert isinstance(answer.json(), dict | list)


#: Answers that are no JSON: each says what it is.
NO_JSON = {
    "/v1/sessions/{session_id}/events": "text/event-stream",
    "/v1/sessions/{session_id}/script": "application/yaml",
    "/v1/sessions/{session_id}/files/{name}": "application/octet-stream",
}


@pytest.mark.row("X30")
def test_what_works_is_json_on_every_endpoint(server: ServerProcess) -> None:
    """But for files and streams, and for who prefers XML; the answers themselves are compared with this elsewhere."""
    document = httpx.get(f"{server.url}/swagger/docs/v1").json()
    seen = set()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            for status, answer in operation["responses"].items():
                if not status.startswith("2") or status == "204":
                    continue
                kinds = set(answer["content"])
                expected = NO_JSON[path] if path in NO_JSON and method == "get" else "application/json"
                assert expected in kinds, (method, path, status)
                assert path.startswith("/v4/") or kinds == {expected}, (method, path, status)
                seen.add(path)
    assert seen > NO_JSON.keys()
