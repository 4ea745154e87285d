"""What is said to a session: additions, answers, pauses, free-form fields, repeated orders."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import Pages, problem_of, serving, stream
from tests.e2e.conformance.hanging import HangingSite
from tests.e2e.kill.remains import wait_until

from outrider.protocol.sse import Frame

pytestmark = pytest.mark.browser


def say(client: httpx.Client, session: str, message: str, **fields: Any) -> None:
    assert client.post(f"{session}/message", json={"message": message, **fields}).json() == {
        "success": True,
        "message": "Message sent successfully",
    }


def run(client: httpx.Client, session: str, message: str, **fields: Any) -> Frame:
    """A task's last event."""
    with stream(client, session, "?include_history=false") as frames:
        say(client, session, message, **fields)
        return [frame for frame in frames if frame.event != "heartbeat"][-1]


def test_config_updates(client: httpx.Client, session: str, hanging: HangingSite) -> None:
    updates: dict[str, Any] = {"timeout": 1, "temperature": 0.2, "nested": {"anything": [1, None]}}
    last = run(client, session, "Read the title.", start_url=f"{hanging.url}/never", config_updates=updates)
    assert (last.event, last.json()["code"]) == ("error", "TASK_TIMEOUT")
    assert run(client, session, "Reply with 'OK'", config_updates={"timeout": "soon", "max_steps": -1}).event == "done"
    assert run(client, session, "Reply with 'OK'", config_updates={}).event == "done"


def test_context(client: httpx.Client, session: str) -> None:
    assert run(client, session, "Reply with 'OK'", context="The shop sells tea.").json()["text"] == "OK"
    said = client.get(f"{session}/messages").json()["messages"][0]
    assert (said["content"], said["metadata"]["context"]) == ("Reply with 'OK'", "The shop sells tea.")


def test_a_message_to_a_question_is_its_answer(client: httpx.Client, session: str, pages: Pages) -> None:
    with stream(client, session) as frames:
        say(client, session, "Read the price.")  # of which page?
        assert next(frame for frame in frames if frame.event in ("question", "error")).event == "question"
        assert client.get(f"{session}/status").json() == {"status": "waiting_for_input"}
        say(client, session, pages.url)
        last = [frame for frame in frames if frame.event != "heartbeat"][-1]
    assert (last.event, "3 EUR" in last.json()["text"]) == ("done", True)


def test_pause_message_resume(client: httpx.Client, busy: str, pages: Pages) -> None:
    client.post(f"{busy}/pause")
    pages.release.set()
    say(client, busy, "Read the title, too.")
    assert client.get(f"{busy}/status").json() == {"status": "paused"}
    with stream(client, busy) as frames:
        client.post(f"{busy}/resume")
        events = [frame for frame in frames if frame.event != "heartbeat"]
    assert [frame.event for frame in events].count("user") == 2
    assert events[-1].event == "done"


def test_navigate_beside_a_task(client: httpx.Client, busy: str, pages: Pages) -> None:
    client.post(f"{busy}/pause")
    pages.release.set()
    assert client.post(f"{busy}/navigate", json={"url": f"{pages.url}/tea"}).json() == {
        "current_url": f"{pages.url}/tea"
    }
    assert client.get(f"{busy}/status").json() == {"status": "paused"}


def test_steering_can_be_sent_again(client: httpx.Client, busy: str) -> None:
    """A client that got no answer in time sends the same again."""
    for order in ("pause", "resume", "cancel"):
        first, second = client.post(f"{busy}/{order}"), client.post(f"{busy}/{order}")
        assert (first.status_code, second.status_code) == (200, 200)
    errors = [m for m in client.get(f"{busy}/messages").json()["messages"] if m["type"] == "ERROR"]
    assert len(errors) == 1


def test_an_answer_in_json(client: httpx.Client, session: str, pages: Pages) -> None:
    schema = {"type": "object", "properties": {"price": {"type": "string"}}, "required": ["price"]}
    last = run(client, session, "Report the price.", start_url=pages.url, output_schema=schema)
    assert last.json()["result"] == {"price": "3 EUR"}
    done = client.get(f"{session}/messages").json()["messages"][-1]
    assert done["content"] == {"price": "3 EUR"}
    (read,) = done["metadata"]["evidence"]
    assert (read["url"], read["quote"], read["verified"]) == (f"{pages.url}/", "Price: 3 EUR", True)
    assert client.get(f"{session}/files/{read['screenshot']}").content.startswith(b"\xff\xd8")


def test_what_an_answer_lacks_is_listed(client: httpx.Client, session: str, pages: Pages) -> None:
    schema = {"type": "object", "properties": {"price": {"type": "string"}, "rating": {"type": ["string", "null"]}}}
    message = "Report the price and the rating."
    done = run(client, session, message, start_url=pages.url, output_schema=schema).json()
    assert (done["result"]["rating"], done["metadata"]["missing"]) == (None, ["rating"])


def test_an_answer_that_does_not_fit_is_kept(client: httpx.Client, session: str, pages: Pages) -> None:
    schema = {"type": "object", "properties": {"price": {"type": "string", "pattern": "USD"}}, "required": ["price"]}
    last = run(client, session, "Report the price.", start_url=pages.url, output_schema=schema)
    assert (last.json()["code"], last.json()["details"]["answer"]) == ("OUTPUT_INVALID", {"price": "3 EUR"})


def test_an_idle_session_expires(tmp_path: Path) -> None:
    with serving(tmp_path / "data", IDLE_TIMEOUT_SECONDS=1) as server, server.client() as client:
        session = f"/v1/sessions/{client.post('/v1/sessions').json()['session_id']}"
        wait_until(lambda: client.get("/v1/sessions").json() == [], "the session to expire")
        problem_of(client.get(f"{session}/status"), 404, "SESSION_EXPIRED")
        problem_of(client.post(f"{session}/message", json={"message": "Hello"}), 404, "SESSION_EXPIRED")
