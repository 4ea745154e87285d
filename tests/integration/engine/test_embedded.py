"""The embedded engine on a real file: no task left behind, a locked database survived, two processes fenced."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import aclosing, closing
from pathlib import Path

import pytest
from tests.contract.builders import SECONDS, contents, log_entry, ready, spec, user_says, worker

from outrider.engine import EmbeddedEngine
from outrider.interfaces.sessions import Change, SessionFencedError, State
from outrider.storage import Database, SqlJobStore, SqlSessionStore


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await Database.open(tmp_path / "outrider.db") as opened:
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


async def test_a_cancelled_worker_loses_no_session(database: Database) -> None:
    async with engine_on(database) as engine:
        await engine.create(spec())
        taking = asyncio.ensure_future(anext(engine.leases(1)))
        await asyncio.sleep(0)  # it is making the lease
        taking.cancel()
        await asyncio.gather(taking, return_exceptions=True)

        async with asyncio.timeout(SECONDS):
            assert (await anext(engine.leases(1))).session.id == "s-1"


async def test_an_owner_of_another_process_is_fenced(database: Database, tmp_path: Path) -> None:
    store = SqlSessionStore(database)
    await ready(store)
    async with engine_on(database) as engine:
        await engine.send("s-1", user_says("buy"))
        async with asyncio.timeout(SECONDS):
            lease = await anext(engine.leases(1))
        await lease.append(Change(entries=(log_entry("step"),), task_id=lease.session.task_id))

        async with await Database.open(tmp_path / "outrider.db") as other, engine_on(other):
            with pytest.raises(SessionFencedError):
                await lease.append(Change(entries=(log_entry("zombie"),), task_id=lease.session.task_id))

    assert "zombie" not in contents(await store.messages("s-1"))
    assert (await store.get("s-1")).state is State.FAILED
