"""Runs of jobs on the real engine, record and gate, with small owners of sessions."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from tests.contract.builders import SECONDS, echo, own

from outrider.config import Settings
from outrider.engine import EmbeddedEngine
from outrider.identities.authentication import Authentication
from outrider.identities.sealing import Sealer
from outrider.interfaces.identities import Organisation, Principal
from outrider.interfaces.schedules import JobState, Plan, Run, RunState, ScheduledJob
from outrider.interfaces.sessions import Call, Change, Command, Entry, Lease, Message, MessageType
from outrider.jobs.admission import RunAdmission
from outrider.jobs.operations import JobOperations
from outrider.jobs.runs import BEGIN_RUNS, SETTLE_RUNS, START_RUN, Runs
from outrider.screening.content import Screener
from outrider.server.limits import open_limits
from outrider.sessions.expiry import EXPIRE, Expiry
from outrider.sessions.operations import SessionOperations
from outrider.storage import (
    Database,
    SqlAuditStore,
    SqlCreditStore,
    SqlJobStore,
    SqlKeyStore,
    SqlScheduleStore,
    SqlSessionStore,
    SqlSnapshotStore,
)

ME = Principal("mine", "key_1", "aaaaa")
SEALER = Sealer([bytes(32)])


class DeadError(Exception):
    """The server is no more."""


class Life:
    """So many steps; after the last one nothing is done any more."""

    def __init__(self, steps: int | None = None) -> None:
        self.left = steps
        self.over = asyncio.Event()

    def step(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.over.set()
                raise DeadError


class Mortal:
    """Passes calls on, and dies before or after one of them."""

    def __init__(self, inner: Any, life: Life) -> None:
        self._inner = inner
        self._life = life

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._inner, name)

        async def call(*arguments: Any, **named: Any) -> Any:
            self._life.step()
            result = await method(*arguments, **named)
            self._life.step()
            return result

        return call


async def eventually(is_so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(SECONDS):
        while not await is_so():  # noqa: ASYNC110 - another part of the house writes it into the record
            await asyncio.sleep(0.01)


@dataclass
class House:
    jobs: JobOperations
    runs: Runs
    store: SqlScheduleStore
    sessions: SqlSessionStore
    keys: SqlKeyStore
    credits: SqlCreditStore
    queue: SqlJobStore
    operations: SessionOperations
    life: Life

    async def run_of(self, job: ScheduledJob, *states: RunState) -> Run:
        """The job's only run, when it is in one of these states."""
        found: tuple[Run, ...] = ()

        async def is_there() -> bool:
            nonlocal found
            found = await self.store.runs(states, job.id)
            return bool(found)

        await eventually(is_there)
        (run,) = found
        return run

    async def log(self, run: Run) -> tuple[Message, ...]:
        return await self.sessions.messages(run.session_id)


async def finishing(lease: Lease) -> None:
    """Finishes every task with its own text."""
    await own(lease, _finish)


async def _finish(lease: Lease, item: Command | Call) -> None:
    if isinstance(item, Command) and item.kind == "message":
        await echo(lease, item)


async def asking(lease: Lease) -> None:
    """Asks about every task."""
    await own(lease, _ask)


async def _ask(lease: Lease, item: Command | Call) -> None:
    if isinstance(item, Command) and item.kind == "message":
        question = Entry(MessageType.QUESTION, "Which one?")
        await lease.append(Change("asked", (question,), consumes=(item.id,), task_id=lease.session.task_id))


async def idling(lease: Lease) -> None:
    """Takes tasks and never ends them."""
    await own(lease, _ignore)


async def _ignore(lease: Lease, item: Command | Call) -> None:
    del lease, item


@asynccontextmanager
async def house(
    folder: Path, owner: Any = finishing, steps: int | None = None, **settings: Any
) -> AsyncIterator[House]:
    given, life = Settings(data_dir=folder, **settings), Life(steps)
    async with await Database.open(given.database_path) as database, open_limits(database, given) as limits:
        sessions, store, keys = SqlSessionStore(database), SqlScheduleStore(database, SEALER), SqlKeyStore(database)
        if await keys.find_organisation("mine") is None:
            await keys.add_organisation(Organisation(id="mine", short_name="mine"))
        queue = SqlJobStore(database)
        engine = EmbeddedEngine(sessions, queue, max_sessions=4, grace_seconds=0.1)
        hour = timedelta(hours=1)
        expiry = Expiry(
            engine, sessions, keys.find_organisation, idle=hour, retention=hour, now=lambda: datetime.now(UTC)
        )
        screener = Screener.of(given, SqlAuditStore(database))
        operations = SessionOperations(engine, sessions, SqlSnapshotStore(database), expiry, {"scout"}, given, screener)
        mortal: Any = Mortal(store, life)
        gate = limits.admission(cast(Authentication, None), screener)
        admission = RunAdmission(keys, gate, operations.agents, operations.prices)
        runs = Runs(mortal, engine, sessions, Mortal(operations, life), admission)  # type: ignore[arg-type]
        for kind, handler in (
            (EXPIRE, expiry.expire), (BEGIN_RUNS, runs.begin), (START_RUN, runs.start), (SETTLE_RUNS, runs.settle)
        ):  # fmt: skip
            engine.handle(kind, handler)

        async def work() -> None:
            async with asyncio.TaskGroup() as group:
                async for lease in engine.leases(4):
                    group.create_task(owner(lease))

        async with engine:
            await engine.enqueue(BEGIN_RUNS, {}, at=datetime.now(UTC), key=BEGIN_RUNS)
            worker = asyncio.create_task(work())
            jobs = JobOperations(store, runs, operations.agents, screener.admit)
            yield House(jobs, runs, store, sessions, keys, SqlCreditStore(database), queue, operations, life)
            await engine.stop()
            async with asyncio.timeout(SECONDS):
                await worker


def once(**changes: Any) -> Plan:
    """Due now."""
    now = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    return Plan(**{"name": "Prices", "task": "Read the price.", "run_at": now, **changes})


async def stored(folder: Path, plan: Plan, due: datetime | None = None) -> ScheduledJob:
    """A job that an earlier server has stored."""
    due = due or datetime.now(UTC)
    job = ScheduledJob("job_1", "mine", plan, JobState.SCHEDULED, due, due, due)
    async with await Database.open(Settings(data_dir=folder).database_path) as database:
        await SqlScheduleStore(database, SEALER).add(job, limit=1)
    return job
