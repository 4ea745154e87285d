"""What becomes of a session whose owner is gone: its task ends with a reason, and the session stays usable."""

from collections.abc import Sequence
from typing import Final

from outrider.interfaces.sessions import Change, Command, Entry, MessageType, SessionRecord, State
from outrider.problems import OutriderError
from outrider.sessions.lifecycle import UNDER_WAY

__all__ = ["BROWSER_LOST", "INTERRUPTED", "KILLED", "OWNER_FAILED", "STOPPED", "after_restart", "settlement"]

INTERRUPTED: Final = "SESSION_INTERRUPTED"
#: Reasons for it.
KILLED: Final = "it was killed or crashed"
STOPPED: Final = "the server was stopped"
OWNER_FAILED: Final = "the session's owner failed"

#: Says that a session goes on with another browser, so that the change is never silent.
BROWSER_LOST: Final = Entry(
    MessageType.LOG,
    "The server was restarted, and this session's browser is gone. The next task starts with a fresh one.",
    {"event": "log", "reason": "browser_lost"},
)


def settlement(
    record: SessionRecord, commands: Sequence[Command], reason: str, code: str = INTERRUPTED
) -> Change | None:
    """The change that leaves no task, no start and no command behind, or None where there is none.

    A task that was under way ends with the problem ``code``, whose one fact is the reason; a start that was cut leaves
    the session ready, since its next task gets a browser anyway.
    """
    consumes = tuple(command.id for command in commands)
    if record.state in UNDER_WAY:
        return Change(event="interrupted", entries=(_interrupted(record, reason, code),), consumes=consumes)
    if record.state is State.INITIALIZING:
        return Change(event="interrupted", consumes=consumes)
    return Change(consumes=consumes) if consumes else None


def after_restart(record: SessionRecord, commands: Sequence[Command]) -> Change:
    """The settlement of a session that the last process left unfinished, and the word about its browser."""
    change = settlement(record, commands, KILLED) or Change()
    if change.event == "interrupted" and change.entries:
        return change  # the task's own end says it
    return Change(event=change.event, entries=(BROWSER_LOST,), consumes=change.consumes)


def _interrupted(record: SessionRecord, reason: str, code: str) -> Entry:
    content, metadata = OutriderError(code, reason=reason).as_message(f"task {record.task_id}")
    return Entry(MessageType.ERROR, content, metadata)
