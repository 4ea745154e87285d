"""The embedded engine on a real file: no task left behind, a locked database survived, two processes fenced."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import aclosing, closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, event
from tests.contract.builders import SECONDS, contents, log_entry, ready, spec, user_says, worker

from outrider.engine import EmbeddedEngine
from outrider.interfaces.sessions import Change, Lease, SessionFencedError, State
from outrider.problems import OutriderError
from outrider.storage import Database, SqlJobStore, SqlSessionStore
from outrider.storage.connections import reading_engine, writing_engine


class Disk:
    """Where the database is; while it is full every write fails."""

    full = False

    def watch(self, connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if self.full else 'OFF'}")


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
async def database(tmp_path: Path, disk: Disk) -> AsyncIterator[Database]:
    path = tmp_path / "outrider.db"
    async with await Database.open(path):
        pass  # made
    writing = writing_engine(path)
    event.listen(writing, "begin", disk.watch)
    async with Database(writing, reading_engine(path)) as opened:
        yield opened


def engine_on(database: Database) -> EmbeddedEngine:
    return EmbeddedEngine(SqlSessionStore(database), SqlJobStore(database), max_sessions=4, grace_seconds=0.05)


async def test_nothing_runs_on_after_the_end(database: Database) -> None:
    before = asyncio.all_tasks()
    async with engine_on(database) as engine, worker(engine):
        await engine.create(spec())
        await engine.wait_state("s-1", leave=frozenset({State.INITIALIZING}), timeout=SECONDS)
        await engine.send("s-1", user_says("buy"))
        async with aclosing(engine.tail("s-1")) as tail:
            await anext(tail)

    assert asyncio.all_tasks() == before


async def test_a_worker_gets_over_a_database_that_was_locked(database: Database, tmp_path: Path) -> None:
    async with engine_on(database) as engine:
        await engine.create(spec())
        await database.write(lambda connection: connection.exec_driver_sql("PRAGMA busy_timeout=10"))
        with closing(sqlite3.connect(tmp_path / "outrider.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            waiting = asyncio.ensure_future(anext(engine.leases(1)))
            done, _ = await asyncio.wait({waiting}, timeout=0.2)
            assert not done
            other.execute("ROLLBACK")

        async with asyncio.timeout(SECONDS):
            assert (await waiting).session.id == "s-1"


async def held(engine: EmbeddedEngine) -> Lease:
    async with asyncio.timeout(SECONDS):
        return await anext(engine.leases(1))


async def test_what_an_owner_says_while_the_disk_is_full_is_kept(database: Database, disk: Disk) -> None:
    async with engine_on(database) as engine:
        await engine.create(spec())
        lease = await held(engine)
        disk.full = True
        with pytest.raises(OutriderError, match="could not write"):
            await engine.send("s-1", user_says("buy"))
        saying = asyncio.ensure_future(lease.append(Change(event="started", entries=(log_entry("late"),))))
        done, _ = await asyncio.wait({saying}, timeout=0.1)
        assert not done

        disk.full = False
        async with asyncio.timeout(SECONDS):
            (message,) = await saying
        assert message.content == "late"


async def test_a_task_whose_owner_failed_with_the_disk_is_ended_once_there_is_room(
    database: Database, disk: Disk
) -> None:
    store = SqlSessionStore(database)
    await ready(store)
    async with engine_on(database) as engine:
        await engine.send("s-1", user_says("buy"))
        lease = await held(engine)
        await lease.append(Change(consumes=tuple(command.id for command in await store.inbox("s-1"))))
        disk.full = True
        releasing = asyncio.ensure_future(lease.release())
        done, _ = await asyncio.wait({releasing}, timeout=0.1)
        assert not done

        disk.full = False
        record = await engine.wait_state("s-1", leave=frozenset({State.RUNNING}), timeout=SECONDS)
        assert record.state is State.FAILED
        await releasing


async def test_an_engine_stops_in_time_though_the_disk_is_full(database: Database, disk: Disk) -> None:
    await ready(SqlSessionStore(database))
    async with engine_on(database) as engine:
        await engine.send("s-1", user_says("buy"))
        lease = await held(engine)
        disk.full = True
        saying = asyncio.ensure_future(lease.append(Change(entries=(log_entry("late"),))))
        async with asyncio.timeout(SECONDS):
            await engine.stop()
        with pytest.raises(OutriderError, match="could not write"):
            await saying


async def test_a_session_that_was_purged_before_it_was_leased_holds_nobody_up(database: Database) -> None:
    store = SqlSessionStore(database)
    await ready(store)
    async with engine_on(database) as engine:
        call = asyncio.ensure_future(engine.call("s-1", "screenshot", {}, timeout=SECONDS))
        await asyncio.sleep(0)  # it looks the session up
        await database.write(lambda connection: connection.exec_driver_sql("DELETE FROM sessions"))
        await engine.create(spec("s-2"))
        assert (await held(engine)).session.id == "s-2"
        with pytest.raises(OutriderError, match="no session"):
            await call


async def test_a_cancelled_worker_loses_no_session(database: Database) -> None:
    async with engine_on(database) as engine:
        await engine.create(spec())
        taking = asyncio.ensure_future(anext(engine.leases(1)))
        await asyncio.sleep(0)  # it is making the lease
        taking.cancel()
        await asyncio.gather(taking, return_exceptions=True)

        assert (await held(engine)).session.id == "s-1"


async def test_an_owner_of_another_process_is_fenced(database: Database, tmp_path: Path) -> None:
    store = SqlSessionStore(database)
    await ready(store)
    async with engine_on(database) as engine:
        await engine.send("s-1", user_says("buy"))
        lease = await held(engine)
        await lease.append(Change(entries=(log_entry("step"),), task_id=lease.session.task_id))

        async with await Database.open(tmp_path / "outrider.db") as other, engine_on(other):
            with pytest.raises(SessionFencedError):
                await lease.append(Change(entries=(log_entry("zombie"),), task_id=lease.session.task_id))

    assert "zombie" not in contents(await store.messages("s-1"))
    assert (await store.get("s-1")).state is State.FAILED
