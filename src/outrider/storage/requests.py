"""The record of requests, and claims on idempotency keys."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from outrider.interfaces.requests import RequestEntry, RequestFilter
from outrider.problems import OutriderError
from outrider.storage.database import Database
from outrider.storage.purging import purged
from outrider.storage.schema import idempotency_claims, requests

__all__ = ["SqlIdempotencyStore", "SqlRequestStore"]

#: By the fields of ``RequestFilter``.
_CONDITIONS: Final[Mapping[str, Callable[[Any], ColumnElement[bool]]]] = {
    "status": lambda value: requests.c.status == value,
    "code": lambda value: requests.c.code == value,
    "method": lambda value: requests.c.method == value,
    "failed": lambda value: requests.c.status >= 400 if value else requests.c.status < 400,
    "since": lambda value: requests.c.created_at >= value,
    "until": lambda value: requests.c.created_at < value,
    "before": lambda value: requests.c.number < value,
}


class SqlRequestStore:
    """``interfaces.requests.RequestStore`` on a ``Database``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, entries: tuple[RequestEntry, ...]) -> None:
        rows = list(map(_row_of, entries))
        await self._database.write(lambda connection: connection.execute(insert(requests), rows))

    async def get(self, organisation_id: str, request_id: str) -> RequestEntry:
        wanted = select(requests).where(requests.c.id == request_id, requests.c.organisation_id == organisation_id)
        row = await self._database.read(lambda connection: connection.execute(wanted).one_or_none())
        if row is None:
            raise OutriderError("REQUEST_NOT_FOUND", request=request_id)
        return _entry_of(row)

    async def find(self, organisation_id: str, wanted: RequestFilter, limit: int) -> tuple[RequestEntry, ...]:
        return await self._database.read(lambda connection: _find(connection, organisation_id, wanted, limit))

    async def purge(self, before: datetime) -> int:
        return await purged(self._database, requests, requests.c.created_at, before)


class SqlIdempotencyStore:
    """``interfaces.requests.IdempotencyStore`` on a ``Database``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, claim_id: str, sealed: bytes, at: datetime, valid_since: datetime) -> bytes | None:
        return await self._database.write(lambda connection: _claim(connection, claim_id, sealed, at, valid_since))

    async def settle(self, claim_id: str, sealed: bytes) -> None:
        settled = update(idempotency_claims).where(idempotency_claims.c.id == claim_id).values(sealed=sealed)
        await self._database.write(lambda connection: connection.execute(settled))

    async def release(self, claim_id: str) -> None:
        released = delete(idempotency_claims).where(idempotency_claims.c.id == claim_id)
        await self._database.write(lambda connection: connection.execute(released))

    async def purge(self, before: datetime) -> int:
        return await purged(self._database, idempotency_claims, idempotency_claims.c.created_at, before)


def _claim(connection: Connection, claim_id: str, sealed: bytes, at: datetime, valid_since: datetime) -> bytes | None:
    mine = idempotency_claims.c.id == claim_id
    row = connection.execute(select(idempotency_claims).where(mine)).one_or_none()
    if row is not None and row.created_at >= valid_since:
        found: bytes = row.sealed
        return found
    connection.execute(delete(idempotency_claims).where(mine))
    connection.execute(insert(idempotency_claims), {"id": claim_id, "sealed": sealed, "created_at": at})
    return None


def _find(connection: Connection, organisation_id: str, wanted: RequestFilter, limit: int) -> tuple[RequestEntry, ...]:
    query = select(requests).where(requests.c.organisation_id == organisation_id)
    for name, condition in _CONDITIONS.items():
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(condition(value))
    return tuple(map(_entry_of, connection.execute(query.order_by(requests.c.number.desc()).limit(limit))))


def _row_of(entry: RequestEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "organisation_id": entry.organisation_id,
        "key_id": entry.key_id,
        "key_tail": entry.key_tail,
        "method": entry.method,
        "url": entry.url,
        "status": entry.status,
        "code": entry.code,
        "latency_ms": entry.latency_ms,
        "request_body": entry.request_body,
        "answer_body": entry.answer_body,
        "created_at": entry.at,
    }


def _entry_of(row: Row[Any]) -> RequestEntry:
    return RequestEntry(
        id=row.id,
        organisation_id=row.organisation_id,
        key_id=row.key_id,
        key_tail=row.key_tail,
        method=row.method,
        url=row.url,
        status=row.status,
        code=row.code,
        latency_ms=row.latency_ms,
        request_body=row.request_body,
        answer_body=row.answer_body,
        at=row.created_at,
        number=row.number,
    )
