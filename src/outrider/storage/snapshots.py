"""The rows of snapshots: one per environment, at most one default per organisation."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, or_, select, update

from outrider.interfaces.environments import Snapshot, SnapshotMode
from outrider.storage.database import Database
from outrider.storage.schema import sessions, snapshots

__all__ = ["SqlSnapshotStore"]


class SqlSnapshotStore:
    """``interfaces.environments.SnapshotStore`` on a ``Database``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, snapshot: Snapshot) -> str | None:
        return await self._database.write(lambda connection: _put(connection, snapshot))

    async def of_environment(self, organisation_id: str, environment_id: str) -> Snapshot | None:
        return await self._find(organisation_id, snapshots.c.environment_id == environment_id)

    async def of_session(self, organisation_id: str, session_id: str) -> Snapshot | None:
        """By the session's row and, when that was purged, by the session that saved."""
        of_its_environment = select(sessions.c.environment_id).where(
            sessions.c.id == session_id, sessions.c.organisation_id == organisation_id
        )
        named = or_(snapshots.c.environment_id.in_(of_its_environment), snapshots.c.session_id == session_id)
        return await self._find(organisation_id, named)

    async def default_of(self, organisation_id: str) -> Snapshot | None:
        return await self._find(organisation_id, snapshots.c.is_default)

    async def remove_before(self, moment: datetime) -> tuple[Snapshot, ...]:
        return await self._database.write(lambda connection: _remove(connection, snapshots.c.saved_at < moment))

    async def remove_organisation(self, organisation_id: str) -> tuple[Snapshot, ...]:
        theirs = snapshots.c.organisation_id == organisation_id
        return await self._database.write(lambda connection: _remove(connection, theirs))

    async def blobs(self) -> frozenset[str]:
        return await self._database.read(
            lambda connection: frozenset(connection.execute(select(snapshots.c.blob)).scalars())
        )

    async def _find(self, organisation_id: str, which: ColumnElement[bool]) -> Snapshot | None:
        query = select(snapshots).where(snapshots.c.organisation_id == organisation_id, which)
        row = await self._database.read(lambda connection: connection.execute(query.limit(1)).one_or_none())
        return None if row is None else _snapshot_of(row)


def _put(connection: Connection, snapshot: Snapshot) -> str | None:
    known = select(snapshots).where(snapshots.c.environment_id == snapshot.environment_id)
    before = connection.execute(known).one_or_none()
    row = asdict(snapshot) | {"mode": snapshot.mode.value}
    if before is not None:
        row["is_default"] = snapshot.is_default or before.is_default
        connection.execute(delete(snapshots).where(snapshots.c.environment_id == snapshot.environment_id))
    if snapshot.is_default:
        theirs = snapshots.c.organisation_id == snapshot.organisation_id
        connection.execute(update(snapshots).where(theirs).values(is_default=False))
    connection.execute(insert(snapshots), row)
    return None if before is None else str(before.blob)


def _remove(connection: Connection, which: ColumnElement[bool]) -> tuple[Snapshot, ...]:
    found = tuple(_snapshot_of(row) for row in connection.execute(select(snapshots).where(which)))
    connection.execute(delete(snapshots).where(which))
    return found


def _snapshot_of(row: Row[Any]) -> Snapshot:
    return Snapshot(
        environment_id=row.environment_id,
        organisation_id=row.organisation_id,
        session_id=row.session_id,
        blob=row.blob,
        size_bytes=row.size_bytes,
        mode=SnapshotMode(row.mode),
        saved_at=row.saved_at,
        is_default=row.is_default,
    )
