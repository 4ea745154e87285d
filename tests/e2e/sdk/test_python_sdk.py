"""The official Python SDK of the sessions API (``agi-python``), every call of it that is about browsers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from agi import AgentExecutionError, AGIClient, AGIError, AuthenticationError, NotFoundError
from agi._session_context import SessionContext
from tests.e2e.api.serving import SECONDS, Pages, ServerProcess

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NIL = "00000000-0000-0000-0000-000000000000"
POLL_SECONDS = 0.05


@pytest.fixture
def client(server: ServerProcess) -> Iterator[AGIClient]:
    with AGIClient(api_key=server.key, base_url=server.url, timeout=round(SECONDS), max_retries=1) as opened:
        yield opened


@pytest.fixture
def session(client: AGIClient) -> Iterator[SessionContext]:
    with client.session("agi-0") as opened:
        yield opened


def id_of(session: SessionContext) -> str:
    assert session.session_id is not None
    return session.session_id


def start_slow_task(session: SessionContext, pages: Pages) -> None:
    session.send_message("Read the price.", start_url=f"{pages.url}/slow", config_updates={"timeout": 30})
    assert pages.asked.wait(SECONDS)
    assert session.get_status().status == "running"


def test_models(client: AGIClient) -> None:
    assert "agi-0" in client.sessions.list_models().models
    assert "agi-0" in client.sessions.list_models(filter="cdp").models
    assert client.sessions.list_models(filter="desktop").models == []


def test_a_session_from_its_creation_to_its_end(client: AGIClient) -> None:
    created = client.sessions.create("agi-0-fast", webhook_url="https://example.org/hook", goal="Tea", max_steps=50)
    assert (created.agent_name, created.status, created.goal) == ("agi-0-fast", "ready", "Tea")
    assert created.agent_session_type == "managed-cdp"
    assert created.environment_id
    assert created.vnc_url
    assert client.sessions.get(created.session_id) == created
    assert created in client.sessions.list()

    deleted = client.sessions.delete(created.session_id)
    assert (deleted.success, deleted.deleted) == (True, True)
    assert client.sessions.delete(created.session_id).deleted is False
    with pytest.raises(NotFoundError, match="no session"):
        client.sessions.get(created.session_id)


def test_delete_all(client: AGIClient) -> None:
    client.sessions.create()
    assert client.sessions.delete_all().deleted is True
    assert client.sessions.list() == []
    assert client.sessions.delete_all().success is True


def test_a_task_is_run(session: SessionContext) -> None:
    result = session.run_task("Reply with 'OK'", poll_interval=POLL_SECONDS)
    assert result.data == {"content": "OK"}
    assert (result.metadata.success, result.metadata.session_id) == (True, session.session_id)


def test_a_task_on_a_page(session: SessionContext, pages: Pages) -> None:
    result = session.run_task("Read the price.", start_url=pages.url, poll_interval=POLL_SECONDS)
    assert "3 EUR" in str(result.data)


def test_a_task_that_fails(session: SessionContext) -> None:
    with pytest.raises(AgentExecutionError, match="not understood"):
        session.run_task("Frobnicate the quux.", poll_interval=POLL_SECONDS)


def test_status_and_messages(session: SessionContext) -> None:
    assert session.get_status().status == "ready"
    session.run_task("Reply with 'OK'", poll_interval=POLL_SECONDS)
    messages = session.get_messages()
    assert (messages.status, messages.has_agent) == ("finished", True)
    assert [message.type for message in messages.messages] == ["USER", "DONE"]
    assert session.get_messages(after_id=1, sanitize=False).messages == messages.messages[1:]


def test_events(session: SessionContext) -> None:
    session.send_message("Reply with 'OK'")
    events = [event for event in session.stream_events() if event.event != "heartbeat"]
    assert [(event.id, event.event) for event in events] == [("1", "user"), ("2", "done")]
    assert events[-1].data["result"] == {"content": "OK"}
    (done,) = session.stream_events(event_types=["done"], sanitize=False)
    assert done == events[-1]


def test_pause_resume_and_cancel(session: SessionContext, pages: Pages) -> None:
    start_slow_task(session, pages)
    assert session.pause().message == "Session paused successfully"
    assert session.get_status().status == "paused"
    assert "already_paused" in session.pause().message
    assert session.resume().message == "Session resumed successfully"
    assert "not_paused" in session.resume().message
    assert session.cancel().message == "Session cancelled successfully"
    assert session.get_status().status == "error"
    assert session.cancel().success is True


def test_navigate_and_screenshot(session: SessionContext, pages: Pages, tmp_path: Path) -> None:
    before = session.screenshot()
    assert (before.width, before.height) == (1280, 800)
    assert session.navigate(f"{pages.url}/moved").current_url == f"{pages.url}/"
    picture = session.screenshot()
    assert (picture.format, picture.url, picture.title) == ("jpg", f"{pages.url}/", "Tea")
    picture.save(str(tmp_path / "page.jpg"))
    assert (tmp_path / "page.jpg").read_bytes().startswith(b"\xff\xd8")


def test_a_key_that_is_wrong(server: ServerProcess) -> None:
    with AGIClient(api_key="00000000-0000-0000-0000-000000000000", base_url=server.url) as stranger:
        with pytest.raises(AuthenticationError):
            stranger.sessions.list()
        with pytest.raises(AuthenticationError):
            stranger.sessions.create()


def test_what_is_wrong_is_said(client: AGIClient, session: SessionContext) -> None:
    with pytest.raises(AGIError, match="no agent called"):
        client.sessions.create("nobody")
    with pytest.raises(AGIError, match="not a URL"):
        session.navigate("not-a-valid-url")
    with pytest.raises(AGIError, match="message"):
        session.send_message("x" * 10_001)
    assert session.send_message("x" * 10_000).success
    with pytest.raises(NotFoundError):
        client.sessions.get_status(NIL)
    assert client.sessions.delete(id_of(session), save_snapshot_mode="none").deleted


@pytest.mark.parametrize("mode", ["filesystem", "memory"])
def test_an_environment_goes_on_in_a_new_session(
    client: AGIClient, pages: Pages, mode: Literal["filesystem", "memory"]
) -> None:
    first = client.sessions.create()
    client.sessions.navigate(first.session_id, f"{pages.url}/tea")
    assert client.sessions.delete(first.session_id, save_snapshot_mode=mode).deleted is True
    second = client.sessions.create(restore_from_environment_id=first.environment_id)

    assert second.session_id != first.session_id
    assert second.environment_id == first.environment_id
    assert client.sessions.screenshot(second.session_id).url == f"{pages.url}/tea"
    client.sessions.delete(second.session_id)


def test_an_environment_that_does_not_exist(client: AGIClient) -> None:
    session = client.sessions.create(restore_from_environment_id=NIL)
    assert session.status == "ready"
    assert session.environment_id != NIL
    client.sessions.delete(session.session_id)
