"""What an item of the vault holds, sealed for this item only: moved to another row it does not open."""

from dataclasses import asdict
from typing import Any, TypeVar

import orjson

from outrider.identities.sealing import Sealer
from outrider.interfaces.vault import Card, Item, Login

__all__ = ["open_item", "seal_contents"]

T = TypeVar("T", bound=Login | Card)


def seal_contents(sealer: Sealer, item_id: str, contents: Login | Card) -> bytes:
    """The values as they are stored."""
    return sealer.seal(orjson.dumps(asdict(contents)), _context(item_id))


def open_item(sealer: Sealer, item: Item, kind: type[T]) -> T:
    """The values of an item. Raises SECRET_UNREADABLE."""
    values: dict[str, Any] = orjson.loads(sealer.open(item.sealed, _context(item.id)))
    return kind(**values)


def _context(item_id: str) -> bytes:
    return f"vault:{item_id}".encode()
