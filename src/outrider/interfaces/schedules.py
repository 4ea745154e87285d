"""Jobs of clients: tasks for agents that are due once or again and again, their runs, and the store of both.

Times are aware UTC datetimes, but ``Plan.run_at``, which is a time on the clock of the job's zone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from outrider.interfaces.sessions import SessionRecord

__all__ = ["JobState", "MissedRuns", "Plan", "Run", "RunState", "ScheduleStore", "ScheduledJob"]


class JobState(StrEnum):
    """Where a job is."""

    SCHEDULED = "scheduled"
    #: Nothing is due any more.
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class RunState(StrEnum):
    """Where a run is."""

    #: Due; its session is still to be made.
    PENDING = "pending"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    #: It was due, and was left out.
    SKIPPED = "skipped"


class MissedRuns(StrEnum):
    """What becomes of the runs that were due while no server ran."""

    SKIP = "skip"
    #: One run makes up for all of them.
    RUN_ONCE = "run_once"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a client says of a job."""

    name: str
    task: str
    external_id: str | None = None
    start_url: str | None = None
    #: None is the server's default.
    agent_name: str | None = None
    max_steps: int | None = None
    #: Once, at this time on the clock of ``time_zone``; without a zone of its own.
    run_at: datetime | None = None
    #: Again and again: minute, hour, day of month, month, day of week.
    cron: str | None = None
    #: As the IANA database names it.
    time_zone: str = "UTC"
    missed_runs: MissedRuns = MissedRuns.RUN_ONCE
    #: The session stays when the run is over, until it is idle for long enough.
    keep_session: bool = False
    #: For people.
    priority: str = "Low"
    #: Somebody is there to answer questions; else a run ends at its first.
    presence_requested: bool = False


@dataclass(frozen=True, slots=True)
class ScheduledJob:
    """A stored job."""

    id: str
    organisation_id: str
    plan: Plan
    state: JobState
    #: None when nothing is due any more.
    next_run_at: datetime | None
    created_at: datetime
    updated_at: datetime
    #: Raised by each change that a client makes.
    version: int = 1
    #: The key or token that made it, or changed it last: the job may use what that may.
    key_id: str = ""
    #: The only agents that it might use then; None for all. Of a token nothing else is known later.
    agents: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job. There is at most one for a job and a time, and at most one session for a run."""

    #: Made of the job's id and ``scheduled_for``: whoever makes the run again makes the same one.
    id: str
    job_id: str
    organisation_id: str
    scheduled_for: datetime
    state: RunState
    #: Chosen with the run; the session is made later.
    session_id: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    #: Of what it failed with, or waits for.
    code: str | None = None
    #: The answer, or why there is none.
    outcome: str | None = None


class ScheduleStore(Protocol):
    """The record of jobs and runs. Every method is one transaction, durable when it returns. Raises STORAGE_FAILED.

    Methods that take an organisation raise JOB_NOT_FOUND, and CLIENT_FORBIDDEN for a job of another one.
    """

    async def add(self, job: ScheduledJob, *, limit: int) -> None:
        """Store a new job. Raises JOB_LIMIT_REACHED when the organisation has ``limit`` of them."""
        ...

    async def get(self, organisation_id: str, job_id: str) -> ScheduledJob: ...

    async def change(self, job: ScheduledJob, *, version: int) -> None:
        """Put ``job`` in place of the stored one. Raises VERSION_CONFLICT unless that has this version."""
        ...

    async def remove(self, organisation_id: str, job_id: str, *, version: int) -> None:
        """Remove a job with its runs. Raises VERSION_CONFLICT."""
        ...

    async def due(self, now: datetime, limit: int) -> tuple[ScheduledJob, ...]:
        """Jobs whose next run is due, the longest first. What they are told is not opened: their tasks are empty."""
        ...

    async def next_due(self) -> datetime | None:
        """When the next run of any job is due."""
        ...

    async def begin(self, job: ScheduledJob, run: Run, next_run_at: datetime | None) -> None:
        """Record a run and what is due after it, as one change. Nothing happens if the job was changed meanwhile.

        A run that is due while another of the same job is under way is recorded as skipped.
        """
        ...

    async def runs(self, states: Collection[RunState], job_id: str | None = None) -> tuple[Run, ...]:
        """Runs in these states, the oldest first; of one job, or of all."""
        ...

    async def run(self, run_id: str) -> Run | None: ...

    async def change_run(self, run_id: str, expected: Collection[RunState], changes: Mapping[str, Any]) -> bool:
        """Change fields of a run; False, with nothing changed, unless it is in one of the expected states."""
        ...

    async def purge_runs(self, before: datetime) -> int:
        """Remove runs that ended before that, and say how many they were."""
        ...

    async def running(self) -> tuple[tuple[Run, SessionRecord | None], ...]:
        """Runs under way, each with its session, if that still is there."""
        ...
