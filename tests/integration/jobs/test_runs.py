"""Runs of jobs on the real engine and record, with small owners of sessions; the server dies at every moment."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.contract.builders import SECONDS, echo, own

from outrider.config import Settings
from outrider.engine import EmbeddedEngine
from outrider.identities.sealing import Sealer
from outrider.interfaces.identities import Principal
from outrider.interfaces.schedules import JobState, MissedRuns, Plan, Run, RunState, ScheduledJob
from outrider.interfaces.sessions import Call, Change, Command, Entry, Lease, Message, MessageType, State
from outrider.jobs import runs as module
from outrider.jobs.operations import JobOperations
from outrider.jobs.runs import BEGIN_RUNS, SETTLE_RUNS, START_RUN, Runs
from outrider.screening.content import Screener
from outrider.sessions.expiry import EXPIRE, Expiry
from outrider.sessions.operations import SessionOperations
from outrider.storage import (
    Database,
    SqlAuditStore,
    SqlJobStore,
    SqlKeyStore,
    SqlScheduleStore,
    SqlSessionStore,
    SqlSnapshotStore,
)

ME = Principal("mine", "key_1", "aaaaa")
SEALER = Sealer([bytes(32)])
SECRET = "with the password hunter2-horse"


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SETTLE_SECONDS", 0.02)


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
    store: SqlScheduleStore
    sessions: SqlSessionStore
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
    async with await Database.open(given.database_path) as database:
        sessions, store = SqlSessionStore(database), SqlScheduleStore(database, SEALER)
        engine = EmbeddedEngine(sessions, SqlJobStore(database), max_sessions=4, grace_seconds=0.1)
        hour = timedelta(hours=1)
        organisations = SqlKeyStore(database).find_organisation
        expiry = Expiry(engine, sessions, organisations, idle=hour, retention=hour, now=lambda: datetime.now(UTC))
        screener = Screener.of(given, SqlAuditStore(database))
        operations = SessionOperations(engine, sessions, SqlSnapshotStore(database), expiry, {"scout"}, given, screener)
        mortal: Any = Mortal(store, life)
        runs = Runs(mortal, engine, sessions, Mortal(operations, life))  # type: ignore[arg-type]
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
            yield House(jobs, store, sessions, life)
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


async def test_a_run_has_a_session_of_its_own_and_is_recorded_to_its_end(tmp_path: Path) -> None:
    async with house(tmp_path) as opened:
        job = await opened.jobs.create(ME, once())
        run = await opened.run_of(job, RunState.FINISHED)
        after = await opened.jobs.get(ME, job.id)
        log = await opened.log(run)

        assert (run.outcome, run.code, run.scheduled_for) == ("Read the price.", None, job.next_run_at)
        assert run.started_at is not None
        assert run.ended_at is not None
        assert (after.state, after.next_run_at, after.version) == (JobState.COMPLETED, None, 1)
        assert [message.type for message in log[:2]] == [MessageType.USER, MessageType.DONE]

        async def is_over() -> bool:
            return (await opened.sessions.get(run.session_id)).state is State.EXPIRED

        await eventually(is_over)


async def test_the_session_stays_for_who_wants_that(tmp_path: Path) -> None:
    async with house(tmp_path) as opened:
        run = await opened.run_of(await opened.jobs.create(ME, once(keep_session=True)), RunState.FINISHED)

        assert (await opened.sessions.get(run.session_id)).state is State.FINISHED


async def test_a_run_that_asks_ends_unless_somebody_is_there(tmp_path: Path) -> None:
    async with house(tmp_path, asking) as opened:
        alone = await opened.jobs.create(ME, once())
        attended = await opened.jobs.create(ME, once(presence_requested=True))
        run = await opened.run_of(alone, RunState.FAILED)
        waiting = await opened.run_of(attended, RunState.RUNNING)

        async def is_asked() -> bool:
            return (await opened.sessions.get(waiting.session_id)).state is State.WAITING

        assert run.code == "RUN_UNATTENDED"
        assert "Which one?" in (run.outcome or "")
        await eventually(is_asked)
        assert (await opened.run_of(attended, RunState.RUNNING)) == waiting


@pytest.mark.parametrize("deed", ["cancel", "delete"])
async def test_who_ends_a_job_ends_its_run(tmp_path: Path, deed: str) -> None:
    async with house(tmp_path, idling) as opened:
        job = await opened.jobs.create(ME, once())
        run = await opened.run_of(job, RunState.RUNNING)
        await getattr(opened.jobs, deed)(await opened.jobs.get(ME, job.id))

        assert (await opened.sessions.get(run.session_id)).state is State.EXPIRED
        ended = await opened.store.run(run.id)
        assert ended is None if deed == "delete" else ended is not None and ended.state is RunState.CANCELLED


async def test_a_job_that_is_over_can_be_cancelled_while_its_run_is_under_way(tmp_path: Path) -> None:
    async with house(tmp_path, idling) as opened:
        job = await opened.jobs.create(ME, once())
        run = await opened.run_of(job, RunState.RUNNING)
        assert (await opened.jobs.get(ME, job.id)).state is JobState.COMPLETED

        await opened.jobs.cancel(await opened.jobs.get(ME, job.id))

        ended = await opened.store.run(run.id)
        assert ended is not None
        assert ended.state is RunState.CANCELLED


async def test_what_is_due_while_the_run_before_is_under_way_is_left_out(tmp_path: Path) -> None:
    async with house(tmp_path, idling) as opened:
        job = await opened.jobs.create(ME, Plan("Prices", "Read it.", cron="* * * * *"))
        due = datetime.now(UTC).replace(microsecond=0)
        for minutes in (0, 1):
            seen = await opened.store.get("mine", job.id)
            at = due + timedelta(minutes=minutes)
            run = Run(f"{job.id}.{minutes}", job.id, "mine", at, RunState.PENDING, f"session-{minutes}")
            await opened.store.begin(seen, run, due + timedelta(days=1, minutes=minutes))

        skipped = await opened.run_of(job, RunState.SKIPPED)
        assert skipped.scheduled_for == due + timedelta(minutes=1)
        assert skipped.outcome == "The run before it was still under way."


@pytest.mark.parametrize(("policy", "state"), [(MissedRuns.SKIP, "skipped"), (MissedRuns.RUN_ONCE, "finished")])
async def test_runs_that_were_missed_follow_the_jobs_policy(tmp_path: Path, policy: MissedRuns, state: str) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    minute = (now - timedelta(minutes=30)).minute
    plan = Plan("Prices", "Read the price.", cron=f"{minute} * * * *", missed_runs=policy)
    due = (now - timedelta(hours=5)).replace(minute=minute, second=0)
    job = await stored(tmp_path, plan, due)

    async with house(tmp_path) as opened:
        run = await opened.run_of(job, RunState(state))
        after = await opened.store.get("mine", "job_1")

        assert now - timedelta(minutes=31) < run.scheduled_for < now - timedelta(minutes=29)
        assert after.next_run_at == run.scheduled_for + timedelta(hours=1)


async def test_what_is_to_be_done_can_not_be_read_in_the_database(tmp_path: Path) -> None:
    later = datetime.now(UTC).replace(tzinfo=None, microsecond=0) + timedelta(days=1)
    async with house(tmp_path) as opened:
        job = await opened.jobs.create(ME, once(task=f"Log in {SECRET}", run_at=later))

        assert (await opened.jobs.get(ME, job.id)).plan.task == f"Log in {SECRET}"
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())  # noqa: ASYNC240
    assert b"Prices" in stored
    assert SECRET.encode() not in stored


async def test_wherever_the_server_dies_there_is_one_run_one_session_and_one_task(tmp_path: Path) -> None:
    """Killed before or after each of the calls that make a run; then another server does the rest."""
    steps, died = 0, True
    while died:
        folder = tmp_path / str(steps)
        job = await stored(folder, once())
        async with house(folder, steps=steps) as opened:
            ends = [asyncio.ensure_future(opened.life.over.wait()), asyncio.ensure_future(_ended(opened, job))]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            died = opened.life.over.is_set()
            for end in ends:
                end.cancel()
            await asyncio.gather(*ends, return_exceptions=True)
        async with house(folder) as opened:
            await _check(opened, job)
        steps += 3  # so that it is before a call as often as after one
    assert steps > 20


async def _ended(opened: House, job: ScheduledJob) -> Run:
    return await opened.run_of(job, RunState.FINISHED, RunState.FAILED)


async def _check(opened: House, job: ScheduledJob) -> None:
    run = await _ended(opened, job)
    told = [message for message in await opened.log(run) if message.type is MessageType.USER]

    assert run.code in (None, "SESSION_INTERRUPTED")
    assert [message.content for message in told] == [job.plan.task]
    assert {session.id for session in await opened.sessions.of_organisation("mine")} <= {run.session_id}
    assert len(await opened.store.runs(tuple(RunState), job.id)) == 1
