"""The record of jobs that are due at a time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from outrider.interfaces.jobs import Job
from outrider.storage.database import Database
from outrider.storage.schema import jobs

__all__ = ["SqlJobStore"]

_UPCOMING: Final = select(jobs).order_by(jobs.c.run_at, jobs.c.id).limit(bindparam("maximum"))


class SqlJobStore:
    """``interfaces.jobs.JobStore`` on a ``Database``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, kind: str, body: Mapping[str, Any], *, at: datetime, key: str) -> None:
        row = {"key": key, "kind": kind, "body": body, "run_at": at, "attempts": 0}
        await self._database.write(lambda connection: _put(connection, row))

    async def upcoming(self, limit: int) -> tuple[Job, ...]:
        return await self._database.read(lambda connection: _upcoming(connection, limit))

    async def postpone(self, job_id: int, at: datetime) -> None:
        later = update(jobs).where(jobs.c.id == job_id).values(run_at=at, attempts=jobs.c.attempts + 1)
        await self._database.write(lambda connection: connection.execute(later))

    async def finish(self, job_id: int) -> None:
        done = delete(jobs).where(jobs.c.id == job_id)
        await self._database.write(lambda connection: connection.execute(done))


def _put(connection: Connection, row: Mapping[str, Any]) -> None:
    connection.execute(delete(jobs).where(jobs.c.key == row["key"]))
    connection.execute(insert(jobs), row)


def _upcoming(connection: Connection, limit: int) -> tuple[Job, ...]:
    rows = connection.execute(_UPCOMING, {"maximum": limit})
    return tuple(Job(row.id, row.key, row.kind, row.body, row.run_at, row.attempts) for row in rows)
