"""The official Python SDK: every argument of its methods, its exceptions, its context manager, its retries."""

import socket
import time
from collections.abc import Iterator

import pytest
from agi import AgentExecutionError, AGIClient, AGIError, APIError, NotFoundError, RateLimitError
from agi._session_context import SessionContext
from tests.e2e.api.serving import SECONDS, Pages, ServerProcess

pytestmark = [pytest.mark.browser, pytest.mark.slow]

POLL_SECONDS = 0.05


@pytest.fixture
def client(server: ServerProcess) -> Iterator[AGIClient]:
    with AGIClient(api_key=server.key, base_url=server.url, timeout=round(SECONDS), max_retries=1) as opened:
        yield opened


@pytest.fixture
def session(client: AGIClient) -> Iterator[SessionContext]:
    with client.session("agi-0") as opened:
        yield opened


def closed_port() -> int:
    """A port where nothing listens, and which browsers do not refuse by its number."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def id_of(session: SessionContext) -> str:
    assert session.session_id is not None
    return session.session_id


def test_every_argument_of_create(client: AGIClient) -> None:
    created = client.sessions.create(
        agent_name="agi-0",
        webhook_url="https://receiver.invalid/hook",
        goal="Tea",
        max_steps=7,
        restore_from_environment_id="00000000-0000-0000-0000-000000000000",
        agent_session_type="managed-cdp",
        cdp_url=None,
        environment_type="chrome-1",
    )
    assert (created.status, created.goal, created.agent_session_type) == ("ready", "Tea", "managed-cdp")
    assert created.created_at is not None
    assert client.sessions.get(created.session_id).goal == "Tea"
    client.sessions.delete(created.session_id, save_snapshot_mode="none")


def test_sessions_of_other_types_are_explained(client: AGIClient) -> None:
    with pytest.raises(AGIError, match="Desktop mode"):
        client.sessions.create(agent_session_type="desktop", environment_type="ubuntu-1")
    with pytest.raises(AGIError, match=r"127\.0\.0\.1:1"):
        client.sessions.create(agent_session_type="external-cdp", cdp_url="ws://127.0.0.1:1/devtools/browser/x")


def test_the_context_manager_deletes_whatever_happens(client: AGIClient) -> None:
    with pytest.raises(ZeroDivisionError), client.session("agi-0", max_steps=5) as session:
        session_id = id_of(session)
        assert session.vnc_url
        raise ZeroDivisionError
    with pytest.raises(NotFoundError):
        client.sessions.get(session_id)


def test_a_session_that_is_deleted_within_its_context(client: AGIClient) -> None:
    with client.session("agi-0") as session:
        assert client.sessions.delete(id_of(session)).deleted is True
    assert client.sessions.list() == []


def test_a_task_that_asks_returns_its_question(session: SessionContext) -> None:
    result = session.run_task("Click Send.", timeout=round(SECONDS), poll_interval=POLL_SECONDS)
    assert isinstance(result.data, dict)
    assert result.data["content"] == "On which page shall I start? Send its address."
    assert session.get_status().status == "waiting_for_input"
    assert session.cancel().success is True


def test_a_task_that_takes_too_long_for_its_caller(session: SessionContext, pages: Pages) -> None:
    with pytest.raises(AgentExecutionError, match="exceeded timeout of 1s"):
        session.run_task("Read the price.", start_url=f"{pages.url}/slow", timeout=1, poll_interval=POLL_SECONDS)
    assert session.get_status().status == "running"


def test_a_task_that_is_cancelled_ends_its_callers_wait(
    client: AGIClient, session: SessionContext, pages: Pages
) -> None:
    session.send_message("Read the price.", start_url=f"{pages.url}/slow", config_updates={"timeout": 30})
    assert pages.asked.wait(SECONDS)
    began = time.monotonic()
    client.sessions.cancel(id_of(session))
    with pytest.raises(AgentExecutionError, match="cancelled"):
        session_result(session)
    assert time.monotonic() - began < SECONDS


def session_result(session: SessionContext) -> None:
    """What ``run_task`` does once its message is sent."""
    if session.get_status().status == "error":
        (error,) = (message for message in session.get_messages(after_id=0).messages if message.type == "ERROR")
        raise AgentExecutionError(f"Task failed: {error.content}")


def test_pause_resume_and_cancel_twice(client: AGIClient, session: SessionContext, pages: Pages) -> None:
    session_id = id_of(session)
    client.sessions.send_message(
        session_id, message="Read the price.", start_url=f"{pages.url}/slow", config_updates={"timeout": 30}
    )
    assert pages.asked.wait(SECONDS)
    texts = [
        order(session_id).message
        for order in (
            client.sessions.pause,
            client.sessions.pause,
            client.sessions.resume,
            client.sessions.resume,
            client.sessions.cancel,
            client.sessions.cancel,
        )
    ]
    words = ["paused", "already_paused", "resumed", "not_paused", "cancelled", "nothing to cancel"]
    assert all(word in text for word, text in zip(words, texts, strict=True)), texts


@pytest.mark.parametrize("sanitize", [True, False])
def test_every_argument_of_the_stream(client: AGIClient, session: SessionContext, sanitize: bool) -> None:
    session_id = id_of(session)
    session.run_task("Reply with 'OK'", poll_interval=POLL_SECONDS)
    events = client.sessions.stream_events(
        session_id, event_types=["user", "done"], sanitize=sanitize, include_history=True
    )
    assert [(event.event, event.id) for event in events if event.event != "heartbeat"] == [("user", "1"), ("done", "2")]
    client.sessions.send_message(session_id, "Reply with 'again'")
    again = list(session.stream_events(event_types=["done"], sanitize=sanitize, include_history=True))
    assert [event.data["text"] for event in again if event.event == "done"] == ["OK", "again"]


def test_a_stream_without_history(client: AGIClient, session: SessionContext) -> None:
    session.run_task("Reply with 'OK'", poll_interval=POLL_SECONDS)
    events = iter(client.sessions.stream_events(id_of(session), include_history=False))
    assert next(events).event == "heartbeat"
    session.send_message("Reply with 'again'")
    assert [event.event for event in events if event.event != "heartbeat"] == ["user", "done"]


def test_every_argument_of_the_messages(client: AGIClient, session: SessionContext) -> None:
    session.run_task("Reply with 'OK'", poll_interval=POLL_SECONDS)
    (done,) = client.sessions.get_messages(id_of(session), after_id=1, sanitize=False).messages
    assert (done.id, done.type, done.content) == (2, "DONE", "OK")
    assert done.metadata["steps"] == 0
    assert session.get_messages(after_id=1, sanitize=True).messages == [done]


def test_a_step_of_the_desktop_mode(client: AGIClient, server: ServerProcess, session: SessionContext) -> None:
    """There is none yet: the address that a session would name is null, and a guess is told so."""
    assert client.sessions.get(id_of(session)).agent_url is None
    with pytest.raises(NotFoundError, match="step_desktop"):
        client.sessions.step(server.url, id_of(session), "aGVsbG8=", message="Open the calculator")


def test_exceptions_by_status(client: AGIClient) -> None:
    sessions = [client.sessions.create() for _ in range(4)]
    with pytest.raises(RateLimitError, match="4 sessions"):
        client.sessions.create()
    for session in sessions:
        client.sessions.delete(session.session_id)
    with pytest.raises(NotFoundError, match="no session"):
        client.sessions.screenshot("00000000-0000-0000-0000-000000000000")
    with pytest.raises(AGIError, match="422"):
        client.sessions.list_models(filter="everything")


def test_a_failure_of_the_other_side_is_an_api_error(client: AGIClient, session: SessionContext) -> None:
    with pytest.raises(APIError, match="502"):
        session.navigate(f"http://127.0.0.1:{closed_port()}/")
    assert session.screenshot().width == 1280
