"""Settlements: what becomes of a session without an owner."""

from datetime import UTC, datetime

import pytest

from outrider.engine.settlement import BROWSER_LOST, STOPPED, after_restart, settlement
from outrider.interfaces.sessions import Change, Command, MessageType, SessionRecord, SessionSpec, State
from outrider.sessions.lifecycle import ENDED, RESTING, TRANSITIONS

SPEC = SessionSpec("s", "org", "env", "agi-0", "scout", max_steps=1)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
UNREAD = (Command(7, "message", {}), Command(9, "pause", {}))
UNDER_WAY = (State.RUNNING, State.WAITING, State.PAUSED)


def record(state: State) -> SessionRecord:
    return SessionRecord(SPEC, state, 1, task_id=3, last_message_id=5, created_at=NOW, updated_at=NOW)


@pytest.mark.parametrize("state", UNDER_WAY)
def test_a_task_ends_with_the_reason(state: State) -> None:
    change = settlement(record(state), UNREAD, STOPPED)

    assert change is not None
    (entry,) = change.entries
    assert (change.event, change.consumes) == ("interrupted", (7, 9))
    assert (entry.type, entry.metadata["code"], entry.metadata["reference"]) == (
        MessageType.ERROR,
        "SESSION_INTERRUPTED",
        "task 3",
    )
    assert STOPPED in entry.metadata["cause"]
    assert after_restart(record(state), UNREAD).event == "interrupted"


def test_a_cut_start_leaves_a_usable_session() -> None:
    assert settlement(record(State.INITIALIZING), (), STOPPED) == Change(event="interrupted")
    assert after_restart(record(State.INITIALIZING), ()) == Change(event="interrupted", entries=(BROWSER_LOST,))
    assert TRANSITIONS[State.INITIALIZING, "interrupted"] is State.READY


@pytest.mark.parametrize("state", sorted(RESTING))
def test_a_resting_session_only_loses_its_browser(state: State) -> None:
    assert settlement(record(state), (), STOPPED) is None
    assert settlement(record(state), UNREAD, STOPPED) == Change(consumes=(7, 9))
    assert after_restart(record(state), UNREAD) == Change(entries=(BROWSER_LOST,), consumes=(7, 9))


@pytest.mark.parametrize("state", sorted(set(State) - ENDED))
def test_no_session_is_left_under_way(state: State) -> None:
    event = after_restart(record(state), ()).event
    assert (state if event is None else TRANSITIONS[state, event]) in RESTING
