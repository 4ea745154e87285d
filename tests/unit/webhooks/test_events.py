"""Which events a change of a session is to receivers."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from outrider.interfaces.sessions import Change, Entry, MessageType, SessionRecord, SessionSpec, State
from outrider.problems import OutriderError
from outrider.sessions.changes import outcome
from outrider.sessions.lifecycle import ENDED, SESSION_STATUS, TRANSITIONS
from outrider.webhooks.events import EVENTS, SessionEvent, events_of

CREATED = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
NOW = datetime(2026, 1, 2, 3, 4, 6, tzinfo=UTC)
UNDER_WAY = (State.RUNNING, State.PAUSED, State.WAITING)

#: What comes with an event of the lifecycle in the product.
ENTRIES = {
    "message": Entry(MessageType.USER, "Look"),
    "asked": Entry(MessageType.QUESTION, "Which?", {"options": 2}),
    "finished": Entry(MessageType.DONE, "Found", {}),
    "failed": Entry(MessageType.ERROR, *OutriderError("LOOP_DETECTED", action="click", times=3).as_message()),
    "interrupted": Entry(MessageType.ERROR, *OutriderError("SESSION_INTERRUPTED", reason="killed").as_message()),
    "cancel": Entry(MessageType.ERROR, *OutriderError("TASK_CANCELLED").as_message()),
    "expire": Entry(MessageType.ERROR, *OutriderError("SESSION_EXPIRED", session_id="s").as_message()),
    "close": Entry(MessageType.ERROR, *OutriderError("ORGANISATION_CLOSED", how="removed").as_message()),
    "broke": Entry(MessageType.ERROR, *OutriderError("BROWSER_START_FAILED", reason="no memory").as_message()),
}


def record(state: State) -> SessionRecord:
    spec = SessionSpec("s-1", "o-1", "e-1", "agi-0", "scout", 25)
    return SessionRecord(spec, state, 1, task_id=1, last_message_id=3, created_at=CREATED, updated_at=CREATED)


def told(state: State, event: str, *entries: Entry) -> tuple[SessionEvent, ...]:
    before = record(state)
    result = outcome(before, Change(event, entries), NOW)
    return events_of(before, event, result.record, result.messages)


def names(events: Iterable[SessionEvent]) -> list[str]:
    return [event.name for event in events]


def only(state: State, event: str, *entries: Entry) -> dict[str, Any]:
    (found,) = told(state, event, *entries)
    return dict(found.payload)


@pytest.mark.parametrize(("state", "event"), sorted(TRANSITIONS))
def test_every_transition_tells_what_the_wire_knows(state: State, event: str) -> None:
    entries = [ENTRIES[event]] if event in ENTRIES else []
    for found in told(state, event, *entries):
        assert found.name in EVENTS
        assert found.payload["event"] == found.name
        assert found.payload["timestamp"] == "2026-01-02T03:04:06.000Z"
        assert found.payload["session_id"] == found.payload["session"]["id"] == "s-1"
        assert found.payload["session"]["created_at"] == "2026-01-02T03:04:05.678Z"
        assert found.payload["session"]["agent_name"] == "agi-0"


@pytest.mark.parametrize(("state", "event"), sorted(TRANSITIONS))
def test_every_end_of_a_session_or_a_task_is_told(state: State, event: str) -> None:
    after = TRANSITIONS[state, event]
    found = names(told(state, event, *([ENTRIES[event]] if event in ENTRIES else [])))
    if after in ENDED and state is not State.INITIALIZING:
        assert found[-1] in ("session.deleted", "session.status_changed")
    if state in UNDER_WAY and after not in (*UNDER_WAY, State.DELETED):
        assert bool({"task.completed", "task.error"} & set(found)) != (event == "started")
    if state is State.INITIALIZING:
        assert found[0] == "session.created"
    else:
        assert "session.created" not in found


@pytest.mark.parametrize(("state", "event"), sorted(TRANSITIONS))
def test_only_what_changes_nothing_for_a_receiver_is_silent(state: State, event: str) -> None:
    late_start = event == "started" and state is not State.INITIALIZING
    addition = event == "message" and state in (State.RUNNING, State.PAUSED)

    assert (told(state, event, *([ENTRIES[event]] if event in ENTRIES else [])) == ()) == (late_start or addition)


def test_a_session_is_told_of_when_it_is_ready() -> None:
    payload = only(State.INITIALIZING, "started")

    assert payload.keys() == {"event", "timestamp", "session_id", "session"}
    assert payload["session"].keys() == {"id", "status", "agent_name", "created_at"}
    assert payload["session"]["status"] == "ready"


def test_a_session_that_could_not_start_is_told_of_with_its_end() -> None:
    created, changed = told(State.INITIALIZING, "broke", ENTRIES["broke"])

    assert created.payload["session"]["status"] == "error"
    assert changed.payload["old_status"] == "initializing"
    assert changed.payload["new_status"] == changed.payload["session"]["status"] == "error"


@pytest.mark.parametrize("state", [State.READY, State.FINISHED, State.FAILED, State.CANCELLED, State.WAITING])
def test_a_message_starts_a_task_or_continues_one_that_waits(state: State) -> None:
    payload = only(state, "message", ENTRIES["message"])

    assert payload["event"] == "task.started"
    assert payload["message"] == "Look"
    assert payload["session"]["status"] == "running"


@pytest.mark.parametrize("state", [State.RUNNING, State.PAUSED])
def test_an_addition_to_a_running_task_is_no_event(state: State) -> None:
    assert told(state, "message", ENTRIES["message"]) == ()


@pytest.mark.parametrize(
    ("content", "result"),
    [
        ("Found", {"status": "success", "message": "Found", "content": "Found"}),
        ({"price": 3}, {"price": 3}),
        (["a"], {"status": "success", "message": '["a"]', "content": ["a"]}),
    ],
)
def test_a_result_is_always_an_object(content: Any, result: dict[str, Any]) -> None:
    payload = only(State.RUNNING, "finished", Entry(MessageType.DONE, content))

    assert payload["event"] == "task.completed"
    assert payload["result"] == result
    assert payload["session"]["status"] == "ready"


def test_a_question_comes_with_its_context() -> None:
    payload = only(State.RUNNING, "asked", ENTRIES["asked"])

    assert payload["event"] == "task.question"
    assert (payload["question"], payload["context"]) == ("Which?", {"options": 2})


def test_a_failure_says_what_and_why() -> None:
    payload = only(State.RUNNING, "failed", ENTRIES["failed"])

    assert payload["event"] == "task.error"
    assert payload["error"].startswith("The task was ended because it repeated itself")
    assert payload["details"]["code"] == "LOOP_DETECTED"


@pytest.mark.parametrize(("state", "old"), [(State.RUNNING, "running"), (State.PAUSED, "paused")])
def test_a_cancel_ends_the_task_and_changes_the_status(state: State, old: str) -> None:
    failed, changed = told(state, "cancel", ENTRIES["cancel"])

    assert failed.name == "task.error"
    assert failed.payload["details"]["code"] == "TASK_CANCELLED"
    assert (changed.payload["old_status"], changed.payload["new_status"]) == (old, "ready")


def test_pause_and_resume_change_the_status() -> None:
    paused, resumed = only(State.RUNNING, "pause"), only(State.PAUSED, "resume")

    assert (paused["old_status"], paused["new_status"], paused["session"]["status"]) == ("running", "paused", "paused")
    assert (resumed["old_status"], resumed["new_status"]) == ("paused", "running")


def test_a_deleted_session_is_shown_as_it_last_was() -> None:
    assert only(State.FINISHED, "delete")["session"]["status"] == SESSION_STATUS[State.FINISHED]


def test_an_idle_session_expires_without_a_failed_task() -> None:
    payload = only(State.FINISHED, "expire", ENTRIES["expire"])

    assert payload["event"] == "session.status_changed"
    assert payload["session"]["status"] == payload["new_status"] == "terminated"


def test_a_question_that_was_never_answered_ends_with_its_session() -> None:
    assert names(told(State.WAITING, "expire", ENTRIES["expire"])) == ["task.error", "session.status_changed"]
