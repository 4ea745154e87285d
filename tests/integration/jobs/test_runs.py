"""Runs of jobs on the real engine and record, with small owners of sessions; the server dies at every moment."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from tests.integration.jobs.house import ME, House, asking, eventually, house, idling, once, stored

from outrider.config import Settings
from outrider.interfaces.schedules import JobState, MissedRuns, Plan, Run, RunState, ScheduledJob
from outrider.interfaces.sessions import MessageType, State
from outrider.storage import Database
from outrider.storage.schema import scheduled_jobs

SECRET = "with the password hunter2-horse"


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


async def spoil(folder: Path, **columns: Any) -> None:
    """The only stored job gets other columns."""
    async with await Database.open(Settings(data_dir=folder).database_path) as database:
        await database.write(lambda connection: connection.execute(update(scheduled_jobs).values(**columns)))


GONE: dict[str, Any] = {
    "name": "x", "cron": "* * * * *", "time_zone": "Gone/Away", "run_at": None, "missed_runs": "skip"
}  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "code"),
    [({"sealed": b"sealed with a key that is lost"}, "SECRET_UNREADABLE"), ({"plan": GONE}, "SCHEDULE_INVALID")],
)
async def test_a_job_that_can_not_be_done_any_more_holds_up_no_other(
    tmp_path: Path, columns: dict[str, Any], code: str
) -> None:
    spoilt = await stored(tmp_path, once())
    await spoil(tmp_path, **columns)
    async with house(tmp_path) as opened:
        failed = await opened.run_of(spoilt, RunState.FAILED)
        await opened.run_of(await opened.jobs.create(ME, once()), RunState.FINISHED)

        assert failed.code == code
        assert failed.ended_at is not None
        assert await opened.store.next_due() is None


async def test_nothing_is_begun_for_an_organisation_that_is_removed(tmp_path: Path) -> None:
    async with house(tmp_path) as opened:
        job = await opened.jobs.create(ME, Plan("Prices", "Read it.", cron="* * * * *"))
        await opened.keys.remove_organisation("mine")
        after = await opened.jobs.get(ME, job.id)

        assert (after.state, after.next_run_at, after.version) == (JobState.CANCELLED, None, 2)
        assert await opened.store.next_due() is None


async def test_runs_are_forgotten_with_their_retention_unless_they_are_under_way(tmp_path: Path) -> None:
    async with house(tmp_path, idling) as opened:
        cancelled, job = [await opened.jobs.create(ME, once()) for _ in range(2)]
        await opened.run_of(cancelled, RunState.RUNNING)
        await opened.jobs.cancel(await opened.jobs.get(ME, cancelled.id))
        ended = await opened.run_of(cancelled, RunState.CANCELLED)
        assert ended.ended_at is not None

        assert await opened.store.purge_runs(ended.ended_at) == 0
        assert await opened.store.purge_runs(ended.ended_at + timedelta(days=1)) == 1
        assert await opened.store.runs(tuple(RunState), cancelled.id) == ()
        await opened.run_of(job, RunState.RUNNING)


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
