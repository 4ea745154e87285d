"""The lifecycle table: what is reachable, and how every state reads on the wire."""

import pytest

from outrider.interfaces.sessions import State
from outrider.problems import OutriderError
from outrider.sessions.lifecycle import (
    ENDED,
    EXECUTION_STATUS,
    RESTING,
    SESSION_STATUS,
    TAKES_TASK,
    TRANSITIONS,
    advance,
)

#: Reference page ``agi-sessions``, section 4.
WIRE_SESSION = {"initializing", "ready", "running", "paused", "completed", "error", "terminated"}
WIRE_EXECUTION = {"ready", "running", "waiting_for_input", "paused", "finished", "error"}


def test_every_state_is_reachable_from_a_new_session() -> None:
    reached = {State.INITIALIZING}
    while new := {after for (before, _), after in TRANSITIONS.items() if before in reached} - reached:
        reached |= new

    assert reached == set(State)


@pytest.mark.parametrize("state", State)
def test_every_state_reads_as_the_wire_knows_it(state: State) -> None:
    assert SESSION_STATUS[state] in WIRE_SESSION
    assert EXECUTION_STATUS[state] in WIRE_EXECUTION


@pytest.mark.parametrize("state", sorted(ENDED))
def test_an_ended_session_accepts_nothing(state: State) -> None:
    assert not [event for before, event in TRANSITIONS if before is state]


@pytest.mark.parametrize("state", sorted(set(State) - ENDED))
def test_every_live_session_can_be_deleted(state: State) -> None:
    assert advance(state, "delete", session_id="s") is State.DELETED


@pytest.mark.parametrize("state", sorted(TAKES_TASK))
def test_a_message_to_a_resting_session_starts_running(state: State) -> None:
    assert advance(state, "message", session_id="s") is State.RUNNING


@pytest.mark.parametrize("state", [State.RUNNING, State.PAUSED, State.WAITING])
def test_a_task_under_way_can_be_cancelled_and_leaves_the_session_usable(state: State) -> None:
    cancelled = advance(state, "cancel", session_id="s")

    assert cancelled in RESTING
    assert EXECUTION_STATUS[cancelled] == "error"
    assert SESSION_STATUS[cancelled] == "ready"


def test_a_running_task_does_not_expire() -> None:
    with pytest.raises(OutriderError) as refused:
        advance(State.RUNNING, "expire", session_id="s-1")

    assert refused.value.code == "INVALID_STATE"
    assert refused.value.facts["session_id"] == "s-1"
