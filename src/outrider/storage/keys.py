"""Organisations and API keys. A key's text is nowhere in the database."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, Table, bindparam, insert, or_, select, tuple_, update

from outrider.interfaces.identities import KeyRecord, Organisation
from outrider.interfaces.schedules import JobState
from outrider.problems import OutriderError
from outrider.protocol.conditional import UNCONDITIONAL, Precondition
from outrider.storage.database import Database
from outrider.storage.schema import keys, organisations, scheduled_jobs

__all__ = ["SqlKeyStore", "key_of"]

_KEY_FIELDS: Final = tuple(field.name for field in fields(KeyRecord))
_ORGANISATION_FIELDS: Final = tuple(field.name for field in fields(Organisation))

_OPEN: Final = select(organisations).where(organisations.c.closed_at.is_(None))
_BY_NAME: Final = _OPEN.where(
    or_(organisations.c.id == bindparam("name"), organisations.c.short_name == bindparam("name"))
)
_OWNER: Final = _OPEN.where(organisations.c.id == bindparam("id"))
_BY_PUBLIC: Final = select(keys).where(keys.c.public == bindparam("public"))
_KEY: Final = select(keys).where(keys.c.id == bindparam("id"))


class SqlKeyStore:
    """``interfaces.identities.KeyStore`` on a ``Database``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- organisations

    async def add_organisation(self, organisation: Organisation) -> None:
        await self._database.write(lambda connection: _add_organisation(connection, organisation))

    async def organisation(self, name: str) -> Organisation:
        return await self._database.read(lambda connection: _organisation(connection, name))

    async def find_organisation(self, name: str) -> Organisation | None:
        return await self._database.read(lambda connection: _find_organisation(connection, name))

    async def organisations(self, before: str | None, limit: int) -> tuple[Organisation, ...]:
        page = _newest_first(organisations, _OPEN, before, limit)
        return await self._database.read(lambda connection: tuple(map(_organisation_of, connection.execute(page))))

    async def change_organisation(
        self, organisation_id: str, changes: Mapping[str, Any], expected: Precondition = UNCONDITIONAL
    ) -> Organisation:
        return await self._database.write(
            lambda connection: _change_organisation(connection, organisation_id, changes, expected)
        )

    async def remove_organisation(self, organisation_id: str, expected: Precondition = UNCONDITIONAL) -> None:
        await self._database.write(lambda connection: _remove_organisation(connection, organisation_id, expected))

    # --- keys

    async def add_key(self, key: KeyRecord) -> None:
        await self._database.write(lambda connection: _add_key(connection, key))

    async def find_key(self, public: str) -> tuple[KeyRecord, Organisation] | None:
        return await self._database.read(lambda connection: _find_key(connection, public))

    async def key(self, key_id: str) -> KeyRecord:
        return await self._database.read(lambda connection: _key(connection, key_id))

    async def keys(self, organisation_id: str, before: str | None, limit: int) -> tuple[KeyRecord, ...]:
        mine = select(keys).where(keys.c.organisation_id == organisation_id)
        page = _newest_first(keys, mine, before, limit)
        return await self._database.read(lambda connection: tuple(map(key_of, connection.execute(page))))

    async def change_key(
        self, key_id: str, changes: Mapping[str, Any], expected: Precondition = UNCONDITIONAL
    ) -> KeyRecord:
        return await self._database.write(lambda connection: _change_key(connection, key_id, changes, expected))

    async def revoke_key(self, key_id: str, expected: Precondition = UNCONDITIONAL) -> KeyRecord:
        return await self._database.write(lambda connection: _revoke_key(connection, key_id, expected))

    async def note_uses(self, uses: Sequence[tuple[str, datetime]]) -> None:
        rows = [{"key_id": key_id, "used_at": used_at} for key_id, used_at in uses]
        used = update(keys).where(keys.c.id == bindparam("key_id")).values(last_used_at=bindparam("used_at"))
        if rows:
            await self._database.write(lambda connection: connection.execute(used, rows))

    async def has_keys(self) -> bool:
        return await self._database.read(
            lambda connection: connection.execute(select(keys.c.id).limit(1)).first() is not None
        )


# --- organisations, within a transaction


def _add_organisation(connection: Connection, organisation: Organisation) -> None:
    _refuse_taken_name(connection, organisation.short_name, but=organisation.id)
    connection.execute(insert(organisations), _row_of(organisation))


def _organisation(connection: Connection, name: str) -> Organisation:
    found = _find_organisation(connection, name)
    if found is None:
        raise OutriderError("ORGANISATION_NOT_FOUND", organisation=name)
    return found


def _find_organisation(connection: Connection, name: str) -> Organisation | None:
    row = connection.execute(_BY_NAME, {"name": name}).one_or_none()
    return None if row is None else _organisation_of(row)


def _change_organisation(
    connection: Connection, organisation_id: str, changes: Mapping[str, Any], expected: Precondition
) -> Organisation:
    found = _organisation(connection, organisation_id)
    expected.check(found.etag)
    if "short_name" in changes:
        _refuse_taken_name(connection, changes["short_name"], but=organisation_id)
    _update(connection, organisations, found, changes)
    return _organisation(connection, organisation_id)


def _remove_organisation(connection: Connection, organisation_id: str, expected: Precondition) -> None:
    expected.check(_organisation(connection, organisation_id).etag)
    now = datetime.now(UTC)
    mine = keys.c.organisation_id == organisation_id, keys.c.revoked_at.is_(None)
    connection.execute(update(keys).where(*mine).values(revoked_at=now, version=keys.c.version + 1))
    connection.execute(update(organisations).where(organisations.c.id == organisation_id).values(closed_at=now))
    scheduled = scheduled_jobs.c.organisation_id == organisation_id, scheduled_jobs.c.next_run_at.is_not(None)
    ended = {"state": JobState.CANCELLED.value, "next_run_at": None, "updated_at": now}
    connection.execute(update(scheduled_jobs).where(*scheduled).values(**ended, version=scheduled_jobs.c.version + 1))


def _refuse_taken_name(connection: Connection, short_name: str, *, but: str) -> None:
    """Also one of an organisation that was removed; and another's id, which names that one alone."""
    same = or_(organisations.c.short_name == short_name, organisations.c.id == short_name)
    if connection.execute(select(organisations.c.id).where(same, organisations.c.id != but)).first() is not None:
        raise OutriderError("SHORT_NAME_TAKEN", short_name=short_name)


# --- keys, within a transaction


def _add_key(connection: Connection, key: KeyRecord) -> None:
    """The organisation may have been removed since somebody looked."""
    if connection.execute(_OWNER, {"id": key.organisation_id}).first() is None:
        raise OutriderError("ORGANISATION_NOT_FOUND", organisation=key.organisation_id)
    connection.execute(insert(keys), _row_of(key))


def _find_key(connection: Connection, public: str) -> tuple[KeyRecord, Organisation] | None:
    row = connection.execute(_BY_PUBLIC, {"public": public}).one_or_none()
    owner = None if row is None else connection.execute(_OWNER, {"id": row.organisation_id}).one_or_none()
    return None if row is None or owner is None else (key_of(row), _organisation_of(owner))


def _key(connection: Connection, key_id: str) -> KeyRecord:
    row = connection.execute(_KEY, {"id": key_id}).one_or_none()
    if row is None:
        raise OutriderError("KEY_NOT_FOUND", key=key_id)
    return key_of(row)


def _change_key(connection: Connection, key_id: str, changes: Mapping[str, Any], expected: Precondition) -> KeyRecord:
    found = _key(connection, key_id)
    if found.revoked_at is not None:
        raise OutriderError("KEY_REVOKED", key=key_id)
    expected.check(found.etag)
    _update(connection, keys, found, changes)
    return _key(connection, key_id)


def _revoke_key(connection: Connection, key_id: str, expected: Precondition) -> KeyRecord:
    found = _key(connection, key_id)
    expected.check(found.etag)
    if found.revoked_at is None:
        _update(connection, keys, found, {"revoked_at": datetime.now(UTC)})
    return _key(connection, key_id)


# --- parts


def _newest_first(table: Table, wanted: Select[Any], before: str | None, limit: int) -> Select[Any]:
    page = wanted.order_by(table.c.created_at.desc(), table.c.id.desc()).limit(limit)
    if before is None:
        return page
    place = select(table.c.created_at, table.c.id).where(table.c.id == before)
    return page.where(tuple_(table.c.created_at, table.c.id) < place.scalar_subquery())


def _update(connection: Connection, table: Table, found: KeyRecord | Organisation, changes: Mapping[str, Any]) -> None:
    """What is as it was makes no new version."""
    new = {name: value for name, value in changes.items() if getattr(found, name) != value}
    if new:
        values = _stored(new) | {"version": found.version + 1}
        connection.execute(update(table).where(table.c.id == found.id).values(**values))


def _row_of(value: KeyRecord | Organisation) -> dict[str, Any]:
    return _stored({field.name: getattr(value, field.name) for field in fields(value)})


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in values.items()}


def _organisation_of(row: Row[Any]) -> Organisation:
    return Organisation(**_read(row, _ORGANISATION_FIELDS))


def key_of(row: Row[Any]) -> KeyRecord:
    return KeyRecord(**_read(row, _KEY_FIELDS))


def _read(row: Row[Any], names: Sequence[str]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {name: frozenset(value) if isinstance(value, list) else value for name, value in values.items()}
