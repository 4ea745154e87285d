"""The store of jobs of clients and of their runs. What a client wants done is sealed."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from outrider.identities.sealing import Sealer
from outrider.interfaces.schedules import JobState, MissedRuns, Plan, Run, RunState, ScheduledJob
from outrider.interfaces.sessions import SessionRecord
from outrider.problems import OutriderError
from outrider.storage.database import Database
from outrider.storage.purging import purged
from outrider.storage.rows import session_of
from outrider.storage.schema import job_runs, scheduled_jobs, sessions

__all__ = ["JobRows", "SqlScheduleStore", "run_of"]

_SECRET: Final = ("task", "start_url")
#: In place of what is sealed, for who only wants to know when: one that can't be opened is not to hold up the others.
_UNTOLD: Final[Mapping[str, Any]] = {"task": "", "start_url": None}
_OPEN: Final = [RunState.PENDING.value, RunState.RUNNING.value]
_BY_ID: Final = select(scheduled_jobs).where(scheduled_jobs.c.id == bindparam("job_id"))


class JobRows:
    """Jobs as rows of their table, and back."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def row_of(self, job: ScheduledJob) -> dict[str, Any]:
        plan = asdict(job.plan)
        secret = {name: plan.pop(name) for name in _SECRET}
        plan["run_at"] = plan["run_at"] and plan["run_at"].isoformat()
        return {
            "id": job.id,
            "organisation_id": job.organisation_id,
            "external_id": job.plan.external_id,
            "agent_name": job.plan.agent_name,
            "plan": plan,
            "sealed": self._sealer.seal(orjson.dumps(secret), _context(job.id)),
            "state": job.state.value,
            "next_run_at": job.next_run_at,
            "key_id": job.key_id,
            "agents": None if job.agents is None else sorted(job.agents),
            "version": job.version,
            "created_at": job.created_at,
            "updated_at": job.updated_at,
        }

    def job_of(self, row: Row[Any]) -> ScheduledJob:
        """Raises SECRET_UNREADABLE."""
        return _job_of(row, orjson.loads(self._sealer.open(row.sealed, _context(row.id))))


class SqlScheduleStore:
    """``interfaces.schedules.ScheduleStore`` on a ``Database``."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._rows = JobRows(sealer)

    async def add(self, job: ScheduledJob, *, limit: int) -> None:
        row = self._rows.row_of(job)
        await self._database.write(lambda connection: _add(connection, row, limit))

    async def get(self, organisation_id: str, job_id: str) -> ScheduledJob:
        row = await self._database.read(lambda connection: _get(connection, organisation_id, job_id))
        return self._rows.job_of(row)

    async def change(self, job: ScheduledJob, *, version: int) -> None:
        row = self._rows.row_of(job)
        await self._database.write(lambda connection: _change(connection, row, version))

    async def remove(self, organisation_id: str, job_id: str, *, version: int) -> None:
        await self._database.write(lambda connection: _remove(connection, organisation_id, job_id, version))

    async def due(self, now: datetime, limit: int) -> tuple[ScheduledJob, ...]:
        query = select(scheduled_jobs).where(scheduled_jobs.c.next_run_at <= now)
        query = query.order_by(scheduled_jobs.c.next_run_at).limit(limit)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return tuple(_job_of(row, _UNTOLD) for row in rows)

    async def next_due(self) -> datetime | None:
        earliest = select(func.min(scheduled_jobs.c.next_run_at))
        return await self._database.read(lambda connection: connection.execute(earliest).scalar_one())

    async def begin(self, job: ScheduledJob, run: Run, next_run_at: datetime | None) -> None:
        await self._database.write(lambda connection: _begin(connection, job, run, next_run_at))

    async def runs(self, states: Collection[RunState], job_id: str | None = None) -> tuple[Run, ...]:
        query = select(job_runs).where(job_runs.c.state.in_([state.value for state in states]))
        if job_id is not None:
            query = query.where(job_runs.c.job_id == job_id)
        query = query.order_by(job_runs.c.scheduled_for, job_runs.c.id)
        return await self._database.read(lambda connection: tuple(map(run_of, connection.execute(query))))

    async def run(self, run_id: str) -> Run | None:
        query = select(job_runs).where(job_runs.c.id == run_id)
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else run_of(row)

    async def change_run(self, run_id: str, expected: Collection[RunState], changes: Mapping[str, Any]) -> bool:
        mine = job_runs.c.id == run_id, job_runs.c.state.in_([state.value for state in expected])
        change = update(job_runs).where(*mine).values(**changes)
        return await self._database.write(lambda connection: connection.execute(change).rowcount) == 1

    async def purge_runs(self, before: datetime) -> int:
        return await purged(self._database, job_runs, job_runs.c.ended_at, before)

    async def running(self) -> tuple[tuple[Run, SessionRecord | None], ...]:
        return await self._database.read(_running)


def _job_of(row: Row[Any], told: Mapping[str, Any]) -> ScheduledJob:
    plan = row.plan | told
    plan["run_at"] = plan["run_at"] and datetime.fromisoformat(plan["run_at"])
    plan["missed_runs"] = MissedRuns(plan["missed_runs"])
    return ScheduledJob(
        id=row.id,
        organisation_id=row.organisation_id,
        plan=Plan(**plan),
        state=JobState(row.state),
        next_run_at=row.next_run_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
        key_id=row.key_id,
        agents=None if row.agents is None else frozenset(row.agents),
    )


def run_of(row: Row[Any]) -> Run:
    values = {name: getattr(row, name) for name in Run.__dataclass_fields__}
    return Run(**values | {"state": RunState(row.state)})


def _add(connection: Connection, row: Mapping[str, Any], limit: int) -> None:
    mine = scheduled_jobs.c.organisation_id == row["organisation_id"]
    if connection.execute(select(func.count()).select_from(scheduled_jobs).where(mine)).scalar_one() >= limit:
        raise OutriderError("JOB_LIMIT_REACHED", limit=limit)
    connection.execute(insert(scheduled_jobs), row)


def _get(connection: Connection, organisation_id: str, job_id: str) -> Row[Any]:
    row = connection.execute(_BY_ID, {"job_id": job_id}).one_or_none()
    if row is None:
        raise OutriderError("JOB_NOT_FOUND", job=job_id)
    if row.organisation_id != organisation_id:
        raise OutriderError("CLIENT_FORBIDDEN", oid=job_id)
    return row


def _change(connection: Connection, row: Mapping[str, Any], version: int) -> None:
    _check_version(_get(connection, row["organisation_id"], row["id"]), version)
    connection.execute(update(scheduled_jobs).where(scheduled_jobs.c.id == row["id"]).values(**row))


def _remove(connection: Connection, organisation_id: str, job_id: str, version: int) -> None:
    _check_version(_get(connection, organisation_id, job_id), version)
    connection.execute(delete(scheduled_jobs).where(scheduled_jobs.c.id == job_id))


def _check_version(row: Row[Any], version: int) -> None:
    if row.version != version:
        raise OutriderError("VERSION_CONFLICT", current=row.version, expected=version)


def _begin(connection: Connection, job: ScheduledJob, run: Run, next_run_at: datetime | None) -> None:
    mine = scheduled_jobs.c.id == job.id
    after: dict[str, Any] = {"next_run_at": next_run_at}
    if next_run_at is None:
        after["state"] = JobState.COMPLETED.value
    unchanged = scheduled_jobs.c.next_run_at == job.next_run_at
    if connection.execute(update(scheduled_jobs).where(mine, unchanged).values(**after)).rowcount == 0:
        return
    of_job = select(job_runs.c.id).where(job_runs.c.job_id == job.id)
    if connection.execute(of_job.where(job_runs.c.id == run.id)).first() is not None:
        return
    if run.state is RunState.PENDING and connection.execute(of_job.where(job_runs.c.state.in_(_OPEN))).first():
        text = "The run before it was still under way."
        run = replace(run, state=RunState.SKIPPED, ended_at=run.scheduled_for, outcome=text)
    connection.execute(insert(job_runs), asdict(run) | {"state": run.state.value})


def _running(connection: Connection) -> tuple[tuple[Run, SessionRecord | None], ...]:
    runs = connection.execute(select(job_runs).where(job_runs.c.state == RunState.RUNNING.value)).all()
    ids = [run.session_id for run in runs]
    found = connection.execute(select(sessions).where(sessions.c.id.in_(ids)))
    records = {row.id: session_of(row) for row in found}
    return tuple((run_of(run), records.get(run.session_id)) for run in runs)


def _context(job_id: str) -> bytes:
    return f"scheduled job:{job_id}".encode()
