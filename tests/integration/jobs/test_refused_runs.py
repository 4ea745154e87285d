"""Runs at the gate: what passes by itself is tried again, what needs somebody to do something has failed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.integration.jobs.house import ME, House, eventually, house, once

from outrider.config import TaskPrice
from outrider.identities.keys import issue_key
from outrider.interfaces.credits import Balance
from outrider.interfaces.identities import Principal
from outrider.interfaces.schedules import JobState, Run, RunState, ScheduledJob
from outrider.jobs import runs as module
from outrider.jobs.runs import START_RUN
from outrider.problems import OutriderError
from outrider.sessions.creation import NewSession

PRICES: dict[str, Any] = {"prices": {"agi-0": TaskPrice(task=5)}}


async def refused(opened: House, job: ScheduledJob, code: str) -> Run:
    """The job's run, when it waits with that code."""
    run = await opened.run_of(job, RunState.PENDING)

    async def is_told() -> bool:
        nonlocal run
        run = await opened.run_of(job, RunState.PENDING)
        return run.code == code

    await eventually(is_told)
    return run


async def tried_again_at(opened: House, run: Run) -> datetime:
    """When the engine is to start the run."""
    jobs = [job for job in await opened.queue.upcoming(20) if job.key == f"{START_RUN}:{run.id}"]
    return jobs[-1].run_at


async def test_a_run_uses_a_slot_of_the_organisation_and_waits_for_one(tmp_path: Path) -> None:
    async with house(tmp_path, rate_window_seconds=2.0) as opened:
        await opened.keys.change_organisation("mine", {"requests_per_minute": 1})
        jobs = [await opened.jobs.create(ME, once()) for _ in range(2)]
        runs = [await opened.run_of(job, RunState.FINISHED) for job in jobs]

        # A session is made right after its run was let in; when its task then starts is up to the machine.
        first, second = sorted([(await opened.sessions.get(run.session_id)).created_at for run in runs])
        assert second - first >= timedelta(seconds=1)
        assert {run.code for run in runs} == {None}


async def test_a_run_that_is_tried_too_often_waits_until_it_may_be_tried(tmp_path: Path) -> None:
    async with house(tmp_path, rate_window_seconds=600.0) as opened:
        await opened.keys.change_organisation("mine", {"requests_per_minute": 1})
        await opened.run_of(await opened.jobs.create(ME, once()), RunState.FINISHED)
        job = await opened.jobs.create(ME, once())
        run = await refused(opened, job, "RATE_LIMITED")

        async def is_told_to_wait() -> bool:  # a start is nothing while another one of the run is under way
            await opened.runs.start({"run_id": run.id})
            return (await opened.run_of(job, RunState.PENDING)).code == "THROTTLE_IGNORED"

        await eventually(is_told_to_wait)
        assert await tried_again_at(opened, run) - datetime.now(UTC) > timedelta(seconds=500)


@pytest.mark.parametrize("others_are_due", [False, True])
async def test_a_run_waits_for_a_session_to_become_free(tmp_path: Path, others_are_due: bool) -> None:
    async with house(tmp_path) as opened:
        await opened.keys.change_organisation("mine", {"max_sessions": 1})
        other = await opened.operations.create(ME, NewSession())
        job = await opened.jobs.create(ME, once())
        run = await refused(opened, job, "ORGANISATION_LIMIT_REACHED")
        if others_are_due:  # which does not have this one tried earlier
            await opened.runs.begin({})
        soon = await tried_again_at(opened, run) - datetime.now(UTC)

        assert timedelta(seconds=8) < soon <= timedelta(seconds=10)
        assert "may have 1" in (run.outcome or "")
        await opened.operations.delete(ME, other.id)
        await opened.runs.start({"run_id": run.id})
        done = await opened.run_of(job, RunState.FINISHED)
        assert (done.code, done.outcome) == (None, "Read the price.")


async def test_a_run_does_not_wait_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with house(tmp_path) as opened:
        await opened.keys.change_organisation("mine", {"max_sessions": 1})
        await opened.operations.create(ME, NewSession())
        job = await opened.jobs.create(ME, once())
        run = await refused(opened, job, "ORGANISATION_LIMIT_REACHED")
        monkeypatch.setattr(module, "PATIENCE", timedelta(0))
        await opened.runs.start({"run_id": run.id})

        failed = await opened.run_of(job, RunState.FAILED)
        assert (failed.code, failed.started_at) == ("ORGANISATION_LIMIT_REACHED", None)
        assert failed.ended_at is not None


async def test_a_run_without_credits_has_failed_before_it_has_a_session(tmp_path: Path) -> None:
    async with house(tmp_path, **PRICES) as opened:
        await opened.credits.grant("mine", 9, "grant", "")
        paid = await opened.run_of(await opened.jobs.create(ME, once()), RunState.FINISHED)
        failed = await opened.run_of(await opened.jobs.create(ME, once()), RunState.FAILED)

        assert failed.code == "INSUFFICIENT_CREDITS"
        assert "costs 5 credits, and your organisation has 4" in (failed.outcome or "")
        assert await opened.credits.balance("mine") == Balance(4, 0)
        lines = await opened.credits.statement("mine", None, 9)
        assert [(line.kind, line.session_id, line.task_id) for line in lines[:2]] == [
            ("settle", paid.session_id, 1),
            ("hold", paid.session_id, 1),
        ]
        with pytest.raises(OutriderError, match="no session"):
            await opened.sessions.get(failed.session_id)


async def test_of_runs_that_are_due_together_as_many_begin_as_can_be_paid(tmp_path: Path) -> None:
    """Each may have seen the same credits: the ledger has the last word, and no session stays behind."""
    async with house(tmp_path, **PRICES) as opened:
        await opened.credits.grant("mine", 10, "grant", "")
        jobs = [await opened.jobs.create(ME, once()) for _ in range(4)]
        runs = [await opened.run_of(job, RunState.FINISHED, RunState.FAILED) for job in jobs]

        assert sorted(run.code or "" for run in runs) == ["", "", "INSUFFICIENT_CREDITS", "INSUFFICIENT_CREDITS"]
        assert await opened.credits.balance("mine") == Balance(0, 0)

        async def are_over() -> bool:
            return await opened.sessions.of_organisation("mine") == ()

        await eventually(are_over)


async def key_for(opened: House, *agents: str) -> Principal:
    """A key of the organisation for these agents."""
    _, record = issue_key("mine", agents=frozenset(agents))
    await opened.keys.add_key(record)
    return replace(ME, key_id=record.id, agents=record.agents)


async def test_a_run_may_use_what_its_key_may_use_by_then(tmp_path: Path) -> None:
    later = once(run_at=datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1), agent_name="agi-0")
    async with house(tmp_path) as opened:
        who = await key_for(opened, "agi-0")
        job = await opened.jobs.create(who, later)
        await opened.keys.change_key(who.key_id, {"agents": frozenset({"agi-0-fast"})})
        narrowed = await due_now(opened, job)
        assert (narrowed.state, narrowed.code) == (RunState.FAILED, "AGENT_NOT_ALLOWED")

        await opened.keys.change_key(who.key_id, {"agents": None})
        job = await opened.jobs.create(who, later)
        assert (await due_now(opened, job)).state is RunState.FINISHED

        # A key that has ended stays what it was last.
        job = await opened.jobs.create(who, later)
        await opened.keys.revoke_key(who.key_id)
        assert (await due_now(opened, job)).state is RunState.FINISHED


async def due_now(opened: House, job: ScheduledJob) -> Run:
    """The end of a run that is due, whatever the job says."""
    run = Run(f"{job.id}.now", job.id, "mine", datetime.now(UTC), RunState.PENDING, f"session-{job.id}")
    await opened.store.begin(await opened.store.get("mine", job.id), run, None)
    await opened.runs.begin({})
    return await opened.run_of(job, RunState.FINISHED, RunState.FAILED)


async def test_a_job_of_a_token_and_who_changes_a_job(tmp_path: Path) -> None:
    later = once(run_at=datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1))
    async with house(tmp_path) as opened:
        token = replace(ME, key_id="jwt_1", agents=frozenset({"agi-0-fast"}))
        job = await opened.jobs.create(token, later)
        changed = await opened.jobs.change(await key_for(opened, "scout"), job, replace(later, name="Tea"))
        own = await opened.jobs.create(token, later)
        runs = [await due_now(opened, one) for one in (changed, own)]

        agents = [(await opened.sessions.get(run.session_id)).spec.agent_name for run in runs]
        assert agents == ["agi-0", "agi-0-fast"]  # scout stands behind both names


async def test_models_that_the_organisation_has_no_more_are_not_used(tmp_path: Path) -> None:
    later = once(run_at=datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1))
    async with house(tmp_path) as opened:
        job = await opened.jobs.create(ME, later)
        await opened.keys.change_organisation("mine", {"models": frozenset({"other"})})
        assert (await due_now(opened, job)).code == "AGENT_UNKNOWN"


@pytest.mark.parametrize("word", ["removed", "disabled"])
async def test_a_run_of_an_organisation_that_is_served_no_more_has_failed(tmp_path: Path, word: str) -> None:
    later = once(run_at=datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1))
    async with house(tmp_path) as opened:
        others = await opened.jobs.create(replace(ME, organisation_id="theirs"), later)
        job = await opened.jobs.create(ME, later)
        if word == "removed":
            await opened.keys.remove_organisation("mine")
        else:
            await opened.keys.change_organisation("mine", {"disabled": True})
        after = await opened.store.get("mine", job.id)
        failed = await due_now(opened, job)

        ended = (JobState.CANCELLED, None, 2)
        goes_on = (JobState.SCHEDULED, job.next_run_at, 1)
        assert (after.state, after.next_run_at, after.version) == (ended if word == "removed" else goes_on)
        assert (failed.code, failed.outcome) == ("ORGANISATION_CLOSED", f"The organisation was {word}.")
        assert await opened.store.get("theirs", others.id) == others
