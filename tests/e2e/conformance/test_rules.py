"""The rules that a server needs for all SDKs to accept it, one by one; and the endpoints as such."""

import itertools
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import SECONDS, Pages, ServerProcess, run_to_end, stream

pytestmark = pytest.mark.browser

NIL = "00000000-0000-0000-0000-000000000000"
ENDPOINTS = [
    ("POST", "/v1/sessions"),
    ("GET", "/v1/sessions"),
    ("GET", "/v1/sessions/{id}"),
    ("DELETE", "/v1/sessions/{id}"),
    ("DELETE", "/v1/sessions"),
    ("POST", "/v1/sessions/{id}/message"),
    ("GET", "/v1/sessions/{id}/status"),
    ("GET", "/v1/sessions/{id}/messages"),
    ("GET", "/v1/sessions/{id}/events"),
    ("POST", "/v1/sessions/{id}/pause"),
    ("POST", "/v1/sessions/{id}/resume"),
    ("POST", "/v1/sessions/{id}/cancel"),
    ("POST", "/v1/sessions/{id}/navigate"),
    ("GET", "/v1/sessions/{id}/screenshot"),
    ("GET", "/v1/models"),
]
SDK_STATUSES = {"ready", "running", "waiting_for_input", "paused", "finished", "error"}
TYPES = {"THOUGHT", "QUESTION", "USER", "DONE", "ERROR", "LOG"}


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_endpoints(server: ServerProcess, method: str, path: str) -> None:
    """Each is there, and asks for a key; what is not there is 404 without one."""
    assert httpx.request(method, server.url + path.replace("{id}", NIL)).status_code == 401


def test_1_every_answer_is_json(client: httpx.Client, server: ServerProcess, session: str, pages: Pages) -> None:
    answers = [
        client.get("/v1/models"),
        client.get("/v1/sessions"),
        client.get(session),
        client.post(f"{session}/message", json={"message": "Read the price.", "start_url": f"{pages.url}/slow"}),
        client.get(f"{session}/status"),
        client.get(f"{session}/messages"),
        client.post(f"{session}/pause"),
        client.post(f"{session}/resume"),
        client.post(f"{session}/cancel"),
        client.post(f"{session}/navigate", json={"url": pages.url}),
        client.get(f"{session}/screenshot"),
        client.delete(session),
        client.delete("/v1/sessions"),
    ]
    for answer in answers:
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()
    for failed in (
        client.get(session),
        client.get("/nowhere"),
        client.put("/v1/sessions"),
        httpx.get(f"{server.url}/v1/models"),
    ):
        body = failed.json()
        assert isinstance(body["detail"], str)
        assert body["detail"] == body["message"] == body["error"]["message"]


def test_2_fields_that_are_never_null(fields: dict[str, Any]) -> None:
    for name in ("session_id", "vnc_url", "environment_id", "agent_name", "agent_session_type", "status", "created_at"):
        assert isinstance(fields[name], str), name
        assert fields[name], name


def test_3_statuses(client: httpx.Client, busy: str, pages: Pages) -> None:
    """All that one session goes through."""
    seen: list[tuple[str, str]] = []

    def look() -> None:
        seen.append((client.get(f"{busy}/status").json()["status"], client.get(busy).json()["status"]))

    look()
    client.post(f"{busy}/pause")
    look()
    client.post(f"{busy}/cancel")
    look()
    pages.release.set()
    run_to_end(client, busy)
    look()
    run_to_end(client, busy, "Frobnicate the quux.")
    look()
    assert seen == [
        ("running", "running"),
        ("paused", "paused"),
        ("error", "ready"),
        ("finished", "ready"),
        ("error", "error"),
    ]
    assert {execution for execution, _ in seen} <= SDK_STATUSES


def test_3_the_status_while_a_question_waits(client: httpx.Client, session: str) -> None:
    with stream(client, session) as frames:
        client.post(f"{session}/message", json={"message": "Click Send."})  # on which page?
        assert next(frame for frame in frames if frame.event in ("question", "error")).event == "question"
    assert client.get(f"{session}/status").json() == {"status": "waiting_for_input"}
    assert client.get(session).json()["status"] == "running"


def test_4_running_before_the_reply(client: httpx.Client, session: str) -> None:
    """However quick the task is, its message never meets the state of the task before."""
    for _ in range(5):
        before = client.get(f"{session}/messages").json()["messages"]
        client.post(f"{session}/message", json={"message": "Reply with 'OK'"})
        body = client.get(f"{session}/messages").json()
        ended = body["messages"][-1]["type"] == "DONE"
        assert len(body["messages"]) > len(before)
        assert body["status"] == "running" or (ended and body["status"] == "finished")
        _wait_for_the_end(client, session)


def test_4_the_end_is_stored_before_the_status_says_so(client: httpx.Client, session: str) -> None:
    for _ in range(5):
        count = len(client.get(f"{session}/messages").json()["messages"])
        client.post(f"{session}/message", json={"message": "Reply with 'OK'"})
        _wait_for_the_end(client, session)
        new = client.get(f"{session}/messages").json()["messages"][count:]
        assert [message["type"] for message in new] == ["USER", "DONE"]


def _wait_for_the_end(client: httpx.Client, session: str) -> None:
    for _ in range(int(SECONDS * 100)):
        if client.get(f"{session}/status").json()["status"] == "finished":
            return
    raise AssertionError


def test_5_messages(client: httpx.Client, session: str, pages: Pages) -> None:
    client.post(f"{session}/message", json={"message": "Report the price.", "start_url": pages.url})
    _wait_for_the_end(client, session)
    run_to_end(client, session, "Frobnicate the quux.")
    body = client.get(f"{session}/messages", params={"sanitize": "false"}).json()
    assert body["has_agent"] is body["hasAgent"] is True
    assert [message["id"] for message in body["messages"]] == list(range(1, len(body["messages"]) + 1))
    for message in body["messages"]:
        assert isinstance(message["metadata"], dict)
        assert isinstance(message["content"], str | dict | list)
        assert message["content"] is not None
        assert message["timestamp"].endswith("Z")
        assert message["type"] in TYPES
    assert {message["type"] for message in body["messages"]} == {"USER", "THOUGHT", "LOG", "DONE", "ERROR"}
    assert all(a["timestamp"] <= b["timestamp"] for a, b in itertools.pairwise(body["messages"]))


def test_6_list_and_delete(client: httpx.Client, session: str) -> None:
    listed = client.get("/v1/sessions").json()
    assert isinstance(listed, list)
    assert [entry["session_id"] for entry in listed] == [session.rpartition("/")[2]]
    assert {"session_id", "agent_name", "status", "created_at"} <= listed[0].keys()
    assert client.delete(session).json()["deleted"] is True
    assert client.delete(session).json()["deleted"] is False
    assert client.get("/v1/sessions").json() == []


def test_7_pause_and_resume_are_idempotent(client: httpx.Client, busy: str) -> None:
    texts = [client.post(f"{busy}/{order}") for order in ("resume", "pause", "pause", "resume", "resume")]
    assert [answer.status_code for answer in texts] == [200] * 5
    assert [answer.json()["success"] for answer in texts] == [True] * 5
    words = ["not_paused", "paused successfully", "already_paused", "resumed successfully", "not_paused"]
    assert all(word in answer.json()["message"] for word, answer in zip(words, texts, strict=True))
