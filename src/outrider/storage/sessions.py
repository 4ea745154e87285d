"""The session store: rows, logs and inboxes. One change of a session is one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, case, delete, insert, select, update

from outrider.identities.sealing import Sealer
from outrider.interfaces.sessions import (
    Change,
    Command,
    Message,
    SessionInboxError,
    SessionRecord,
    SessionSpec,
    State,
)
from outrider.problems import OutriderError
from outrider.sessions.changes import outcome
from outrider.sessions.lifecycle import ENDED
from outrider.storage.columns import well_formed
from outrider.storage.database import Database
from outrider.storage.inbox import InboxRows
from outrider.storage.rows import message_of, row_of_message, row_of_session, session_of
from outrider.storage.schema import inbox, messages, organisations, sessions
from outrider.storage.task_credits import account_for
from outrider.storage.webhook_deliveries import record_events
from outrider.webhooks.events import events_of

__all__ = ["SqlSessionStore"]

#: Sessions removed per transaction, so that a purge holds nobody up.
PURGE_GROUP: Final = 50

_ENDED: Final = [state.value for state in ENDED]

# Built once, because building a statement costs more than running it.
_SESSION: Final = select(sessions).where(sessions.c.id == bindparam("session_id"))
_CHANGED: Final = ("state", "epoch", "task_id", "last_message_id", "updated_at")
_UPDATE: Final = (
    update(sessions)
    .where(sessions.c.id == bindparam("session_id"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGED})
)
_MESSAGES: Final = (
    select(messages)
    .where(messages.c.session_id == bindparam("session_id"), messages.c.id > bindparam("after"))
    .order_by(messages.c.id)
    .limit(bindparam("maximum"))
)
_HIDE: Final = (
    update(messages).where(messages.c.session_id == bindparam("of_session")).values(shown_to=None, usage_of=None)
)
_INBOX: Final = select(inbox).where(inbox.c.session_id == bindparam("session_id")).order_by(inbox.c.id)
_LIVING: Final = select(sessions).where(sessions.c.state.not_in(_ENDED)).order_by(sessions.c.created_at, sessions.c.id)
#: An organisation that is not in the table at all is none that was removed.
_CLOSED: Final = (
    _LIVING.add_columns(case((organisations.c.closed_at.is_not(None), "removed"), else_="disabled").label("how"))
    .join(organisations, organisations.c.id == sessions.c.organisation_id)
    .where(organisations.c.closed_at.is_not(None) | organisations.c.disabled)
)


class SqlSessionStore:
    """``interfaces.sessions.SessionStore`` on a ``Database``."""

    def __init__(
        self, database: Database, on_event: Callable[[], None] = lambda: None, sealer: Sealer | None = None
    ) -> None:
        """``on_event`` is called in the event loop after a change that webhooks are to tell of.

        With ``sealer`` nobody can read in the database what waits in inboxes.
        """
        self._database = database
        self._inbox_rows = InboxRows(sealer)
        self._on_event = on_event

    async def insert(self, spec: SessionSpec) -> SessionRecord:
        return await self._database.write(lambda connection: _insert(connection, spec))

    async def apply(self, session_id: str, change: Change) -> tuple[SessionRecord, tuple[Message, ...]]:
        storable = _storable(change)
        record, messages, told = await self._database.write(
            lambda connection: _apply(connection, self._inbox_rows, session_id, storable)
        )
        if told:
            self._on_event()
        return record, messages

    async def get(self, session_id: str) -> SessionRecord:
        return await self._database.read(lambda connection: _get(connection, session_id))

    async def of_organisation(self, organisation_id: str) -> tuple[SessionRecord, ...]:
        mine = _LIVING.where(sessions.c.organisation_id == organisation_id)
        return await self._database.read(lambda connection: _sessions(connection, mine))

    async def unfinished(self) -> tuple[SessionRecord, ...]:
        return await self._database.read(lambda connection: _sessions(connection, _LIVING))

    async def of_closed_organisations(self) -> tuple[tuple[SessionRecord, str], ...]:
        return await self._database.read(
            lambda connection: tuple((session_of(row), row.how) for row in connection.execute(_CLOSED))
        )

    async def messages(self, session_id: str, after: int = 0, limit: int = 1000) -> tuple[Message, ...]:
        bounds = {"session_id": session_id, "after": after, "maximum": limit}
        return await self._database.read(lambda connection: _messages(connection, bounds))

    async def inbox(self, session_id: str) -> tuple[Command, ...]:
        return await self._database.read(lambda connection: _inbox(connection, self._inbox_rows, session_id))

    async def raise_epoch(self, session_id: str) -> SessionRecord:
        return await self._database.write(lambda connection: _raise_epoch(connection, session_id))

    async def purge(self, before: datetime) -> int:
        removed = 0
        while group := await self._database.write(lambda connection: _purge(connection, before)):
            removed += group
        return removed


def _storable(change: Change) -> Change:
    """The change with texts that can be stored, so that live readers get what later readers will."""
    entries = tuple(
        replace(entry, content=well_formed(entry.content), metadata=well_formed(entry.metadata))
        for entry in change.entries
    )
    command = change.command and (change.command[0], well_formed(change.command[1]))
    return replace(change, entries=entries, command=command)


def _insert(connection: Connection, spec: SessionSpec) -> SessionRecord:
    stored = connection.execute(_SESSION, {"session_id": spec.id}).one_or_none()
    if stored is not None:
        return session_of(stored)
    now = datetime.now(UTC)
    record = SessionRecord(spec, State.INITIALIZING, 0, task_id=None, last_message_id=0, created_at=now, updated_at=now)
    connection.execute(insert(sessions), row_of_session(record))
    return record


def _apply(
    connection: Connection, rows: InboxRows, session_id: str, change: Change
) -> tuple[SessionRecord, tuple[Message, ...], bool]:
    """The hot path: one select, one insert and one update for an entry that an owner appends.

    The last value says whether webhooks have something to tell.
    """
    record = _get(connection, session_id)
    result = outcome(record, change, datetime.now(UTC))
    if result.messages:
        connection.execute(insert(messages), [row_of_message(result.record, message) for message in result.messages])
    if result.record.state is State.DELETED:
        connection.execute(_HIDE, {"of_session": session_id})
    if change.consumes:
        connection.execute(delete(inbox).where(inbox.c.session_id == session_id, inbox.c.id.in_(change.consumes)))
    if change.inbox_empty and connection.execute(_INBOX.limit(1), {"session_id": session_id}).first():
        raise SessionInboxError(f"session {session_id} has unread commands")
    if result.command is not None:
        kind, body = result.command
        connection.execute(insert(inbox), rows.row_of(session_id, kind, body))
    _update(connection, result.record)
    account_for(connection, record, change, result.record)
    told = change.event is not None and record_events(
        connection, result.record, events_of(record, change.event, result.record, result.messages)
    )
    return result.record, result.messages, told


def _get(connection: Connection, session_id: str) -> SessionRecord:
    row = connection.execute(_SESSION, {"session_id": session_id}).one_or_none()
    if row is None:
        raise OutriderError("SESSION_NOT_FOUND", session_id=session_id)
    return session_of(row)


def _update(connection: Connection, record: SessionRecord) -> None:
    row = row_of_session(record)
    values = {f"new_{name}": row[name] for name in _CHANGED}
    connection.execute(_UPDATE, {"session_id": record.id, **values})


def _sessions(connection: Connection, query: Select[Any]) -> tuple[SessionRecord, ...]:
    return tuple(session_of(row) for row in connection.execute(query))


def _messages(connection: Connection, bounds: Mapping[str, Any]) -> tuple[Message, ...]:
    found = tuple(message_of(row) for row in connection.execute(_MESSAGES, bounds))
    if not found:
        _get(connection, bounds["session_id"])  # none yet, or no such session
    return found


def _inbox(connection: Connection, rows: InboxRows, session_id: str) -> tuple[Command, ...]:
    found = tuple(rows.command_of(row) for row in connection.execute(_INBOX, {"session_id": session_id}))
    if not found:
        _get(connection, session_id)
    return found


def _raise_epoch(connection: Connection, session_id: str) -> SessionRecord:
    record = _get(connection, session_id)
    owned = replace(record, epoch=record.epoch + 1)
    _update(connection, owned)
    return owned


def _purge(connection: Connection, before: datetime) -> int:
    """Remove one group; messages and inbox go with their session."""
    old = select(sessions.c.id).where(sessions.c.state.in_(_ENDED), sessions.c.updated_at < before).limit(PURGE_GROUP)
    return connection.execute(delete(sessions).where(sessions.c.id.in_(old))).rowcount
