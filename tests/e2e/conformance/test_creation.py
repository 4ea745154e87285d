"""Creating and deleting sessions: fields, names, limits, as each SDK spells them."""

from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import Pages, problem_of, stream

pytestmark = pytest.mark.browser


def create(client: httpx.Client, **fields: Any) -> dict[str, Any]:
    answer = client.post("/v1/sessions", json=fields)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def delete(client: httpx.Client, session: dict[str, Any], query: str = "") -> dict[str, Any]:
    answer = client.delete(f"/v1/sessions/{session['session_id']}{query}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_an_unknown_agent(client: httpx.Client) -> None:
    error = problem_of(client.post("/v1/sessions", json={"agent_name": "agi-9"}), 422, "AGENT_UNKNOWN")
    assert "agent" in error["message"]
    assert "agi-0" in error["cause"]


def test_webhook_urls(client: httpx.Client) -> None:
    base = "https://receiver.invalid/"
    delete(client, create(client, webhook_url=base + "x" * (2000 - len(base))))
    delete(client, create(client, webhook_url="http://receiver.invalid/hook"))
    for wrong in (base + "x" * (2001 - len(base)), "ftp://192.0.2.1/", "example.org"):
        problem_of(client.post("/v1/sessions", json={"webhook_url": wrong}), 422, "UNPROCESSABLE")


def test_a_goal_starts_nothing(client: httpx.Client) -> None:
    """Else the message that follows would add to that task, and its client would be given the first task's answer."""
    session = create(client, goal="Reply with 'No'")
    path = f"/v1/sessions/{session['session_id']}"
    assert (session["goal"], session["status"]) == ("Reply with 'No'", "ready")
    with stream(client, path) as frames:
        client.post(f"{path}/message", json={"message": "Reply with 'OK'"})
        done = [frame for frame in frames if frame.event == "done"]
    assert [frame.json()["text"] for frame in done] == ["OK"]
    delete(client, session)


def test_max_steps_bound_a_task(client: httpx.Client, pages: Pages) -> None:
    session = create(client, max_steps=1)
    path = f"/v1/sessions/{session['session_id']}"
    task = f"Open {pages.url}/tea, then open {pages.url}/coffee and read the title."
    with stream(client, path) as frames:
        client.post(f"{path}/message", json={"message": task, "start_url": pages.url})
        (error,) = (frame for frame in frames if frame.event == "error")
    assert (error.json()["code"], error.json()["details"]) == ("STEP_LIMIT_REACHED", {"limit": 1})
    delete(client, session)


@pytest.mark.parametrize("name", ["managed-cdp", "managedcdp", "ManagedCdp", None])
def test_session_types(client: httpx.Client, name: str | None) -> None:
    session = create(client, agent_session_type=name)
    assert session["agent_session_type"] == "managed-cdp"
    delete(client, session)


def test_ids_in_capitals(client: httpx.Client) -> None:
    session = create(client)
    path = f"/v1/sessions/{session['session_id'].upper()}"
    assert client.get(path).json()["session_id"] == session["session_id"]
    for answer in (
        client.post(f"{path}/message", json={"message": "Reply with 'OK'"}),
        client.get(f"{path}/messages"),
        client.get(f"{path}/events"),
        client.delete(f"{path}?save_snapshot_mode=filesystem"),
    ):
        assert answer.status_code == 200, answer.text
    assert client.get("/v1/sessions").json() == []
    for by in ("session_id", "environment_id"):
        again = create(client, **{f"restore_from_{by}": session[by].upper()})
        assert again["environment_id"] == session["environment_id"]
        delete(client, again, "?save_snapshot_mode=filesystem")


@pytest.mark.parametrize("mode", ["none", "memory", "filesystem", "auto", "always"])
def test_save_modes(client: httpx.Client, mode: str) -> None:
    session = create(client)
    assert delete(client, session, f"?save_snapshot_mode={mode}")["deleted"] is True
    restored = client.post("/v1/sessions", json={"restore_from_session_id": session["session_id"]})
    if mode == "none":
        problem_of(restored, 404, "SNAPSHOT_NOT_FOUND")
    else:
        assert restored.json()["environment_id"] == session["environment_id"]
        delete(client, restored.json())


def test_a_restore_under_another_agent(client: httpx.Client) -> None:
    first = create(client, agent_name="agi-0")
    delete(client, first, "?save_snapshot_mode=filesystem")
    second = create(client, agent_name="agi-0-fast", restore_from_environment_id=first["environment_id"])
    assert (second["agent_name"], second["environment_id"]) == ("agi-0-fast", first["environment_id"])
    delete(client, second)
