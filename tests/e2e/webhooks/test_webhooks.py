"""What receivers are told, over real sockets: events in order, signatures, retries, replays, rotation."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from benchmarks.sides.receiver import Received, Receiver
from standardwebhooks import Webhook, WebhookVerificationError
from tests.e2e.api.serving import SECONDS, Pages, run_to_end, serving
from tests.e2e.webhooks.conftest import TIMEOUT_SECONDS

pytestmark = [pytest.mark.browser]


def create(client: httpx.Client, **fields: Any) -> str:
    created = client.post("/v1/sessions", json=fields)
    assert created.status_code == 200, created.text
    return str(created.json()["session_id"])


def names(requests: list[Received]) -> list[str]:
    return [request.event for request in requests]


def verified(request: Received, secret: str) -> bool:
    try:
        Webhook(secret).verify(request.body, dict(request.headers))
    except WebhookVerificationError:
        return False
    return True


@pytest.fixture
def endpoint(client: httpx.Client, receiver: Receiver) -> Iterator[dict[str, Any]]:
    """An endpoint for the events of all sessions."""
    created = client.post("/v1/webhooks/endpoints", json={"url": receiver.url})
    assert created.status_code == 200, created.text
    yield created.json()
    client.delete(f"/v1/webhooks/endpoints/{created.json()['id']}")


def test_a_session_tells_its_url_what_happens_to_it(client: httpx.Client, receiver: Receiver) -> None:
    session_id = create(client, webhook_url=receiver.url)
    run_to_end(client, f"/v1/sessions/{session_id}")
    client.delete(f"/v1/sessions/{session_id}")
    receiver.wait(lambda got: len(got.events) == 4)

    assert names(receiver.events) == ["session.created", "task.started", "task.completed", "session.deleted"]
    created, started, completed, deleted = (request.payload for request in receiver.events)
    assert created["session"].keys() == {"id", "status", "agent_name", "created_at", "vnc_url"}
    assert created["session"] | {"status": "ready", "id": session_id, "agent_name": "agi-0"} == created["session"]
    assert f"/live/{session_id}#" in created["session"]["vnc_url"]
    assert started["message"] == "Reply with 'OK'"
    assert started["session"]["status"] == "running"
    assert completed["result"] == {"status": "success", "message": "OK", "content": "OK"}
    assert deleted["session"]["status"] == "ready"
    for request in receiver.received:
        assert request.headers["content-type"] == "application/json"
        assert request.headers["user-agent"] == "AgencyAPI-Webhooks/1.0"
        assert request.payload["event"] == request.event
        assert request.payload["session_id"] == session_id
        assert request.payload["timestamp"].endswith("Z")
        assert len(request.payload["timestamp"]) == len("2026-01-01T00:00:00.000Z")
        assert request.headers["webhook-signature"].startswith("v1,")


def test_an_endpoint_gets_every_session_and_its_secret_verifies(
    client: httpx.Client, receiver: Receiver, endpoint: dict[str, Any]
) -> None:
    for session_id in [create(client), create(client)]:
        client.delete(f"/v1/sessions/{session_id}")
    receiver.wait(lambda got: len(got.events) == 4)

    assert names(receiver.events).count("session.deleted") == 2
    assert all(verified(request, endpoint["secret"]) for request in receiver.events)
    assert not verified(receiver.events[0], "whsec_" + "AAAA" * 8)


def test_steering_a_task_is_told(client: httpx.Client, receiver: Receiver, pages: Pages) -> None:
    session_id = create(client, webhook_url=receiver.url)
    path = f"/v1/sessions/{session_id}"
    client.post(f"{path}/message", json={"message": "Read the price", "start_url": f"{pages.url}/slow"})
    assert pages.asked.wait(SECONDS)
    for word in ("pause", "message", "resume", "cancel", "cancel"):
        client.post(f"{path}/{word}", json={"message": "in euros"})
    client.delete(path)
    receiver.wait(lambda got: got.latest == "session.deleted")

    events = [(request.event, request.payload.get("new_status", "")) for request in receiver.events]
    assert events == [
        ("session.created", ""),
        ("task.started", ""),
        ("session.status_changed", "paused"),
        ("session.status_changed", "running"),
        ("task.error", ""),
        ("session.status_changed", "ready"),
        ("session.deleted", ""),
    ]
    assert receiver.events[4].payload["details"]["code"] == "TASK_CANCELLED"


def test_a_question_is_told_and_its_answer_starts_the_task_again(client: httpx.Client, receiver: Receiver) -> None:
    session_id = create(client, webhook_url=receiver.url)
    path = f"/v1/sessions/{session_id}"
    client.post(f"{path}/message", json={"message": "Click Send"})  # on which page?
    receiver.wait(lambda got: got.latest == "task.question")
    client.post(f"{path}/message", json={"message": "forget it"})
    receiver.wait(lambda got: len(got.events) == 5)
    client.delete(path)

    assert names(receiver.events)[:4] == ["session.created", "task.started", "task.question", "task.started"]
    question = receiver.events[2].payload
    assert question["question"]
    assert isinstance(question["context"], dict)
    assert receiver.events[3].payload["message"] == "forget it"


def test_a_receiver_that_hangs_delays_nothing(client: httpx.Client, receiver: Receiver) -> None:
    receiver.behave = lambda _: "hang"
    began = time.monotonic()
    session_id = create(client, webhook_url=receiver.url)
    run_to_end(client, f"/v1/sessions/{session_id}")
    client.delete(f"/v1/sessions/{session_id}")

    assert receiver.under_way <= 1
    assert (
        len(receiver.received) <= (time.monotonic() - began) / TIMEOUT_SECONDS + 1
    )  # they wait for the receiver, nobody else


def test_a_task_that_a_kill_has_cut_off_is_told_after_the_next_start(
    tmp_path: Path, receiver: Receiver, pages: Pages
) -> None:
    settings = {"EGRESS_ALLOW": "127.0.0.1"}
    with serving(tmp_path, **settings) as server, server.client() as client:
        session_id = create(client, webhook_url=receiver.url)
        task = {"message": "Read the price", "start_url": f"{pages.url}/slow"}
        client.post(f"/v1/sessions/{session_id}/message", json=task)
        assert pages.asked.wait(SECONDS)
        server.process.kill()
        server.process.wait()
    with serving(tmp_path, **settings):
        receiver.wait(lambda got: got.latest == "task.error")

    assert receiver.received[-1].payload["details"]["code"] == "SESSION_INTERRUPTED"
    assert receiver.received[-1].payload["session"]["status"] == "error"


def test_an_idle_session_tells_that_it_expires(tmp_path: Path, receiver: Receiver) -> None:
    with serving(tmp_path, EGRESS_ALLOW="127.0.0.1", IDLE_TIMEOUT_SECONDS=0.2) as server, server.client() as client:
        create(client, webhook_url=receiver.url)
        receiver.wait(lambda got: got.latest == "session.status_changed")

    payload = receiver.received[-1].payload
    assert (payload["old_status"], payload["new_status"]) == ("ready", "terminated")
