"""What clients can do to jobs.

Every operation takes the principal, and answers JOB_NOT_FOUND for a job that does not exist, CLIENT_FORBIDDEN for one
of another organisation. ``version`` is the one that the client has seen: VERSION_CONFLICT when it is no longer that.
"""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from outrider.interfaces.identities import Principal
from outrider.interfaces.schedules import JobState, Plan, ScheduledJob, ScheduleStore
from outrider.jobs.runs import Runs
from outrider.jobs.schedule import first_run
from outrider.problems import OutriderError
from outrider.protocol.urls import check_url
from outrider.sessions.creation import Agents

__all__ = ["JobOperations"]

#: Of one organisation.
JOBS: Final = 1000
_ID_CHARACTERS: Final = 64


class JobOperations:
    """The operations on jobs. Stateless; one instance serves all requests."""

    def __init__(
        self,
        store: ScheduleStore,
        runs: Runs,
        agents: Agents,
        admit: Callable[[str, str, str], Awaitable[object]],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``admit`` raises what screening has against (organisation, id, task)."""
        self._store = store
        self._runs = runs
        self._agents = agents
        self._admit = admit
        self._now = now

    async def create(self, principal: Principal, plan: Plan) -> ScheduledJob:
        """A new job.

        Raises SCHEDULE_INVALID, INVALID_URL, AGENT_UNKNOWN, AGENT_NOT_ALLOWED, REQUEST_BLOCKED, JOB_LIMIT_REACHED.
        """
        job_id, now = f"job_{secrets.token_hex(12)}", self._now()
        next_run_at = first_run(plan, now)
        await self._check(principal, job_id, plan)
        job = ScheduledJob(
            job_id, principal.organisation_id, plan, JobState.SCHEDULED, next_run_at, now, now, **_standing(principal)
        )
        await self._store.add(job, limit=JOBS)
        await self._runs.wake()
        return job

    async def get(self, principal: Principal, job_id: str) -> ScheduledJob:
        """The job as it is now."""
        if len(job_id) > _ID_CHARACTERS:  # an error repeats it
            raise OutriderError("JOB_NOT_FOUND", job=f"{job_id[:_ID_CHARACTERS]}…")
        return await self._store.get(principal.organisation_id, job_id)

    async def change(self, principal: Principal, seen: ScheduledJob, plan: Plan) -> ScheduledJob:
        """Put a plan in place of that of the job, as the client has seen it. Raises as ``create`` does, and JOB_ENDED.

        A schedule that stays the same goes on from where it is. From now on the job stands for this principal's key.
        """
        if plan == seen.plan:
            return seen
        if seen.state is not JobState.SCHEDULED:
            raise OutriderError("JOB_ENDED", job=seen.id, state=seen.state.value)
        next_run_at = seen.next_run_at if _clock(plan) == _clock(seen.plan) else first_run(plan, self._now())
        await self._check(principal, seen.id, plan)
        changed = await self._replace(seen, plan=plan, next_run_at=next_run_at, **_standing(principal))
        await self._runs.wake()
        return changed

    async def cancel(self, seen: ScheduledJob) -> ScheduledJob:
        """End a job, and the run that is under way. Nothing happens to one that is over already."""
        runs = await self._runs.under_way(seen.id)
        if seen.state is not JobState.SCHEDULED and not runs:
            return seen
        cancelled = await self._replace(seen, state=JobState.CANCELLED, next_run_at=None)
        await self._runs.end(await self._runs.under_way(seen.id))
        return cancelled

    async def delete(self, seen: ScheduledJob) -> None:
        """Remove a job with the record of its runs; a run that is under way ends. Their sessions stay on record."""
        runs = await self._runs.under_way(seen.id)
        await self._store.remove(seen.organisation_id, seen.id, version=seen.version)
        await self._runs.end(runs)

    async def _replace(self, seen: ScheduledJob, **changes: Any) -> ScheduledJob:
        changed = replace(seen, updated_at=self._now(), version=seen.version + 1, **changes)
        await self._store.change(changed, version=seen.version)
        return changed

    async def _check(self, principal: Principal, job_id: str, plan: Plan) -> None:
        if plan.start_url is not None:
            check_url(plan.start_url)
        agents = self._agents.of(principal)
        agents.model_of(plan.agent_name or agents.default)
        await self._admit(principal.organisation_id, job_id, plan.task)


def _standing(principal: Principal) -> dict[str, Any]:
    return {"key_id": principal.key_id, "agents": principal.agents}


def _clock(plan: Plan) -> tuple[object, ...]:
    """What decides when the job is due."""
    return plan.run_at, plan.cron, plan.time_zone
