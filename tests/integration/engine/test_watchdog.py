"""Sessions that claim to be at work: found and ended when nobody works on them, left alone when somebody does."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.contract.builders import SECONDS, log_entry, spec, user_says

from outrider.engine import EmbeddedEngine
from outrider.engine.watchdog import NO_OWNER
from outrider.interfaces.sessions import Change, Lease, Message, SessionFencedError, State
from outrider.storage import Database, SqlJobStore, SqlSessionStore

SILENCE_SECONDS = 0.2


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlSessionStore]:
    async with await Database.open(tmp_path / "outrider.db") as database:
        yield SqlSessionStore(database)


@pytest.fixture
async def engine(tmp_path: Path, store: SqlSessionStore) -> AsyncIterator[EmbeddedEngine]:
    async with (
        await Database.open(tmp_path / "jobs.db") as jobs,
        EmbeddedEngine(
            store,
            SqlJobStore(jobs),
            max_sessions=2,
            grace_seconds=0.05,
            watchdog_seconds=0.02,
            silence_seconds=SILENCE_SECONDS,
        ) as opened,
    ):
        yield opened


async def end_of(engine: EmbeddedEngine, session_id: str) -> tuple[State, Message]:
    """The state that the session comes to rest in, and its last word."""
    under_way = frozenset({State.RUNNING, State.INITIALIZING})
    record = await engine.wait_state(session_id, leave=under_way, timeout=SECONDS)
    async for message in engine.tail(session_id, record.last_message_id - 1):
        assert isinstance(message, Message)
        return record.state, message
    raise AssertionError


async def running_under(engine: EmbeddedEngine) -> Lease:
    """The lease of a session whose task was handed to its owner."""
    await engine.create(spec())
    lease = await anext(engine.leases(1))
    await lease.append(Change(event="started"))
    await engine.send("s-1", user_says("buy"))
    return lease


async def test_a_task_that_nobody_works_on_is_ended_with_a_reason(engine: EmbeddedEngine) -> None:
    lease = await running_under(engine)

    state, last = await end_of(engine, "s-1")

    assert state is State.FAILED
    assert last.metadata["code"] == "TASK_STALLED"
    assert "silent" in last.metadata["cause"]
    with pytest.raises(SessionFencedError):
        await lease.append(Change(entries=(log_entry("too late"),)))
    async with asyncio.timeout(SECONDS):
        assert [item async for item in lease.inbox()] == []  # it is told to let go


async def test_the_session_is_usable_afterwards_while_the_stuck_owner_still_holds_on(engine: EmbeddedEngine) -> None:
    await running_under(engine)
    await end_of(engine, "s-1")

    await engine.send("s-1", user_says("again"))
    async with asyncio.timeout(SECONDS):
        lease = await anext(engine.leases(1))
        await lease.append(Change(event="finished", entries=(log_entry("done"),)))

    assert (await engine.wait_state("s-1", leave=frozenset({State.RUNNING}), timeout=SECONDS)).state is State.FINISHED
    await lease.release()


async def test_a_task_that_no_owner_ever_got_is_ended(engine: EmbeddedEngine, store: SqlSessionStore) -> None:
    await store.insert(spec())
    await store.apply("s-1", Change(event="started"))
    await store.apply("s-1", user_says("buy"))  # past the engine, as a defect would do it

    state, last = await end_of(engine, "s-1")

    assert (state, last.metadata["cause"]) == (State.FAILED, NO_OWNER)


async def test_a_start_that_no_owner_works_on_is_ended(engine: EmbeddedEngine, store: SqlSessionStore) -> None:
    await store.insert(spec())
    record = await engine.wait_state("s-1", leave=frozenset({State.INITIALIZING}), timeout=SECONDS)
    assert record.state is State.READY


async def test_an_owner_at_work_is_left_alone(engine: EmbeddedEngine) -> None:
    lease = await running_under(engine)
    began = asyncio.get_running_loop().time()
    while asyncio.get_running_loop().time() - began < 3 * SILENCE_SECONDS:
        await lease.append(Change(entries=(log_entry("a step"),)))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(SILENCE_SECONDS / 4):
                await asyncio.Event().wait()

    assert lease.session.state is State.RUNNING
    await lease.release()


@pytest.mark.parametrize("event", ["pause", "asked"])
async def test_a_task_that_is_held_by_its_user_is_no_suspect(engine: EmbeddedEngine, event: str) -> None:
    lease = await running_under(engine)
    await lease.append(Change(event=event))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(2 * SILENCE_SECONDS):
            await asyncio.Event().wait()

    assert lease.session.state in (State.PAUSED, State.WAITING)
    await lease.append(Change(entries=(log_entry("still mine"),)))
    await lease.release()
