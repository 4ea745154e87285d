"""Sessions over HTTP: created, shown, listed, deleted, in the form that the public SDKs read."""

import re
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import ServerProcess, problem_of, serving

pytestmark = pytest.mark.browser

NIL = "00000000-0000-0000-0000-000000000000"


def test_a_new_session_is_ready_and_complete(client: httpx.Client, server: ServerProcess) -> None:
    created = client.post("/v1/sessions", json={"agent_name": "agi-0", "goal": "Tea ☕", "max_steps": 100})
    assert created.status_code == 200
    body = created.json()
    uuid.UUID(body["session_id"])
    uuid.UUID(body["environment_id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", body.pop("created_at"))
    assert body == {
        "session_id": body["session_id"],
        "environment_id": body["environment_id"],
        "agent_name": "agi-0",
        "agent_session_type": "managed-cdp",
        "agent_url": None,
        "status": "ready",
        "vnc_url": body["vnc_url"],
        "goal": "Tea ☕",
        "restore": None,
    }
    path = f"/v1/sessions/{body['session_id']}"
    assert body["vnc_url"].startswith(f"{server.url}/live/{body['session_id']}#")
    assert client.get(path).json() == created.json()
    assert client.get("/v1/sessions").json() == [created.json()]
    client.delete(path)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"agent_name": "scout", "max_steps": 1},
        {"agent_session_type": "managedcdp", "cdp_ws_url": "ws://127.0.0.1:1", "unknown": [1, {}]},
        {"model": "x", "save_on_exit": False, "environment_type": "chrome-1", "enable_memory_snapshot": False},
        {"agent_name": None, "goal": None, "webhook_url": "https://receiver.invalid/hook", "cdp_url": None},
    ],
)
def test_what_the_sdks_send_is_accepted(client: httpx.Client, body: dict[str, Any]) -> None:
    created = client.post("/v1/sessions", json=body)
    assert created.status_code == 200, created.text
    client.delete(f"/v1/sessions/{created.json()['session_id']}")


def test_no_body_at_all_takes_the_defaults(client: httpx.Client) -> None:
    created = client.post("/v1/sessions")
    assert created.json()["agent_name"] == "agi-0"
    client.delete(f"/v1/sessions/{created.json()['session_id']}")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"agent_name": "nobody"}, "AGENT_UNKNOWN"),
        ({"agent_session_type": "desktop"}, "NOT_SUPPORTED"),
        ({"agent_session_type": "externalcdp"}, "CDP_URL_INVALID"),
        ({"agent_session_type": "external-cdp", "cdp_ws_url": "127.0.0.1:9222"}, "CDP_URL_INVALID"),
        (
            {"agent_session_type": "external-cdp", "cdp_url": "ws://127.0.0.1:1", "restore_from_environment_id": "x"},
            "EXTERNAL_BROWSER_UNFIT",
        ),
    ],
)
def test_what_this_server_can_not_make(client: httpx.Client, body: dict[str, Any], code: str) -> None:
    problem_of(client.post("/v1/sessions", json=body), 422, code)
    assert client.get("/v1/sessions").json() == []


def test_deleting_is_final_and_twice_is_no_error(client: httpx.Client, session: str) -> None:
    first, second = client.delete(f"{session}?save_snapshot_mode=none&save_as_default=false"), client.delete(session)
    assert first.json() == {"success": True, "deleted": True, "message": "Session deleted successfully"}
    assert second.json() == {"success": True, "deleted": False, "message": "Session not found"}
    assert (first.status_code, second.status_code) == (200, 200)
    assert client.get("/v1/sessions").json() == []


def test_deleting_all(client: httpx.Client, session: str) -> None:
    assert client.get(session).status_code == 200
    first, second = client.delete("/v1/sessions"), client.delete("/v1/sessions")
    assert first.json() == {"success": True, "deleted": True, "message": "Sessions deleted successfully"}
    assert second.json()["deleted"] is False
    assert client.get("/v1/sessions").json() == []


def test_the_limit_of_sessions(client: httpx.Client) -> None:
    created = [client.post("/v1/sessions", json={}) for _ in range(4)]
    assert [response.status_code for response in created] == [200] * 4
    refused = client.post("/v1/sessions", json={})
    error = problem_of(refused, 429, "SESSION_LIMIT_REACHED")
    assert (error["retryAfterSeconds"], refused.headers["retry-after"]) == (10, "10")
    assert error["details"] == {"limit": 4, "current": 4}
    assert client.delete("/v1/sessions").json()["deleted"] is True
    again = client.post("/v1/sessions", json={})
    assert again.status_code == 200, "an ended session gives its place back"
    client.delete(f"/v1/sessions/{again.json()['session_id']}")


@pytest.mark.parametrize(
    ("query", "models"),
    [
        ("", ["agi-0", "agi-0-fast", "scout"]),
        ("?filter=cdp", ["agi-0", "agi-0-fast", "scout"]),
        ("?filter=desktop", []),
    ],
)
def test_models(client: httpx.Client, query: str, models: list[str]) -> None:
    assert client.get(f"/v1/models{query}").json() == {"models": models}


@pytest.mark.parametrize(
    ("settings", "code", "details"),
    [
        ({"MAX_SESSIONS_PER_ORGANISATION": 1}, "ORGANISATION_LIMIT_REACHED", {"limit": 1, "current": 1}),
        ({"MEMORY_RESERVE_BYTES": 2**60}, "MEMORY_LIMIT_REACHED", {"limit": 2**60}),
    ],
)
def test_other_limits_of_sessions(tmp_path: Path, settings: dict[str, Any], code: str, details: dict[str, int]) -> None:
    with serving(tmp_path / "data", **settings) as server, server.client() as client:
        client.post("/v1/sessions")
        refused = client.post("/v1/sessions")
        error = problem_of(refused, 429, code)
        assert (error["retryAfterSeconds"], refused.headers["retry-after"]) == (10, "10")
        assert error["details"].keys() == {"limit", "current"}
        assert error["details"] | details == error["details"]


def test_a_session_that_rests_without_a_browser_is_woken_only_when_there_is_memory(tmp_path: Path) -> None:
    with serving(tmp_path) as server, server.client() as client:
        path = f"/v1/sessions/{client.post('/v1/sessions').json()['session_id']}"
    with serving(tmp_path, MEMORY_RESERVE_BYTES=2**60, WARM_BROWSERS=0) as server, server.client() as client:
        for refused in (
            client.post(f"{path}/message", json={"message": "Read the price."}),
            client.post(f"{path}/navigate", json={"url": f"{server.url}/docs"}),
            client.get(f"{path}/screenshot"),
        ):
            error = problem_of(refused, 429, "MEMORY_LIMIT_REACHED")
            assert (error["retryAfterSeconds"], refused.headers["retry-after"]) == (10, "10")
            assert error["details"]["limit"] == 2**60 > error["details"]["current"] > 0
        # What needs no browser goes on.
        assert client.get(f"{path}/status").json() == {"status": "ready"}
        assert [message["type"] for message in client.get(f"{path}/messages").json()["messages"]] == ["LOG"]
        assert client.get(f"{path}/files").status_code == 200
        assert client.delete(path).json()["deleted"] is True
