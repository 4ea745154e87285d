"""Engines over one SQLite file: durable, enforcing foreign keys, with explicit transactions."""

from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy import URL, Connection, Engine, NullPool, QueuePool, create_engine, event

from outrider.storage.columns import dump_json

__all__ = ["reading_engine", "writing_engine"]

#: How long a statement waits for a lock that another process holds.
BUSY_SECONDS: Final = 5.0
READERS: Final = 4

# A commit returns only when the disk has it: synchronous=FULL, also in WAL mode.
_WRITING: Final = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON")


def writing_engine(path: Path) -> Engine:
    """An engine whose transactions take the write lock when they begin. For one connection."""
    return _sqlite_engine(path, begin="BEGIN IMMEDIATE", pragmas=_WRITING, poolclass=NullPool)


def reading_engine(path: Path) -> Engine:
    """An engine whose transactions see one state of the database and can't change it."""
    pool: dict[str, Any] = {"poolclass": QueuePool, "pool_size": READERS, "max_overflow": 0}
    return _sqlite_engine(path, begin="BEGIN", pragmas=("PRAGMA query_only=ON",), **pool)


def _sqlite_engine(path: Path, *, begin: str, pragmas: tuple[str, ...], **options: Any) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        json_serializer=dump_json,
        json_deserializer=orjson.loads,
        **options,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, record: object) -> None:
        del record
        connection.isolation_level = None  # the driver begins no transaction of its own
        for pragma in pragmas:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin_explicitly(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
