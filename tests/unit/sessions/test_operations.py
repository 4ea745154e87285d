"""The rules between a request and the engine, on the real engine and record with small owners of our own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.contract.builders import SECONDS, echo, own

from outrider.config import Settings
from outrider.engine import EmbeddedEngine
from outrider.interfaces.identities import OrganisationLimits, Principal
from outrider.interfaces.sessions import (
    Call,
    Change,
    Command,
    Entry,
    Lease,
    Message,
    MessageType,
    SessionFencedError,
    State,
)
from outrider.problems import OutriderError
from outrider.screening.content import Screener
from outrider.sessions.creation import Agents, NewSession
from outrider.sessions.expiry import Expiry
from outrider.sessions.operations import SessionOperations
from outrider.sessions.view import View
from outrider.storage import Database, SqlAuditStore, SqlJobStore, SqlKeyStore, SqlSessionStore, SqlSnapshotStore

ME = Principal("mine", "key_1", "aaaaa")
SOMEBODY = Principal("theirs", "key_2", "bbbbb")


class House:
    """Operations on an open engine, whose sessions behave as ``owner`` does."""

    def __init__(self, engine: EmbeddedEngine, store: SqlSessionStore, operations: SessionOperations) -> None:
        self.engine = engine
        self.store = store
        self.operations = operations

    async def session(self) -> str:
        return (await self.operations.create(ME, NewSession())).id


async def finishing(lease: Lease) -> None:
    """Finishes every task with its own text."""
    await own(lease, _finish)


async def _finish(lease: Lease, item: Command | Call) -> None:
    if isinstance(item, Command) and item.kind == "message":
        await echo(lease, item)


async def idling(lease: Lease) -> None:
    """Takes tasks and never ends them."""
    await own(lease, _ignore)


async def _ignore(lease: Lease, item: Command | Call) -> None:
    with suppress(SessionFencedError):  # the command is the one that ends the session
        if isinstance(item, Command):
            await lease.append(Change(consumes=(item.id,)))


async def never_ready(lease: Lease) -> None:
    """Has a browser that never comes up."""
    async for _ in lease.inbox():
        break
    await lease.release()


async def broken(lease: Lease) -> None:
    """Has a browser that does not start."""
    if lease.session.state is State.INITIALIZING:
        content, metadata = OutriderError("BROWSER_START_FAILED", reason="No memory is left.").as_message()
        await lease.append(Change(event="broke", entries=(Entry(MessageType.ERROR, content, metadata),)))
    await lease.release()


@asynccontextmanager
async def house(folder: Path, owner: Any = finishing, **settings: Any) -> AsyncIterator[House]:
    given = Settings(data_dir=folder, **settings)
    async with await Database.open(given.database_path) as database:
        store, snapshots = SqlSessionStore(database), SqlSnapshotStore(database)
        async with EmbeddedEngine(store, SqlJobStore(database), max_sessions=4, grace_seconds=0.1) as engine:
            expiry = Expiry(
                engine,
                store,
                SqlKeyStore(database).find_organisation,
                idle=timedelta(hours=1),
                retention=timedelta(days=1),
                now=lambda: datetime.now(UTC),
            )

            async def work() -> None:
                async with asyncio.TaskGroup() as group:
                    async for lease in engine.leases(4):
                        group.create_task(owner(lease))

            worker = asyncio.create_task(work())
            screener = Screener.of(given, SqlAuditStore(database))
            yield House(engine, store, SessionOperations(engine, store, snapshots, expiry, {"scout"}, given, screener))
            await engine.stop()
            async with asyncio.timeout(SECONDS):
                await worker


@asynccontextmanager
async def refused(code: str) -> AsyncIterator[None]:
    with pytest.raises(OutriderError) as caught:
        yield
    assert caught.value.code == code


async def followed(house: House, session_id: str, after: int = 0) -> list[Message]:
    stream = await house.operations.events(ME, session_id, after=after, view=View())
    async with asyncio.timeout(SECONDS):
        return [message async for message in stream]


# --- creating


async def test_a_session_is_ready_when_it_is_handed_out(tmp_path: Path) -> None:
    async with house(tmp_path) as opened:
        record = await opened.operations.create(ME, NewSession(max_steps=7, goal="tea"))
        assert record.state is State.READY
        assert (record.spec.max_steps, record.spec.agent_name, record.spec.model) == (7, "agi-0", "scout")
        assert [r.id for r in await opened.operations.all(ME)] == [record.id]
        assert await opened.operations.all(SOMEBODY) == ()


async def test_a_start_that_takes_too_long_leaves_no_session(tmp_path: Path) -> None:
    async with house(tmp_path, never_ready, session_start_timeout_seconds=0.05) as opened:
        async with refused("SESSION_START_TIMEOUT"):
            await opened.session()
        assert await opened.operations.all(ME) == ()


async def test_a_start_that_fails_is_reported_as_it_was_told_and_leaves_no_session(tmp_path: Path) -> None:
    async with house(tmp_path, broken) as opened:
        with pytest.raises(OutriderError) as caught:
            await opened.session()
        assert (caught.value.code, caught.value.cause) == ("BROWSER_START_FAILED", "No memory is left.")
        assert await opened.operations.all(ME) == ()


def test_names_of_agents() -> None:
    agents = Agents({"scout"}, {"agi-0": "scout", "agi-9": "not-here"})
    assert (agents.names, agents.default, agents.model_of("agi-0")) == (("agi-0", "scout"), "agi-0", "scout")
    assert Agents({"scout"}, {}).default == "scout"
    with pytest.raises(OutriderError, match="agi-9"):
        agents.model_of("agi-9")


# --- whose, and whether still


def limited(*agents: str, models: set[str] | None = None) -> Principal:
    """As ``ME``, with a key for some agents, of an organisation that has some models."""
    limits = OrganisationLimits(models=None if models is None else frozenset(models))
    return replace(ME, agents=frozenset(agents), limits=limits)


@pytest.mark.parametrize(
    ("who", "names", "default"),
    [
        (ME, ("agi-0", "fast", "other", "scout"), "agi-0"),
        (limited("agi-0"), ("agi-0",), "agi-0"),
        (limited("scout"), ("agi-0", "scout"), "agi-0"),  # a model's name stands for all that is made of it
        (limited("fast", "browser"), ("fast",), "fast"),
        (limited("fast", "scout", models={"other"}), ("fast",), "fast"),
        (limited("agi-0", models={"other"}), (), "agi-0"),
        (limited(), (), "agi-0"),
    ],
)
def test_a_key_has_the_agents_that_it_was_given(who: Principal, names: tuple[str, ...], default: str) -> None:
    agents = Agents({"scout", "other"}, {"agi-0": "scout", "fast": "other"}).of(who)
    assert (agents.names, agents.default) == (names, default)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (limited("scout"), "AGENT_NOT_ALLOWED"),
        (limited("fast", models={"scout"}), "AGENT_UNKNOWN"),  # whether the key may is nothing to ask then
        (limited("scout", models={"scout"}), "AGENT_UNKNOWN"),
        (limited("fast"), None),
        (limited("other", models={"fast"}), None),
    ],
)
def test_what_a_principal_may_not_use_is_refused_at_its_name_and_in_its_sessions(
    who: Principal, code: str | None
) -> None:
    agents = Agents({"scout", "other"}, {"agi-0": "scout", "fast": "other"})
    told: list[str | None] = []
    for check in (lambda: agents.of(who).model_of("fast"), lambda: agents.check(who, "fast", "other")):
        try:
            check()
            told.append(None)
        except OutriderError as problem:
            told.append(problem.code)
    assert told == [code, code]


async def test_a_message_needs_the_right_to_the_sessions_agent_as_it_is_now(tmp_path: Path) -> None:
    async with house(tmp_path, idling) as opened:
        session_id = await opened.session()
        async with refused("AGENT_NOT_ALLOWED"):
            await opened.operations.create(limited("fast"), NewSession())
        await opened.operations.send_message(limited("agi-0"), session_id, "Read it.")
        async with refused("AGENT_NOT_ALLOWED"):  # also to a task that runs
            await opened.operations.send_message(limited("fast"), session_id, "And that.")
        async with refused("AGENT_UNKNOWN"):
            await opened.operations.send_message(limited("scout", models=set()), session_id, "And that.")
        assert len(await opened.store.messages(session_id)) == 1


async def test_whose_session_it_is(tmp_path: Path) -> None:
    async with house(tmp_path) as opened:
        session_id = await opened.session()
        async with refused("SESSION_NOT_FOUND"):
            await opened.operations.get(SOMEBODY, session_id)
        assert await opened.operations.delete(SOMEBODY, session_id) is False
        assert await opened.operations.delete_all(SOMEBODY) == 0
        assert await opened.operations.delete_all(ME) == 1
        async with refused("SESSION_NOT_FOUND"):
            await opened.operations.get(ME, session_id)


async def test_an_expired_session_says_so(tmp_path: Path) -> None:
    async with house(tmp_path) as opened:
        session_id = await opened.session()
        await opened.engine.send(session_id, Change(event="expire", command=("expire", {})))
        for attempt in (opened.operations.get(ME, session_id), opened.operations.pause(ME, session_id)):
            async with refused("SESSION_EXPIRED"):
                await attempt
        assert await opened.operations.delete(ME, session_id) is False
        assert await opened.operations.all(ME) == ()


# --- tasks


async def test_a_message_is_in_the_log_and_the_state_running_when_it_is_acknowledged(tmp_path: Path) -> None:
    async with house(tmp_path, idling) as opened:
        session_id = await opened.session()
        message = await opened.operations.send_message(ME, session_id, "Read it.")
        record, messages = await opened.operations.messages(ME, session_id, after=0, view=View())
        assert (record.state, record.task_id, messages) == (State.RUNNING, message.id, (message,))


async def test_steering(tmp_path: Path) -> None:
    async with house(tmp_path, idling) as opened:
        session_id, on = await opened.session(), opened.operations
        assert "no task is running (already_paused)" in await on.pause(ME, session_id)
        assert "not_paused" in await on.resume(ME, session_id)
        assert "nothing to cancel" in await on.cancel(ME, session_id)
        await on.send_message(ME, session_id, "Read it.")
        assert await on.pause(ME, session_id) == "Session paused successfully"
        assert "is paused already (already_paused)" in await on.pause(ME, session_id)
        await on.send_message(ME, session_id, "Kept.")
        assert (await on.get(ME, session_id)).state is State.PAUSED
        assert await on.resume(ME, session_id) == "Session resumed successfully"
        assert await on.cancel(ME, session_id) == "Session cancelled successfully"
        record, messages = await on.messages(ME, session_id, after=0, view=View())
        assert record.state is State.CANCELLED
        assert [m.metadata.get("event") or m.metadata.get("code") for m in messages] == [
            None, "paused", None, "resumed", "TASK_CANCELLED"
        ]  # fmt: skip


# --- the log


async def test_a_view_leaves_out_what_is_internal(tmp_path: Path) -> None:
    async with house(tmp_path, idling) as opened:
        session_id = await opened.session()
        notes: list[dict[str, Any]] = [{"event": "step"}, {"internal": True}, {"image": True}, {}]
        entries = tuple(Entry(MessageType.LOG, str(note), note) for note in notes)
        await opened.engine.send(session_id, Change(entries=entries))

        async def ids(view: View) -> list[int]:
            return [m.id for m in (await opened.operations.messages(ME, session_id, after=0, view=view))[1]]

        assert await ids(View()) == [1, 4]
        assert await ids(View(sanitize=False)) == [1, 2, 3, 4]
        assert await ids(View(event_names=frozenset({"log"}))) == [4]
        _, first_two = await opened.operations.messages(ME, session_id, after=0, view=View(), limit=2)
        assert [m.id for m in first_two] == [1, 4], "what is not shown does not count"


async def test_a_log_is_read_to_its_end(tmp_path: Path) -> None:
    async with house(tmp_path, idling) as opened:
        session_id = await opened.session()
        entries = tuple(Entry(MessageType.LOG, str(number)) for number in range(2100))
        await opened.engine.send(session_id, Change(entries=entries))
        _, messages = await opened.operations.messages(ME, session_id, after=50, view=View())
        assert [m.id for m in messages] == list(range(51, 2101))


async def test_a_stream_ends_with_the_task(tmp_path: Path) -> None:
    async with house(tmp_path) as opened:
        session_id = await opened.session()
        await opened.operations.send_message(ME, session_id, "One.")
        first = await followed(opened, session_id)
        assert [m.type for m in first] == [MessageType.USER, MessageType.DONE]
        new = await opened.operations.events(ME, session_id, after=2, view=View())
        await opened.operations.send_message(ME, session_id, "Two.")
        assert [m.content for m in await followed(opened, session_id, after=2)] == ["Two.", "Two."]
        assert [m.id async for m in new] == [3, 4]


async def test_a_stream_of_a_session_that_expires_ends(tmp_path: Path) -> None:
    async with house(tmp_path, idling) as opened:
        session_id = await opened.session()
        stream = await opened.operations.events(ME, session_id, after=0, view=View())
        entry = Entry(MessageType.ERROR, "Expired.")
        await opened.engine.send(session_id, Change(event="expire", entries=(entry,), command=("expire", {})))
        async with asyncio.timeout(SECONDS):
            assert [m.content async for m in stream] == ["Expired."]


@pytest.mark.parametrize("ending", ["delete", "stop"])
async def test_a_stream_that_is_cut_off_says_why(tmp_path: Path, ending: str) -> None:
    async with house(tmp_path, idling) as opened:
        session_id = await opened.session()
        stream = await opened.operations.events(ME, session_id, after=0, view=View())
        reading: asyncio.Future[Message] = asyncio.ensure_future(anext(stream))
        work = opened.operations.delete(ME, session_id) if ending == "delete" else opened.engine.stop()
        await work
        async with asyncio.timeout(SECONDS), refused("SESSION_NOT_FOUND" if ending == "delete" else "SERVER_STOPPING"):
            await reading
