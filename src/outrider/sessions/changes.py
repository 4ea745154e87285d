"""What a change makes of a session: fences, lifecycle, numbering. Plain values; a store makes it durable."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from outrider.interfaces.sessions import Change, Message, SessionFencedError, SessionRecord, State
from outrider.problems import OutriderError
from outrider.sessions.lifecycle import ENDED, TAKES_TASK, advance

__all__ = ["Outcome", "outcome"]

_UNDER_WAY: Final = frozenset({State.RUNNING, State.PAUSED})


@dataclass(frozen=True, slots=True)
class Outcome:
    """A session after a change, and what the change adds to its log and its inbox."""

    record: SessionRecord
    messages: tuple[Message, ...]
    #: Kind and completed body of the command.
    command: tuple[str, Mapping[str, Any]] | None


def outcome(record: SessionRecord, change: Change, now: datetime) -> Outcome:
    """Carry out ``change`` on ``record``. Raises SessionFencedError, and INVALID_STATE for an event that doesn't fit.

    Ids of messages follow ``last_message_id`` without gaps; time never goes back within a session.
    """
    _check_fences(record, change)
    now = max(now, record.updated_at)
    first_id = record.last_message_id + 1
    starts_task = change.event == "message" and bool(change.entries) and record.state in TAKES_TASK
    if change.new_task and not starts_task:
        raise OutriderError("INVALID_STATE", state=record.state.value, event="replay", session_id=record.id)
    after = replace(
        record,
        state=record.state if change.event is None else advance(record.state, change.event, session_id=record.id),
        task_id=first_id if starts_task else record.task_id,
        last_message_id=record.last_message_id + len(change.entries),
        updated_at=now,
    )
    messages = tuple(
        Message(number, entry.type, entry.content, entry.metadata, now)
        for number, entry in enumerate(change.entries, first_id)
    )
    return Outcome(after, messages, _command(change, first_id, starts_task=starts_task))


def _check_fences(record: SessionRecord, change: Change) -> None:
    if change.epoch is not None and change.epoch != record.epoch:
        raise SessionFencedError(f"session {record.id} is at epoch {record.epoch}, not {change.epoch}")
    if change.epoch is not None and record.state in ENDED:
        raise SessionFencedError(f"session {record.id} is {record.state.value}")
    if change.task_id is not None and (change.task_id != record.task_id or record.state not in _UNDER_WAY):
        raise SessionFencedError(f"task {change.task_id} of session {record.id} is not under way")


def _command(change: Change, first_id: int, *, starts_task: bool) -> tuple[str, Mapping[str, Any]] | None:
    if change.command is None:
        return None
    kind, body = change.command
    added: dict[str, Any] = {"starts_task": starts_task}
    if change.entries:
        added["message_id"] = first_id
    return kind, {**body, **added}
