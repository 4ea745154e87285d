"""Sessions, their log, their engine and their store: values and contracts.

Times are aware UTC datetimes; durations are seconds.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from outrider.interfaces.credits import Price
from outrider.interfaces.environments import SnapshotMode
from outrider.interfaces.jobs import JobHandler


class State(StrEnum):
    """Where a session is; ``sessions.lifecycle`` has the transitions and the wire's two vocabularies."""

    INITIALIZING = "initializing"
    READY = "ready"
    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    BROKEN = "broken"
    EXPIRED = "expired"
    DELETED = "deleted"


class MessageType(StrEnum):
    """Types of log entries (reference page ``agi-sessions``, section 4)."""

    THOUGHT = "THOUGHT"
    QUESTION = "QUESTION"
    USER = "USER"
    DONE = "DONE"
    ERROR = "ERROR"
    LOG = "LOG"


@dataclass(frozen=True, slots=True)
class Entry:
    """A log entry to be appended. ``metadata["event"]`` says what a LOG is: step, paused, resumed, log."""

    type: MessageType
    content: str | dict[str, Any] | list[Any]
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """A durable entry of a session's log. Ids start at 1 and have no gaps within a session."""

    id: int
    type: MessageType
    content: str | dict[str, Any] | list[Any]
    metadata: Mapping[str, Any]
    timestamp: datetime


@dataclass(frozen=True, slots=True)
class SessionSpec:
    """What a new session is to be."""

    id: str
    organisation_id: str
    environment_id: str
    #: As the client named it; may be an alias.
    agent_name: str
    #: What the name stands for: ``scout`` or another model of the configuration.
    model: str
    max_steps: int
    agent_session_type: str = "managed-cdp"
    goal: str | None = None
    webhook_url: str | None = None
    #: The environment is one that was saved: what of its snapshot may be taken. None: it is a new one.
    restore: SnapshotMode | None = None
    #: Where the caller's browser is, for sessions of the type ``external-cdp``; sealed, since it may hold secrets.
    cdp_url: str | None = None
    #: What its client wants of screening, in the form that ``screening.content.Policy.check`` gives.
    screening: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """The stored row of a session."""

    spec: SessionSpec
    state: State
    #: Raised each time another process becomes the owner; 0 before the first.
    epoch: int
    #: Message id of the USER message that started the current or last task; None before the first.
    task_id: int | None
    last_message_id: int
    created_at: datetime
    updated_at: datetime

    @property
    def id(self) -> str:
        return self.spec.id


@dataclass(frozen=True, slots=True)
class Command:
    """An entry of a session's durable inbox: message, pause, resume, cancel, delete, expire."""

    id: int
    kind: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One atomic change of a session: a lifecycle event, log entries and an inbox command, any of them absent."""

    event: str | None = None
    entries: tuple[Entry, ...] = ()
    #: Kind and body of a command to put into the inbox. The stored body also gets ``message_id``, the id of the first
    #: entry (if any), and ``starts_task``: whether this event "message" met a session without a running task
    #: (``lifecycle.TAKES_TASK``), in which case the id of the first entry becomes the session's ``task_id``.
    command: tuple[str, Mapping[str, Any]] | None = None
    #: Inbox commands that this change answers.
    consumes: tuple[int, ...] = ()
    #: Only if the session is still at this owner's epoch and has not ended; else SessionFencedError.
    epoch: int | None = None
    #: Only if this task is still the current one and not ended; else SessionFencedError.
    task_id: int | None = None
    #: Only if this event "message" starts a task; else INVALID_STATE.
    new_task: bool = False
    #: Of the task that this change starts, if it starts one: held with the change, and settled or released with the one
    #: that ends the task. INSUFFICIENT_CREDITS if the organisation has not so much.
    price: Price | None = None
    #: Only if the inbox holds nothing but what this change consumes; else SessionInboxError.
    inbox_empty: bool = False


class SessionFencedError(Exception):
    """The writer has lost the right to write: another owner took over, or its task was ended meanwhile."""


class SessionInboxError(Exception):
    """A change was to be made only if the user had said nothing new, and the inbox holds something new."""


class SessionStore(Protocol):
    """The record of sessions, messages and inboxes. Every method is one transaction, durable when it returns.

    Raises STORAGE_FAILED when the database can't be written, SESSION_NOT_FOUND for an unknown id and INVALID_STATE
    for an event that the lifecycle does not allow.
    """

    async def insert(self, spec: SessionSpec) -> SessionRecord:
        """Store a new session in state INITIALIZING; an id that exists already returns the stored row."""
        ...

    async def apply(self, session_id: str, change: Change) -> tuple[SessionRecord, tuple[Message, ...]]:
        """Carry out a change as a whole or not at all; returns the new row and the appended messages.

        What JSON in UTF-8 can't carry (lone surrogates, NaN) is replaced, in the returned messages too.
        """
        ...

    async def get(self, session_id: str) -> SessionRecord:
        """The row, also of expired and deleted sessions."""
        ...

    async def of_organisation(self, organisation_id: str) -> tuple[SessionRecord, ...]:
        """Sessions that are neither expired nor deleted, oldest first."""
        ...

    async def messages(self, session_id: str, after: int = 0, limit: int = 1000) -> tuple[Message, ...]:
        """Messages with ids above ``after``, ascending."""
        ...

    async def inbox(self, session_id: str) -> tuple[Command, ...]:
        """Commands not consumed yet, oldest first."""
        ...

    async def unfinished(self) -> tuple[SessionRecord, ...]:
        """All sessions that are neither expired nor deleted, of every organisation."""
        ...

    async def of_closed_organisations(self) -> tuple[tuple[SessionRecord, str], ...]:
        """Unfinished sessions of organisations that were removed or disabled, each with that word."""
        ...

    async def raise_epoch(self, session_id: str) -> SessionRecord:
        """Make the caller the owner: earlier epochs are fenced from now on."""
        ...

    async def purge(self, before: datetime) -> int:
        """Remove expired and deleted sessions last changed before then, with their messages; returns how many."""
        ...


class Lease(Protocol):
    """The right to run one session. Exactly one lease of a session can write at any time."""

    #: The owner has a browser, or is about to get one anyway; else the session's next message will need one.
    equipped: bool

    @property
    def session(self) -> SessionRecord:
        """The row as of the last change made or seen through this lease."""
        ...

    async def append(self, change: Change) -> tuple[Message, ...]:
        """Apply a change, fenced by this lease's epoch. Raises SessionFencedError when the lease was lost.

        Waits while the record can't be written; raises STORAGE_FAILED only when the lease is to be given up as well.
        Cancelling the call does not undo the change.
        """
        ...

    async def history(self) -> tuple[Message, ...]:
        """The session's whole log."""
        ...

    def inbox(self) -> AsyncIterator["Command | Call"]:
        """Commands (durable, in order) and calls as they arrive; ends when the lease is to be given up.

        Each command is given once per lease, and again to the next owner if no change has consumed it.
        """
        ...

    async def release(self) -> None:
        """Give the session up; idempotent, and carried out even when the caller is cancelled meanwhile.

        Commands not consumed are given to the next owner, at once; without any, a task still under way ends as
        interrupted. Afterwards the session is dormant, until a command or a call arrives for it.
        """
        ...


class Call(Protocol):
    """A request to a session's owner that is answered once and not stored: navigate, screenshot."""

    @property
    def name(self) -> str: ...

    @property
    def arguments(self) -> Mapping[str, Any]: ...

    def answer(self, result: Any) -> None:
        """Hand the result to the caller; ignored when the caller has gone."""
        ...

    def fail(self, error: Exception) -> None:
        """Hand a failure to the caller; ignored when the caller has gone."""
        ...


class Engine(Protocol):
    """Places sessions on owners and carries messages between owners and clients (reference page ``engine``).

    Any number of readers and callers; one owner per session. Nothing that a reader has been given is ever lost.
    """

    async def create(self, spec: SessionSpec) -> SessionRecord:
        """Store a session and have it leased by a worker. Idempotent per id.

        Raises SESSION_LIMIT_REACHED when as many sessions hold or wait for a lease as the engine takes, and what the
        check given to ``admit_with`` does.
        """
        ...

    def leases(self, capacity: int) -> AsyncIterator[Lease]:
        """Pull sessions to own, as long as fewer than ``capacity`` are held; ends when the engine stops."""
        ...

    async def send(self, session_id: str, change: Change) -> tuple[SessionRecord, tuple[Message, ...]]:
        """Apply a change from outside, and ring the owner when it carries a command.

        A dormant session is leased again for it. Raises as ``create`` does, with nothing applied, when there is no room
        for that, or for the browser that a message needs.
        """
        ...

    async def call(self, session_id: str, name: str, arguments: Mapping[str, Any], *, timeout: float) -> Any:
        """Ask the owner and wait for its answer. Raises what the owner failed with, or PAGE_UNRESPONSIVE."""
        ...

    def tail(self, session_id: str, after: int = 0) -> AsyncGenerator[Message | State, None]:
        """Messages above ``after`` in order, replayed and then live; the state each time nothing more is stored.

        That is the session's state after the last of the messages given. One follows every change, also one without
        messages; of changes in quick succession, the last. Close the iterator (``aclosing``) when leaving it early.
        Ends when the engine has stopped. Raises SESSION_NOT_FOUND.
        """
        ...

    async def wait_state(self, session_id: str, *, leave: frozenset[State], timeout: float) -> SessionRecord:
        """Wait until the session is in none of the states ``leave``; returns the row as it is at the end."""
        ...

    async def enqueue(self, kind: str, body: Mapping[str, Any], *, at: datetime, key: str) -> None:
        """Have ``body`` handled at least once at or after ``at``; the same key replaces an earlier entry."""
        ...

    def handle(self, kind: str, handler: JobHandler) -> None:
        """Have ``handler`` carry out enqueued jobs of a kind. To be called before the engine is entered."""
        ...

    def admit_with(self, make_room: Callable[[SessionSpec], Awaitable[None]]) -> None:
        """Have ``make_room`` called before a session is given a browser. To be called before the engine is entered."""
        ...

    async def stop(self) -> None:
        """End leases, tasks, calls and tails; returns when nothing is under way. Idempotent.

        From its beginning on ``create``, ``send`` and ``call`` raise SERVER_STOPPING.
        """
        ...
