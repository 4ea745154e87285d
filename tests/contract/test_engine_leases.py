"""What every engine promises to owners of sessions, and to clients about them."""

import asyncio

import pytest
from tests.contract.builders import SECONDS, STARTING, contents, log_entry, ready, spec, user_says, worker
from tests.contract.conftest import OpenEngine

from outrider.interfaces.sessions import (
    Call,
    Change,
    Command,
    Engine,
    Entry,
    Lease,
    MessageType,
    SessionFencedError,
    SessionStore,
    State,
)
from outrider.problems import OutriderError

RUNNING = frozenset({State.RUNNING})


async def started(engine: Engine, session_id: str = "s-1") -> None:
    await engine.create(spec(session_id))
    record = await engine.wait_state(session_id, leave=STARTING, timeout=SECONDS)
    assert record.state is State.READY


async def lease_of(engine: Engine, session_id: str = "s-1") -> Lease:
    """The lease of a session, taken by the test itself."""
    async with asyncio.timeout(SECONDS):
        lease = await anext(engine.leases(1))
    assert lease.session.id == session_id
    return lease


async def test_a_message_reaches_the_owner_and_its_answer_the_log(engine: Engine, store: SessionStore) -> None:
    async with worker(engine):
        await started(engine)

        record, _ = await engine.send("s-1", user_says("say OK"))
        assert record.state is State.RUNNING
        record = await engine.wait_state("s-1", leave=RUNNING, timeout=SECONDS)

    assert record.state is State.FINISHED
    assert contents(await store.messages("s-1")) == ["say OK", "say OK"]
    assert await store.inbox("s-1") == ()


async def test_creating_is_idempotent(engine: Engine) -> None:
    await engine.create(spec())
    await engine.create(spec())

    lease = await lease_of(engine)
    await lease.append(Change(event="started"))

    assert (await engine.create(spec())).state is State.READY
    async with asyncio.timeout(SECONDS):
        leases = engine.leases(1)
        await engine.create(spec("s-2"))
        assert (await anext(leases)).session.id == "s-2"  # and not s-1 once more


async def test_only_so_many_sessions_hold_or_wait_for_an_owner(open_engine: OpenEngine, store: SessionStore) -> None:
    async with open_engine(max_sessions=2) as engine:
        await engine.create(spec("s-1"))
        await engine.create(spec("s-2"))

        with pytest.raises(OutriderError) as caught:
            await engine.create(spec("s-3"))
        assert caught.value.code == "SESSION_LIMIT_REACHED"
        assert caught.value.facts == {"limit": 2, "current": 2}
        with pytest.raises(OutriderError, match="no session"):
            await store.get("s-3")

        lease = await lease_of(engine)
        await lease.release()
        await engine.create(spec("s-3"))


async def test_a_message_to_a_dormant_session_is_refused_as_a_whole_when_there_is_no_room(
    open_engine: OpenEngine, store: SessionStore
) -> None:
    await ready(store)
    async with open_engine(max_sessions=1) as engine:
        await engine.create(spec("s-2"))
        before = await store.get("s-1")

        with pytest.raises(OutriderError, match="limit"):
            await engine.send("s-1", user_says("buy"))
        assert await store.get("s-1") == before

        with pytest.raises(OutriderError, match="does not accept"):
            await engine.send("s-1", Change(event="pause", command=("pause", {})))
        with pytest.raises(OutriderError, match="limit"):
            await engine.call("s-1", "screenshot", {}, timeout=SECONDS)

        await engine.send("s-1", Change(event="delete", command=("delete", {})))
        assert (await store.get("s-1")).state is State.DELETED


async def test_a_refused_command_takes_no_room(open_engine: OpenEngine, store: SessionStore) -> None:
    await ready(store)
    async with open_engine(max_sessions=1) as engine:
        with pytest.raises(OutriderError, match="does not accept"):
            await engine.send("s-1", Change(event="resume", command=("resume", {})))
        await engine.create(spec("s-2"))


async def test_a_worker_holds_no_more_than_it_can(engine: Engine) -> None:
    for number in range(1, 4):
        await engine.create(spec(f"s-{number}"))
    leases = engine.leases(2)
    first, second = await anext(leases), await anext(leases)

    third = asyncio.ensure_future(anext(leases))
    done, _ = await asyncio.wait({third}, timeout=0.05)
    assert not done

    await first.release()
    async with asyncio.timeout(SECONDS):
        assert {first.session.id, second.session.id, (await third).session.id} == {"s-1", "s-2", "s-3"}


async def test_commands_come_in_order_and_again_until_they_are_consumed(engine: Engine, store: SessionStore) -> None:
    await engine.create(spec())
    lease = await lease_of(engine)
    await lease.append(Change(event="started"))
    for text in ("one", "two", "three"):
        await engine.send("s-1", user_says(text))
    inbox = lease.inbox()
    first = await anext(inbox)
    assert isinstance(first, Command)
    await lease.append(Change(consumes=(first.id,)))
    assert isinstance(await anext(inbox), Command)
    await lease.release()

    again = await lease_of(engine)
    rest = again.inbox()
    commands = [await anext(rest), await anext(rest)]

    assert [command.body["text"] for command in commands if isinstance(command, Command)] == ["two", "three"]
    assert again.session.epoch == 2
    assert (await store.get("s-1")).state is State.RUNNING


async def test_a_released_lease_cannot_write(engine: Engine) -> None:
    await engine.create(spec())
    lease = await lease_of(engine)
    await lease.release()
    await lease.release()

    with pytest.raises(SessionFencedError):
        await lease.append(Change(entries=(log_entry(),)))


async def test_a_task_whose_owner_gives_up_ends_with_a_reason(engine: Engine, store: SessionStore) -> None:
    async def take_and_leave(lease: Lease, item: Command | Call) -> None:
        assert isinstance(item, Command)
        await lease.append(Change(consumes=(item.id,)))
        await lease.release()

    async with worker(engine, take_and_leave):
        await started(engine)
        await engine.send("s-1", user_says("buy"))
        record = await engine.wait_state("s-1", leave=RUNNING, timeout=SECONDS)

    assert record.state is State.FAILED
    _, error = await store.messages("s-1")
    assert (error.type, error.metadata["code"]) == (MessageType.ERROR, "SESSION_INTERRUPTED")


async def test_a_command_that_no_owner_survives_does_not_go_round_for_ever(engine: Engine, store: SessionStore) -> None:
    owners: list[int] = []

    async def leave(lease: Lease, item: Command | Call) -> None:
        del item
        owners.append(lease.session.epoch)
        await lease.release()

    async with worker(engine, leave):
        await started(engine)
        await engine.send("s-1", user_says("buy"))
        record = await engine.wait_state("s-1", leave=RUNNING, timeout=SECONDS)

    assert record.state is State.FAILED
    assert 1 < len(owners) <= 5
    assert await store.inbox("s-1") == ()


async def test_the_history_is_the_whole_log(engine: Engine, store: SessionStore) -> None:
    await engine.create(spec())
    lease = await lease_of(engine)
    await lease.append(Change(entries=tuple(log_entry(str(n)) for n in range(1500))))

    assert await lease.history() == await store.messages("s-1", limit=2000)


@pytest.mark.parametrize("command", [None, ("delete", {})])
async def test_deleting_a_session_ends_its_lease(engine: Engine, command: tuple[str, dict[str, str]] | None) -> None:
    await engine.create(spec())
    lease = await lease_of(engine)

    await engine.send("s-1", Change(event="delete", command=command))

    async with asyncio.timeout(SECONDS):
        kinds = [item.kind async for item in lease.inbox() if isinstance(item, Command)]
    assert kinds == ([] if command is None else ["delete"])
    assert lease.session.state is State.DELETED


# --- calls


async def test_a_call_is_answered_by_the_owner(engine: Engine) -> None:
    async with worker(engine):
        await started(engine)
        assert await engine.call("s-1", "navigate", {"url": "http://a/"}, timeout=SECONDS) == {"url": "http://a/"}


async def test_a_call_wakes_a_dormant_session(engine: Engine, store: SessionStore) -> None:
    await ready(store)
    async with worker(engine):
        assert await engine.call("s-1", "screenshot", {}, timeout=SECONDS) == {}


async def test_a_call_raises_what_the_owner_failed_with(engine: Engine) -> None:
    async def fail(lease: Lease, item: Command | Call) -> None:
        del lease
        assert not isinstance(item, Command)
        item.fail(OutriderError("PAGE_CRASHED", url="http://a/"))

    async with worker(engine, fail):
        await started(engine)
        with pytest.raises(OutriderError, match="The page crashed"):
            await engine.call("s-1", "screenshot", {}, timeout=SECONDS)


async def test_a_call_without_an_answer_ends_with_its_deadline(engine: Engine, store: SessionStore) -> None:
    await ready(store)
    with pytest.raises(OutriderError) as caught:
        await engine.call("s-1", "screenshot", {}, timeout=0.02)
    assert (caught.value.code, caught.value.facts["seconds"]) == ("PAGE_UNRESPONSIVE", 0.02)


async def test_an_answer_for_a_caller_who_has_gone_is_ignored(engine: Engine) -> None:
    taken: asyncio.Queue[Call] = asyncio.Queue()

    async def keep(lease: Lease, item: Command | Call) -> None:
        del lease
        assert not isinstance(item, Command)
        await taken.put(item)

    async with worker(engine, keep):
        await started(engine)
        caller = asyncio.create_task(engine.call("s-1", "screenshot", {}, timeout=SECONDS))
        call = await taken.get()
        caller.cancel()
        await asyncio.gather(caller, return_exceptions=True)
        call.answer("late")
        call.fail(RuntimeError("later"))


async def test_a_call_ends_when_its_owner_gives_up(engine: Engine) -> None:
    async def give_up(lease: Lease, item: Command | Call) -> None:
        del item
        await lease.release()

    async with worker(engine, give_up):
        await started(engine)
        with pytest.raises(OutriderError) as caught:
            await engine.call("s-1", "screenshot", {}, timeout=SECONDS)
    assert caught.value.code == "BROWSER_CRASHED"


async def test_an_ended_session_takes_no_calls(engine: Engine, store: SessionStore) -> None:
    await ready(store)
    await engine.send("s-1", Change(event="delete"))
    with pytest.raises(OutriderError, match="no session"):
        await engine.call("s-1", "screenshot", {}, timeout=SECONDS)


# --- stop


async def test_stopping_ends_leases_and_says_why_tasks_ended(open_engine: OpenEngine, store: SessionStore) -> None:
    idle = asyncio.Event()

    async def work(lease: Lease, item: Command | Call) -> None:
        assert isinstance(item, Command)
        await lease.append(Change(entries=(log_entry("working"),), consumes=(item.id,)))
        idle.set()

    async with open_engine() as engine, worker(engine, work):
        await started(engine)
        await engine.send("s-1", user_says("buy"))
        await idle.wait()
        await engine.create(spec("s-2"))
        async with asyncio.timeout(SECONDS):
            await engine.stop()
        for refused in (
            engine.create(spec("s-3")),
            engine.send("s-1", Change()),
            engine.call("s-1", "x", {}, timeout=1),
        ):
            with pytest.raises(OutriderError, match="shutting down"):
                await refused

    error = (await store.messages("s-1"))[-1]
    assert (await store.get("s-1")).state is State.FAILED
    assert error.metadata["code"] == "SESSION_INTERRUPTED"
    assert "the server was stopped" in error.metadata["cause"]
    assert (await store.get("s-2")).state is State.READY


async def test_an_owner_that_does_not_let_go_is_fenced(open_engine: OpenEngine, store: SessionStore) -> None:
    async with open_engine(grace_seconds=0.02) as engine:
        await engine.create(spec())
        lease = await lease_of(engine)
        await engine.send("s-1", user_says("buy"))

    with pytest.raises(SessionFencedError):
        await lease.append(Change(entries=(Entry(MessageType.LOG, "zombie"),)))
    assert (await store.get("s-1")).state is State.FAILED
