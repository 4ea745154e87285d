"""Values and small owners for the tests of stores and engines."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from outrider.interfaces.jobs import JobStore
from outrider.interfaces.sessions import (
    Call,
    Change,
    Command,
    Engine,
    Entry,
    Lease,
    Message,
    MessageType,
    SessionSpec,
    SessionStore,
    State,
)

#: Deadline of everything that a test waits for.
SECONDS = 30.0

STARTING = frozenset({State.INITIALIZING})


@dataclass(frozen=True, slots=True)
class Record:
    """The open record that an engine works on."""

    sessions: SessionStore
    jobs: JobStore


def spec(session_id: str = "s-1", organisation_id: str = "org-1") -> SessionSpec:
    return SessionSpec(
        id=session_id,
        organisation_id=organisation_id,
        environment_id=f"env-{session_id}",
        agent_name="agi-0",
        model="scout",
        max_steps=25,
        goal="Look – 你好",
        webhook_url="https://example.org/hook",
    )


def log_entry(text: str = "step", **metadata: Any) -> Entry:
    return Entry(MessageType.LOG, text, {"event": "log", **metadata})


def user_says(text: str, **body: Any) -> Change:
    """What a client's message is: an entry and a command in one change."""
    return Change(
        event="message", entries=(Entry(MessageType.USER, text),), command=("message", {"text": text, **body})
    )


async def ready(store: SessionStore, session_id: str = "s-1") -> None:
    """Store a session that has started."""
    await store.insert(spec(session_id))
    await store.apply(session_id, Change(event="started"))


async def read_until(engine: Engine, session_id: str, last: Callable[[Message], bool], after: int = 0) -> list[Message]:
    """Messages of a tail, up to and with the first that is ``last``."""
    got: list[Message] = []
    async with asyncio.timeout(SECONDS), aclosing(engine.tail(session_id, after)) as tail:
        async for message in tail:
            if isinstance(message, Message):
                got.append(message)
                if last(message):
                    break
    return got


Serve = Callable[[Lease, Command | Call], Awaitable[None]]


async def echo(lease: Lease, item: Command | Call) -> None:
    """Answers calls with their arguments, and finishes each task at once."""
    if not isinstance(item, Command):
        item.answer(dict(item.arguments))
        return
    done = Entry(MessageType.DONE, item.body["text"], {})
    await lease.append(Change(event="finished", entries=(done,), consumes=(item.id,)))


async def own(lease: Lease, serve: Serve) -> None:
    """The plainest owner: starts, serves its inbox, lets go."""
    try:
        if lease.session.state is State.INITIALIZING:
            await lease.append(Change(event="started"))
        async for item in lease.inbox():
            await serve(lease, item)
    finally:
        await lease.release()


@asynccontextmanager
async def worker(engine: Engine, serve: Serve = echo, capacity: int = 16) -> AsyncIterator[None]:
    """A worker that owns sessions beside the test."""

    async def work() -> None:
        async with asyncio.TaskGroup() as group:
            async for lease in engine.leases(capacity):
                group.create_task(own(lease, serve))

    task = asyncio.create_task(work())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def contents(messages: "list[Message] | tuple[Message, ...]") -> list[Any]:
    return [message.content for message in messages]
