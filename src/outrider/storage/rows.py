"""Rows of the tables as values of ``interfaces``, and back."""

from typing import Any, Final

from sqlalchemy import Row

from outrider.interfaces.environments import SnapshotMode
from outrider.interfaces.sessions import Message, MessageType, SessionRecord, SessionSpec, State
from outrider.protocol.events import is_hidden

__all__ = ["message_of", "row_of_message", "row_of_session", "session_of"]

#: What ends a task; its metadata tell what it took.
_ENDS: Final = frozenset({MessageType.DONE, MessageType.ERROR})


def session_of(row: Row[Any]) -> SessionRecord:
    spec = SessionSpec(
        id=row.id,
        organisation_id=row.organisation_id,
        environment_id=row.environment_id,
        agent_name=row.agent_name,
        model=row.model,
        max_steps=row.max_steps,
        agent_session_type=row.agent_session_type,
        goal=row.goal,
        webhook_url=row.webhook_url,
        restore=SnapshotMode(row.restore) if row.restore else None,
        cdp_url=row.cdp_url,
        screening=row.screening,
    )
    return SessionRecord(
        spec=spec,
        state=State(row.state),
        epoch=row.epoch,
        task_id=row.task_id,
        last_message_id=row.last_message_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def row_of_session(record: SessionRecord) -> dict[str, Any]:
    spec = record.spec
    return {
        "id": spec.id,
        "organisation_id": spec.organisation_id,
        "environment_id": spec.environment_id,
        "agent_name": spec.agent_name,
        "model": spec.model,
        "max_steps": spec.max_steps,
        "agent_session_type": spec.agent_session_type,
        "goal": spec.goal,
        "webhook_url": spec.webhook_url,
        "restore": spec.restore.value if spec.restore else None,
        "cdp_url": spec.cdp_url,
        "screening": spec.screening,
        "state": record.state.value,
        "epoch": record.epoch,
        "task_id": record.task_id,
        "last_message_id": record.last_message_id,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
    }


def message_of(row: Row[Any]) -> Message:
    return Message(row.id, MessageType(row.type), row.content, row.metadata, row.created_at)


def row_of_message(record: SessionRecord, message: Message) -> dict[str, Any]:
    """The row of a message that the session has got."""
    owner = None if record.state is State.DELETED else record.spec.organisation_id
    return {
        "session_id": record.id,
        "id": message.id,
        "type": message.type.value,
        "content": message.content,
        "metadata": message.metadata,
        "created_at": message.timestamp,
        "shown_to": None if is_hidden(message.metadata) else owner,
        "usage_of": owner if message.type in _ENDS and message.metadata.get("seconds") is not None else None,
    }
