"""The one thread that writes: takes what is waiting, commits it together, then tells everybody.

The disk's acknowledgement costs about the same for one change as for a hundred, so changes that arrive while a
commit is under way share the next one.
"""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from outrider.problems import OutriderError
from outrider.storage.errors import mapped_errors

__all__ = ["Writer"]

T = TypeVar("T")

#: Changes per commit; bounds how long the first of a group waits for the last.
GROUP_LIMIT: Final = 256


@dataclass(slots=True)
class _Job:
    """One queued change, and where its outcome goes."""

    work: Callable[[Connection], Any]
    future: "asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop
    result: Any = None
    error: Exception | None = None

    def settle(self) -> None:
        """In the loop's thread: hand over the outcome, unless the waiter has gone."""
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class Writer:
    """Queues changes for one writing connection. A change that was queued is carried out, whoever still waits."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._closed = False
        # A daemon, so that a program that dies without closing does not hang; SQLite survives that by design.
        self._thread = threading.Thread(target=self._run, name="outrider-writer", daemon=True)
        self._thread.start()

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` in a transaction; returns when it is durable.

        Raises what ``work`` raises, after undoing it alone; STORAGE_FAILED; SERVER_STOPPING after ``close``.
        """
        if self._closed:
            raise OutriderError("SERVER_STOPPING")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._queue.put(_Job(work, future, loop))
        return await future

    async def close(self) -> None:
        """Carry out what is queued, then end the thread. Idempotent."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        connection: Connection | None = None
        while group := self._next_group():
            try:
                with mapped_errors():
                    connection = connection or self._engine.connect()
                    _carry_out(connection, group)
            except Exception as error:  # noqa: BLE001 - the edge of the thread: every waiter hears of it
                _fail(group, error)
                _discard(connection)
                connection = None
            _settle(group)
        _discard(connection)

    def _next_group(self) -> list[_Job]:
        """Wait for changes and take all that are there; empty when the writer is to end."""
        job = self._queue.get()
        group: list[_Job] = []
        while job is not None:
            group.append(job)
            if len(group) == GROUP_LIMIT:
                return group
            try:
                job = self._queue.get_nowait()
            except Empty:
                return group
        if group:
            self._queue.put(None)  # the end comes after this last group
        return group


def _carry_out(connection: Connection, group: list[_Job]) -> None:
    """One transaction for the group, one savepoint for each change in it."""
    with connection.begin():
        for job in group:
            connection.exec_driver_sql("SAVEPOINT change")
            try:
                with mapped_errors():
                    job.result = job.work(connection)
            except Exception as error:  # noqa: BLE001 - belongs to the waiter of this change
                job.error = error
                # Fails when the database gave up the whole transaction (disk full); then the whole group has failed.
                connection.exec_driver_sql("ROLLBACK TO SAVEPOINT change")
            connection.exec_driver_sql("RELEASE SAVEPOINT change")


def _fail(group: list[_Job], error: Exception) -> None:
    for job in group:
        job.error = job.error or error


def _discard(connection: Connection | None) -> None:
    if connection is None:
        return
    try:
        connection.close()
    except SQLAlchemyError:
        connection.invalidate()


def _settle(group: list[_Job]) -> None:
    """Wake the waiters, with one call per loop."""
    for loop in {job.loop for job in group}:
        mine = [job for job in group if job.loop is loop]
        try:
            loop.call_soon_threadsafe(_settle_all, mine)
        except RuntimeError:
            continue  # the loop was closed: nobody waits any more


def _settle_all(group: list[_Job]) -> None:
    for job in group:
        job.settle()
