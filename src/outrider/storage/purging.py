"""Removing what is older than its retention, in small groups, so that nobody waits for it."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Table, delete, select

from outrider.storage.database import Database

__all__ = ["purged"]

#: Rows removed per transaction.
PURGE_GROUP: Final = 500


async def purged(database: Database, table: Table, moment: Column[Any], before: datetime) -> int:
    """Remove the rows of a table, which has a column ``id``, with an earlier moment; returns how many they were."""
    old = select(table.c.id).where(moment < before).limit(PURGE_GROUP)
    removal = delete(table).where(table.c.id.in_(old))
    removed = 0
    while group := await database.write(lambda connection: connection.execute(removal).rowcount):
        removed += group
    return removed
