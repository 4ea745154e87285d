"""What receivers are told, over real sockets: events in order, signatures, retries, replays, rotation."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook, WebhookVerificationError
from tests.e2e.api.serving import run_to_end
from tests.integration.webhooks.receiver import Received, Receiver

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
    receiver.wait(lambda got: len(got.received) == 4)

    assert names(receiver.received) == ["session.created", "task.started", "task.completed", "session.deleted"]
    created, started, completed, deleted = (request.payload for request in receiver.received)
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
    receiver.wait(lambda got: len(got.received) == 4)

    assert names(receiver.received).count("session.deleted") == 2
    assert all(verified(request, endpoint["secret"]) for request in receiver.received)
    assert not verified(receiver.received[0], "whsec_" + "AAAA" * 8)
