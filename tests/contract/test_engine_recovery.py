"""What every engine promises after the process before it was killed, or while another one still runs."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from tests.contract.builders import SECONDS, Record, log_entry, ready, spec, user_says, worker
from tests.contract.conftest import OpenEngine

from outrider.interfaces.sessions import Change, MessageType, SessionFencedError, SessionStore, State


@pytest.mark.parametrize("event", [None, "pause", "asked"])
async def test_a_task_under_way_ends_as_interrupted(
    open_engine: OpenEngine, store: SessionStore, event: str | None
) -> None:
    await ready(store)
    await store.apply("s-1", user_says("buy"))
    await store.apply("s-1", Change(event=event))

    async with open_engine():
        record = await store.get("s-1")

    error = (await store.messages("s-1"))[-1]
    assert record.state is State.FAILED
    assert (error.type, error.metadata["code"]) == (MessageType.ERROR, "SESSION_INTERRUPTED")
    assert error.metadata["retryable"] is True
    assert await store.inbox("s-1") == ()


async def test_a_resting_session_says_that_its_browser_is_gone_once(
    open_engine: OpenEngine, store: SessionStore
) -> None:
    await ready(store)
    for _ in range(3):
        async with open_engine():
            pass

    (message,) = await store.messages("s-1")
    record = await store.get("s-1")
    assert message.type is MessageType.LOG
    assert message.metadata["event"] == "log"
    assert (record.state, record.epoch) == (State.READY, 3)


async def test_a_start_that_was_cut_leaves_a_usable_session(open_engine: OpenEngine, store: SessionStore) -> None:
    await store.insert(spec())

    async with open_engine() as engine, worker(engine):
        assert (await store.get("s-1")).state is State.READY
        await engine.send("s-1", user_says("say OK"))
        record = await engine.wait_state("s-1", leave=frozenset({State.RUNNING}), timeout=SECONDS)

    assert record.state is State.FINISHED


async def test_a_recovered_session_takes_the_next_task(open_engine: OpenEngine, store: SessionStore) -> None:
    await ready(store)
    await store.apply("s-1", user_says("buy"))

    async with open_engine() as engine, worker(engine):
        await engine.send("s-1", user_says("once more"))
        record = await engine.wait_state("s-1", leave=frozenset({State.RUNNING}), timeout=SECONDS)

    assert record.state is State.FINISHED
    assert [m.type for m in await store.messages("s-1")] == [
        MessageType.USER,
        MessageType.ERROR,
        MessageType.USER,
        MessageType.DONE,
    ]


async def test_many_sessions_are_recovered_together(open_engine: OpenEngine, store: SessionStore) -> None:
    names = [f"s-{number}" for number in range(300)]
    await asyncio.gather(*(ready(store, name) for name in names))
    await asyncio.gather(*(store.apply(name, user_says("buy")) for name in names[::2]))

    async with open_engine():
        records = await store.unfinished()

    assert {record.state for record in records[::1]} == {State.FAILED, State.READY}
    assert sum(record.state is State.FAILED for record in records) == 150


async def test_a_second_engine_takes_the_sessions_from_the_first(open_engine: OpenEngine, store: SessionStore) -> None:
    async with open_engine(grace_seconds=0.05) as first:
        await first.create(spec())
        async with asyncio.timeout(SECONDS):
            lease = await anext(first.leases(1))
        await lease.append(Change(event="started"))

        async with open_engine(grace_seconds=0.05):
            with pytest.raises(SessionFencedError):
                await lease.append(Change(entries=(log_entry("zombie"),)))
            await lease.release()

    assert "zombie" not in [message.content for message in await store.messages("s-1")]


# --- jobs


def recorder(bodies: "asyncio.Queue[object]", failures: int = 0) -> Callable[..., object]:
    left = failures

    async def handle(body: object) -> None:
        nonlocal left
        await bodies.put(body)
        if left:
            left -= 1
            raise RuntimeError("not yet")

    return handle


def now(**later: float) -> datetime:
    return datetime.now(UTC) + timedelta(**later)


@pytest.mark.parametrize("failures", [0, 1])
async def test_a_due_job_is_carried_out_and_again_when_it_fails(
    open_engine: OpenEngine, record: Record, failures: int
) -> None:
    bodies: asyncio.Queue[object] = asyncio.Queue()
    async with open_engine(handlers={"hook": recorder(bodies, failures)}) as engine:
        await engine.enqueue("hook", {"n": 1}, at=now(), key="hook:1")
        async with asyncio.timeout(SECONDS):
            for _ in range(failures + 1):
                assert await bodies.get() == {"n": 1}
        await engine.enqueue("hook", {"n": 2}, at=now(), key="hook:2")
        async with asyncio.timeout(SECONDS):
            assert await bodies.get() == {"n": 2}

    assert "hook:1" not in [job.key for job in await record.jobs.upcoming(10)]


async def test_jobs_run_in_their_time_and_the_latest_of_a_key_counts(open_engine: OpenEngine, record: Record) -> None:
    bodies: asyncio.Queue[object] = asyncio.Queue()
    async with open_engine(handlers={"hook": recorder(bodies)}) as engine:
        await engine.enqueue("hook", {"n": "far"}, at=now(hours=1), key="far")
        await engine.enqueue("hook", {"n": "replaced"}, at=now(seconds=0.05), key="near")
        await engine.enqueue("hook", {"n": "near"}, at=now(seconds=0.05), key="near")
        async with asyncio.timeout(SECONDS):
            assert await bodies.get() == {"n": "near"}

    assert [job.key for job in await record.jobs.upcoming(10)][-1] == "far"
    assert bodies.empty()


async def test_a_job_of_a_killed_process_is_carried_out_by_the_next(open_engine: OpenEngine, record: Record) -> None:
    await record.jobs.put("hook", {"n": 1}, at=now(hours=-1), key="left")
    bodies: asyncio.Queue[object] = asyncio.Queue()

    async with open_engine(handlers={"hook": recorder(bodies)}), asyncio.timeout(SECONDS):
        assert await bodies.get() == {"n": 1}


async def test_a_job_that_cannot_be_handled_does_not_stop_the_others(open_engine: OpenEngine) -> None:
    bodies: asyncio.Queue[object] = asyncio.Queue()
    async with open_engine(handlers={"hook": recorder(bodies)}) as engine:
        for number in range(40):
            await engine.enqueue("unheard-of", {}, at=now(), key=f"bad:{number}")
        await engine.enqueue("hook", {"n": 1}, at=now(), key="good")
        async with asyncio.timeout(SECONDS):
            assert await bodies.get() == {"n": 1}
