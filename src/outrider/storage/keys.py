"""Organisations and API keys. A key's text is nowhere in the database."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select

from outrider.interfaces.identities import KeyRecord
from outrider.storage.database import Database
from outrider.storage.schema import keys, organisations

__all__ = ["SqlKeyStore"]

_BY_PUBLIC: Final = select(keys).where(keys.c.public == bindparam("public"))


class SqlKeyStore:
    """``interfaces.identities.KeyStore`` on a ``Database``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_organisation(self, organisation_id: str, short_name: str) -> None:
        await self._database.write(lambda connection: _add_organisation(connection, organisation_id, short_name))

    async def add_key(self, key: KeyRecord) -> None:
        await self._database.write(lambda connection: _add_key(connection, key))

    async def find_key(self, public: str) -> KeyRecord | None:
        return await self._database.read(lambda connection: _find_key(connection, public))

    async def has_keys(self) -> bool:
        return await self._database.read(_has_keys)


def _add_organisation(connection: Connection, organisation_id: str, short_name: str) -> None:
    known = select(organisations.c.id).where(organisations.c.id == organisation_id)
    if connection.execute(known).first() is None:
        row = {"id": organisation_id, "short_name": short_name, "created_at": datetime.now(UTC)}
        connection.execute(insert(organisations), row)


def _add_key(connection: Connection, key: KeyRecord) -> None:
    row = {
        "id": key.id,
        "organisation_id": key.organisation_id,
        "public": key.public,
        "digest": key.digest,
        "tail": key.tail,
        "created_at": key.created_at,
    }
    connection.execute(insert(keys), row)


def _find_key(connection: Connection, public: str) -> KeyRecord | None:
    row = connection.execute(_BY_PUBLIC, {"public": public}).one_or_none()
    if row is None:
        return None
    return KeyRecord(row.id, row.organisation_id, row.public, row.digest, row.tail, row.created_at)


def _has_keys(connection: Connection) -> bool:
    return connection.execute(select(keys.c.id).limit(1)).first() is not None
