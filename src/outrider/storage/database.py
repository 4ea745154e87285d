"""The database of one server: one writer, a few readers, schema brought up to date when it is opened."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import Connection, Engine

from outrider.problems import OutriderError
from outrider.storage.connections import READERS, reading_engine, writing_engine
from outrider.storage.errors import mapped_errors
from outrider.storage.migrations import upgrade
from outrider.storage.writer import Writer

__all__ = ["Database"]

T = TypeVar("T")


class Database:
    """An open SQLite file. ``async with await Database.open(path) as database: …``"""

    def __init__(self, writing: Engine, reading: Engine) -> None:
        self._writing = writing
        self._reading = reading
        self._writer = Writer(writing)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="outrider-reader")
        self._closed = False

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open or create the file, readable by its owner only, and run missing migrations.

        Raises DATA_FOLDER_UNUSABLE.
        """
        writing = writing_engine(path)
        try:
            await asyncio.to_thread(_prepare, path, writing)
        except OutriderError as problem:
            writing.dispose()
            raise OutriderError("DATA_FOLDER_UNUSABLE", folder=path.parent, reason=problem.cause) from problem
        return cls(writing, reading_engine(path))

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run ``work(connection)`` in the writer's thread; its changes are durable when this returns.

        It shares a commit with others, but is undone alone when it raises. Cancelling the wait does not undo it.
        Raises what ``work`` raises, STORAGE_FAILED, or SERVER_STOPPING when the database is closed.
        """
        return await self._writer.write(work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run ``work(connection)`` on a reader's thread, on one consistent state of the database.

        Raises what ``work`` raises, STORAGE_FAILED, or SERVER_STOPPING when the database is closed.
        """
        if self._closed:
            raise OutriderError("SERVER_STOPPING")
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    async def check_writable(self) -> None:
        """Write something that changes nothing. Raises STORAGE_FAILED."""
        await self.write(lambda connection: connection.exec_driver_sql("PRAGMA user_version = 0"))

    async def close(self) -> None:
        """Carry out what was queued, then close all connections. Idempotent."""
        self._closed = True
        await self._writer.close()
        await asyncio.to_thread(self._readers.shutdown)
        self._reading.dispose()
        self._writing.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    def _read(self, work: Callable[[Connection], T]) -> T:
        with mapped_errors(), self._reading.connect() as connection:
            return work(connection)


def _prepare(path: Path, engine: Engine) -> None:
    with mapped_errors():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # SQLite gives its side files the same rights
        with engine.begin() as connection:
            upgrade(connection)
