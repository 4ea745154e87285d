"""Tasks over HTTP: sent, answered, steered, read."""

import httpx
import pytest
from tests.e2e.api.serving import Pages, problem_of, run_to_end, stream

pytestmark = pytest.mark.browser


def test_a_task_is_done_and_read(client: httpx.Client, session: str) -> None:
    assert client.get(f"{session}/status").json() == {"status": "ready"}
    run_to_end(client, session)
    body = client.get(f"{session}/messages").json()
    assert (body["status"], body["has_agent"], body["hasAgent"]) == ("finished", True, True)
    messages = body["messages"]
    assert [message["id"] for message in messages] == list(range(1, len(messages) + 1))
    assert (messages[0]["type"], messages[0]["content"]) == ("USER", "Reply with 'OK'")
    assert (messages[-1]["type"], messages[-1]["content"]) == ("DONE", "OK")
    assert all(isinstance(message["metadata"], dict) for message in messages)
    assert all(message["timestamp"].endswith("Z") for message in messages)
    assert client.get(session).json()["status"] == "ready"


def test_messages_after_an_id(client: httpx.Client, session: str) -> None:
    run_to_end(client, session)
    everything = client.get(f"{session}/messages").json()["messages"]
    assert client.get(f"{session}/messages?after_id=1").json()["messages"] == everything[1:]
    assert client.get(f"{session}/messages?after_id={len(everything)}").json()["messages"] == []
    assert client.get(f"{session}/messages?after_id=9007199254740991&sanitize=false").json()["messages"] == []
    assert client.get(f"{session}/messages?limit=1").json()["messages"] == everything[:1]
    assert client.get(f"{session}/messages?after_id=1&limit=1000").json()["messages"] == everything[1:]


def test_a_session_does_one_task_after_the_other(client: httpx.Client, session: str) -> None:
    first, second = run_to_end(client, session), run_to_end(client, session)
    assert first[-1].event == second[-1].event == "done"
    assert second[0].id == (first[-1].id or 0) + 1


def test_the_state_is_running_when_a_message_is_acknowledged(client: httpx.Client, busy: str) -> None:
    assert client.get(f"{busy}/status").json() == {"status": "running"}
    assert client.get(busy).json()["status"] == "running"


@pytest.mark.parametrize("length", [1, 10_000])
def test_lengths_of_a_message(client: httpx.Client, busy: str, length: int) -> None:
    answer = client.post(f"{busy}/message", json={"message": "☕" * length, "config_updates": {"timeout": 30}})
    assert answer.json() == {"success": True, "message": "Message sent successfully"}
    assert client.get(f"{busy}/messages").json()["messages"][-1]["content"] == "☕" * length


def test_a_message_to_a_running_task_is_an_addition(client: httpx.Client, busy: str) -> None:
    assert client.post(f"{busy}/message", json={"message": "In EUR, please."}).status_code == 200
    body = client.get(f"{busy}/messages").json()
    assert body["status"] == "running"
    assert [m["content"] for m in body["messages"] if m["type"] == "USER"] == ["Read the price.", "In EUR, please."]


def test_cancelling_ends_the_task_and_keeps_the_session(client: httpx.Client, busy: str, pages: Pages) -> None:
    assert client.post(f"{busy}/cancel").json()["message"] == "Session cancelled successfully"
    assert client.get(f"{busy}/status").json() == {"status": "error"}
    last = client.get(f"{busy}/messages").json()["messages"][-1]
    assert (last["type"], last["metadata"]["code"]) == ("ERROR", "TASK_CANCELLED")
    assert client.get(busy).json()["status"] == "ready"
    pages.release.set()
    assert run_to_end(client, busy)[-1].event == "done"


def test_pausing_and_resuming(client: httpx.Client, busy: str) -> None:
    assert client.post(f"{busy}/pause").json() == {"success": True, "message": "Session paused successfully"}
    assert client.get(f"{busy}/status").json() == {"status": "paused"}
    assert client.get(busy).json()["status"] == "paused"
    assert "already_paused" in client.post(f"{busy}/pause").json()["message"]
    assert client.post(f"{busy}/message", json={"message": "Kept for later."}).status_code == 200
    assert client.get(f"{busy}/status").json() == {"status": "paused"}
    assert client.post(f"{busy}/resume").json() == {"success": True, "message": "Session resumed successfully"}
    assert client.get(f"{busy}/status").json() == {"status": "running"}
    events = [m["metadata"].get("event") for m in client.get(f"{busy}/messages").json()["messages"]]
    assert [event for event in events if event in ("paused", "resumed")] == ["paused", "resumed"]


@pytest.mark.parametrize(
    ("order", "text"), [("pause", "already_paused"), ("resume", "not_paused"), ("cancel", "nothing to cancel")]
)
def test_orders_out_of_order_are_no_errors(client: httpx.Client, session: str, order: str, text: str) -> None:
    for headers in ({}, {"Content-Type": "application/json"}):
        answer = client.post(f"{session}/{order}", headers=headers)
        assert answer.status_code == 200
        assert text in answer.json()["message"]
    assert (
        client.post(f"{session}/{order}", content=b"{not json", headers={"Content-Type": "text/x"}).status_code == 200
    )


def test_deleting_ends_a_running_task(client: httpx.Client, busy: str) -> None:
    assert client.delete(busy).json()["deleted"] is True
    problem_of(client.get(f"{busy}/status"), 404, "SESSION_NOT_FOUND")


@pytest.mark.parametrize("url", ["not-a-valid-url", "ht!tp://bad..url", "file:///etc/passwd", "http://x/" + "a" * 2000])
def test_a_bad_start_address_starts_nothing(client: httpx.Client, session: str, url: str) -> None:
    problem_of(client.post(f"{session}/message", json={"message": "Read it.", "start_url": url}), 400, "INVALID_URL")
    assert client.get(f"{session}/messages").json()["messages"] == []


@pytest.mark.row("X12")
@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string"},
        {"type": 5},
        {"type": "object", "$ref": "http://127.0.0.1/"},
        {"type": "object", "allOf": [{"$ref": "#"}, {"$ref": "#"}]},
        {"type": "object", "properties": {"a": {"pattern": "^(?!a)"}}},
    ],
)
def test_a_bad_output_schema_starts_nothing(client: httpx.Client, session: str, schema: dict[str, object]) -> None:
    answer = client.post(f"{session}/message", json={"message": "Read it.", "output_schema": schema})
    problem_of(answer, 422, "OUTPUT_SCHEMA_INVALID")
    assert client.get(f"{session}/status").json() == {"status": "ready"}


def test_a_pattern_that_would_take_for_ever_with_backtracking(client: httpx.Client, session: str, pages: Pages) -> None:
    price = {"type": "string", "pattern": "^(a+)+$"}
    task = {
        "message": "Report the price.",
        "start_url": f"{pages.url}/?{'a' * 60}!",
        "output_schema": {"type": "object", "properties": {"price": price}, "required": ["price"]},
    }
    with stream(client, session, "?include_history=false") as frames:
        assert client.post(f"{session}/message", json=task).status_code == 200
        last = [frame for frame in frames if frame.event != "heartbeat"][-1].json()
    assert last["code"] == "OUTPUT_INVALID"
    assert last["text"].endswith('!" does not match "^(a+)+$"')
