"""The lifecycle of a session as one table, and how a state reads on the wire.

The wire has two vocabularies, session status and execution status (reference page ``agi-sessions``, section 4).
Both are derived from the one state, so they can't contradict each other.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from outrider.interfaces.sessions import State
from outrider.problems import OutriderError

__all__ = [
    "ENDED",
    "ENDING",
    "EXECUTION_STATUS",
    "RESTING",
    "SESSION_STATUS",
    "TAKES_TASK",
    "TRANSITIONS",
    "UNDER_WAY",
    "advance",
]

#: The session is over: it answers 404.
ENDED: Final = frozenset({State.EXPIRED, State.DELETED})
#: Events that end the session.
ENDING: Final = frozenset({"expire", "close", "delete"})
#: No task is under way.
RESTING: Final = frozenset({State.READY, State.FINISHED, State.FAILED, State.CANCELLED, State.BROKEN})

#: A message that arrives in one of these states starts a task; in the others it is an answer or an addition.
TAKES_TASK: Final = RESTING | {State.INITIALIZING}

#: A task has begun and not ended.
UNDER_WAY: Final = frozenset({State.RUNNING, State.PAUSED, State.WAITING})
_GOES_ON = (State.RUNNING, State.PAUSED)
_ALIVE = tuple(state for state in State if state not in ENDED)


def _rows() -> dict[tuple[State, str], State]:
    rows = {
        (State.INITIALIZING, "started"): State.READY,
        (State.INITIALIZING, "broke"): State.BROKEN,
        # A message starts a task, answers a question, or adds to the running task.
        (State.RUNNING, "message"): State.RUNNING,
        (State.WAITING, "message"): State.RUNNING,
        (State.PAUSED, "message"): State.PAUSED,
        (State.RUNNING, "asked"): State.WAITING,
        (State.RUNNING, "pause"): State.PAUSED,
        (State.PAUSED, "resume"): State.RUNNING,
    }
    rows |= {(state, "message"): State.RUNNING for state in TAKES_TASK}
    # The browser came up after the session had moved on.
    rows |= {(state, "started"): state for state in _ALIVE if state is not State.INITIALIZING}
    rows |= {(state, "finished"): State.FINISHED for state in _GOES_ON}
    rows |= {(state, "failed"): State.FAILED for state in UNDER_WAY}
    rows |= {(state, "cancel"): State.CANCELLED for state in UNDER_WAY}
    rows |= {(state, "interrupted"): State.FAILED for state in UNDER_WAY}
    # The start was cut, but the next task gets a browser anyway.
    rows[State.INITIALIZING, "interrupted"] = State.READY
    rows |= {(state, "expire"): State.EXPIRED for state in (*RESTING, State.WAITING, State.PAUSED)}
    # Its organisation is served no more, whatever the session does.
    rows |= {(state, "close"): State.EXPIRED for state in _ALIVE}
    rows |= {(state, "delete"): State.DELETED for state in _ALIVE}
    return rows


#: (state, event) -> next state; a missing pair is INVALID_STATE.
TRANSITIONS: Final[Mapping[tuple[State, str], State]] = MappingProxyType(_rows())

#: What ``GET …/status`` and the SDKs' enumeration know.
EXECUTION_STATUS: Final[Mapping[State, str]] = MappingProxyType(
    {
        State.INITIALIZING: "ready",
        State.READY: "ready",
        State.RUNNING: "running",
        State.WAITING: "waiting_for_input",
        State.PAUSED: "paused",
        State.FINISHED: "finished",
        State.FAILED: "error",
        State.CANCELLED: "error",
        State.BROKEN: "error",
        State.EXPIRED: "error",
        State.DELETED: "error",
    }
)

#: What a session object shows.
SESSION_STATUS: Final[Mapping[State, str]] = MappingProxyType(
    {
        State.INITIALIZING: "initializing",
        State.READY: "ready",
        State.RUNNING: "running",
        State.WAITING: "running",
        State.PAUSED: "paused",
        State.FINISHED: "ready",
        State.FAILED: "error",
        State.CANCELLED: "ready",
        State.BROKEN: "error",
        State.EXPIRED: "terminated",
        State.DELETED: "terminated",
    }
)


def advance(state: State, event: str, *, session_id: str) -> State:
    """The state after ``event``. Raises INVALID_STATE when the table has no such row."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise OutriderError("INVALID_STATE", state=state.value, event=event, session_id=session_id) from None
