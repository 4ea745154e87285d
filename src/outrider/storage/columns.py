"""Columns and indexes that mean the same on SQLite and on PostgreSQL."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import orjson
from sqlalchemy import BigInteger, DateTime, Dialect, Integer, text
from sqlalchemy.types import TypeDecorator

__all__ = ["BigId", "UtcDateTime", "dump_json", "only_where", "well_formed"]

T = TypeVar("T")

#: A 64-bit id; on SQLite "integer", because only that becomes the row id.
BigId = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept as UTC. SQLite has no zones, so what it gives back is UTC by definition."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a naive datetime can't be stored")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def only_where(condition: str) -> dict[str, Any]:
    """Options of an index that has only the rows for which that holds."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def dump_json(value: Any) -> str:
    """JSON text of a well-formed value, also of integers beyond 64 bits."""
    try:
        return orjson.dumps(value, default=_plain).decode()
    except orjson.JSONEncodeError:
        return json.dumps(_repaired(value), ensure_ascii=False)


def well_formed(value: T) -> T:
    """The value itself, or what can be kept of it: pages hold halves of surrogate pairs, which UTF-8 can't carry.

    Raises TypeError for what is not JSON at all.
    """
    try:
        orjson.dumps(value, default=_plain)
    except orjson.JSONEncodeError:
        repaired: T = _repaired(value)
        json.dumps(repaired)
        return repaired
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def _repaired(value: Any) -> Any:
    """A copy with lone surrogates replaced by U+FFFD, and numbers that JSON does not have by null."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {_repaired(key): _repaired(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_repaired(item) for item in value]
    return value
