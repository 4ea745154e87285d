"""Items of the vault, within a transaction."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from outrider.interfaces.vault import Item, Kind
from outrider.problems import OutriderError
from outrider.protocol.conditional import Precondition
from outrider.storage.schema import vault_items

__all__ = ["add_item", "change_item", "find_item", "get_item", "item_of", "list_items", "note_use", "remove_item"]

_BY_NAME: Final = select(vault_items).where(
    vault_items.c.organisation_id == bindparam("organisation_id"),
    vault_items.c.kind == bindparam("kind"),
    vault_items.c.name == bindparam("name"),
)
_BY_ID: Final = select(vault_items).where(vault_items.c.id == bindparam("id"))


def item_of(row: Row[Any]) -> Item:
    return Item(
        id=row.id,
        organisation_id=row.organisation_id,
        kind=Kind(row.kind),
        name=row.name,
        label=row.label,
        has_totp=row.has_totp,
        origins=tuple(row.origins),
        sealed=row.sealed,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
    )


def add_item(connection: Connection, item: Item, limit: int) -> None:
    if _named(connection, item.organisation_id, item.kind, item.name) is not None:
        raise OutriderError("VAULT_ITEM_EXISTS", kind=item.kind.value, name=item.name)
    mine = vault_items.c.organisation_id == item.organisation_id, vault_items.c.kind == item.kind.value
    if connection.execute(select(func.count()).select_from(vault_items).where(*mine)).scalar_one() >= limit:
        raise OutriderError("VAULT_LIMIT_REACHED", limit=limit, kind=item.kind.value)
    row = {
        "id": item.id,
        "organisation_id": item.organisation_id,
        "kind": item.kind.value,
        "name": item.name,
        "label": item.label,
        "has_totp": item.has_totp,
        "origins": list(item.origins),
        "sealed": item.sealed,
        "created_at": item.created_at,
        "last_used_at": item.last_used_at,
    }
    connection.execute(insert(vault_items), row)


def list_items(connection: Connection, organisation_id: str, kind: Kind | None) -> tuple[Item, ...]:
    mine = select(vault_items).where(vault_items.c.organisation_id == organisation_id)
    wanted = mine if kind is None else mine.where(vault_items.c.kind == kind.value)
    return tuple(map(item_of, connection.execute(wanted.order_by(vault_items.c.kind, vault_items.c.name))))


def get_item(connection: Connection, organisation_id: str, kind: Kind, name: str) -> Item:
    row = _named(connection, organisation_id, kind, name)
    if row is None:
        raise OutriderError("VAULT_ITEM_NOT_FOUND", kind=kind.value, name=name)
    return item_of(row)


def find_item(connection: Connection, item_id: str) -> Item | None:
    row = connection.execute(_BY_ID, {"id": item_id}).one_or_none()
    return None if row is None else item_of(row)


def change_item(connection: Connection, item: Item, changes: Mapping[str, Any], expected: Precondition) -> Item:
    """What is sealed was made from what was sealed before: another writer between the two would be undone."""
    expected.check(get_item(connection, item.organisation_id, item.kind, item.name).etag)
    same = vault_items.c.id == item.id, vault_items.c.sealed == item.sealed
    if changes and connection.execute(update(vault_items).where(*same).values(**changes)).rowcount == 0:
        get_item(connection, item.organisation_id, item.kind, item.name)
        raise OutriderError("VAULT_ITEM_CHANGED", kind=item.kind.value, name=item.name)
    return get_item(connection, item.organisation_id, item.kind, item.name)


def remove_item(connection: Connection, organisation_id: str, kind: Kind, name: str, expected: Precondition) -> None:
    item = get_item(connection, organisation_id, kind, name)
    expected.check(item.etag)
    connection.execute(delete(vault_items).where(vault_items.c.id == item.id))


def note_use(connection: Connection, item_id: str) -> None:
    connection.execute(update(vault_items).where(vault_items.c.id == item_id).values(last_used_at=datetime.now(UTC)))


def _named(connection: Connection, organisation_id: str, kind: Kind, name: str) -> Row[Any] | None:
    named = {"organisation_id": organisation_id, "kind": kind.value, "name": name}
    return connection.execute(_BY_NAME, named).one_or_none()
