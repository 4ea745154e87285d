"""Lists of what is recorded: one table of sources, one way to read them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, tuple_

from outrider.identities.sealing import Sealer
from outrider.interfaces.reports import Record, RecordPage
from outrider.problems import OutriderError
from outrider.storage.database import Database
from outrider.storage.report_sources import Source, sources

__all__ = ["SqlReportStore"]

_SHOWN_CHARACTERS = 100


class SqlReportStore:
    """``interfaces.reports.ReportStore`` on a ``Database``."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sources = sources(sealer)

    async def page(
        self, resource: str, organisation_id: str, filters: Mapping[str, Any], offset: int, count: int
    ) -> RecordPage:
        source = self._sources[resource]
        return await self._database.read(
            lambda connection: _page(connection, source, organisation_id, filters, offset, count)
        )

    async def get(self, resource: str, organisation_id: str, oid: str) -> Record:
        source = self._sources[resource]
        return await self._database.read(lambda connection: _get(connection, source, resource, organisation_id, oid))


def _page(
    connection: Connection, source: Source, organisation_id: str, filters: Mapping[str, Any], offset: int, count: int
) -> RecordPage:
    """What is counted and skipped is read in an index alone, if there is one with all that the filters ask about."""
    key = source.organisation.table.primary_key.columns
    listed = source.matching(organisation_id, filters)
    total = connection.execute(listed.with_only_columns(func.count())).scalar_one()
    page = listed.with_only_columns(*key).order_by(*source.order).offset(offset).limit(count).correlate(None)
    rows = connection.execute(source.query.where(tuple_(*key).in_(page)).order_by(*source.order))
    return RecordPage(total, tuple(map(source.record, rows)))


def _get(connection: Connection, source: Source, resource: str, organisation_id: str, oid: str) -> Record:
    named = source.named(oid)
    query = None if named is None else source.query.add_columns(source.organisation.label("owner")).where(named)
    row = None if query is None else connection.execute(query).first()
    if row is None:
        raise OutriderError("RECORD_NOT_FOUND", oid=oid[:_SHOWN_CHARACTERS], resource=resource)
    if row.owner != organisation_id:
        raise OutriderError("CLIENT_FORBIDDEN", oid=oid[:_SHOWN_CHARACTERS])
    return source.record(row)
