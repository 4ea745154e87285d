"""The audit log of screening."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select

from outrider.interfaces.screening import AuditEntry, AuditFilter, RiskClass, Ruling, Verdict
from outrider.storage.columns import well_formed
from outrider.storage.database import Database
from outrider.storage.schema import audit

__all__ = ["SqlAuditStore"]

#: Entries removed per transaction, so that a purge holds nobody up.
PURGE_GROUP: Final = 500


class SqlAuditStore:
    """``interfaces.screening.AuditStore`` on a ``Database``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, entries: Sequence[AuditEntry]) -> None:
        rows = list(map(_row_of, entries))
        await self._database.write(lambda connection: connection.execute(insert(audit), rows))

    async def find(self, organisation_id: str, wanted: AuditFilter, limit: int) -> tuple[AuditEntry, ...]:
        return await self._database.read(lambda connection: _find(connection, organisation_id, wanted, limit))

    async def purge(self, before: datetime) -> int:
        removed = 0
        while group := await self._database.write(lambda connection: _purge(connection, before)):
            removed += group
        return removed


def _find(connection: Connection, organisation_id: str, wanted: AuditFilter, limit: int) -> tuple[AuditEntry, ...]:
    query = select(audit).where(audit.c.organisation_id == organisation_id)
    for column, value in (
        (audit.c.session_id, wanted.session_id),
        (audit.c.verdict, wanted.verdict and wanted.verdict.value),
        (audit.c.risk, wanted.risk and wanted.risk.value),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.before is not None:
        query = query.where(audit.c.id < wanted.before)
    return tuple(map(_entry_of, connection.execute(query.order_by(audit.c.id.desc()).limit(limit))))


def _purge(connection: Connection, before: datetime) -> int:
    old = select(audit.c.id).where(audit.c.created_at < before).limit(PURGE_GROUP)
    return connection.execute(delete(audit).where(audit.c.id.in_(old))).rowcount


def _row_of(entry: AuditEntry) -> dict[str, Any]:
    ruling = entry.ruling
    return {
        "organisation_id": entry.organisation_id,
        "session_id": entry.session_id,
        "message_id": entry.message_id,
        "rule": ruling.rule,
        "risk": ruling.risk.value,
        "verdict": ruling.verdict.value,
        "reason": well_formed(ruling.reason),
        "excerpt": well_formed(ruling.excerpt),
        "created_at": entry.at,
    }


def _entry_of(row: Row[Any]) -> AuditEntry:
    ruling = Ruling(Verdict(row.verdict), row.rule, RiskClass(row.risk), row.reason, row.excerpt)
    return AuditEntry(row.organisation_id, row.session_id, row.message_id, ruling, row.created_at, row.id)
