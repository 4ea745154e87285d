"""The database: grouped commits, isolation of changes, failures of the file, opening and closing."""

import asyncio
import sqlite3
import stat
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, text

from outrider.problems import OutriderError
from outrider.storage import Database

Work = Callable[[Connection], int]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await Database.open(tmp_path / "outrider.db") as opened:
        await opened.write(lambda connection: connection.exec_driver_sql("CREATE TABLE t (n INTEGER UNIQUE, x TEXT)"))
        yield opened


def insert(number: int, filler: str = "") -> Work:
    def work(connection: Connection) -> int:
        connection.execute(text("INSERT INTO t VALUES (:n, :x)"), {"n": number, "x": filler})
        return number

    return work


def numbers(connection: Connection) -> list[int]:
    return list(connection.execute(text("SELECT n FROM t ORDER BY n")).scalars())


@asynccontextmanager
async def held_writer(database: Database) -> AsyncIterator[None]:
    """While the block runs the writer is busy, so that what the block queues becomes one group."""
    begun, go_on = threading.Event(), threading.Event()

    def hold(connection: Connection) -> bool:
        del connection
        begun.set()
        return go_on.wait(10)

    busy = asyncio.create_task(database.write(hold))
    assert await asyncio.to_thread(begun.wait, 10)
    try:
        yield
    finally:
        go_on.set()
        assert await busy


async def queued(*work: Work, database: Database) -> "asyncio.Future[list[int | BaseException]]":
    """The changes, in the writer's queue."""
    tasks = [asyncio.create_task(database.write(item)) for item in work]
    await asyncio.sleep(0)
    return asyncio.gather(*tasks, return_exceptions=True)


async def test_a_change_is_visible_to_readers_when_it_returns(database: Database) -> None:
    assert await database.write(insert(1)) == 1
    assert await database.read(numbers) == [1]


async def test_the_disk_has_what_was_acknowledged_and_foreign_keys_hold(database: Database) -> None:
    def pragmas(connection: Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    assert await database.write(pragmas) == ["wal", 2, 1]


async def test_changes_that_wait_share_a_commit(database: Database) -> None:
    commits: list[Connection] = []
    note = commits.append
    event.listen(Engine, "commit", note)
    try:
        async with held_writer(database):
            group = await queued(*map(insert, range(200)), database=database)
        assert await group == list(range(200))
    finally:
        event.remove(Engine, "commit", note)
    assert len(commits) == 2


async def test_a_change_that_fails_is_undone_alone(database: Database) -> None:
    def half_done(connection: Connection) -> int:
        insert(100)(connection)
        raise ValueError("changed my mind")

    async with held_writer(database):
        group = await queued(insert(1), half_done, insert(2), insert(1), insert(3), database=database)
    first, raised, second, violated, third = await group

    assert [first, second, third] == [1, 2, 3]
    assert isinstance(raised, ValueError)
    assert isinstance(violated, OutriderError)
    assert violated.code == "STORAGE_FAILED"
    assert await database.read(numbers) == [1, 2, 3]


async def test_a_full_disk_fails_those_it_meets_and_nobody_afterwards(database: Database) -> None:
    await database.write(insert(0))
    await database.write(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count=60"))

    async with held_writer(database):
        group = await queued(insert(1), insert(2, "x" * 1_000_000), database=database)
    outcomes = await group

    assert isinstance(outcomes[1], OutriderError)
    assert outcomes[1].cause == "The disk is full."
    assert await database.read(numbers) in ([0], [0, 1])
    await database.write(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count=1000000"))
    assert await database.write(insert(3, "x" * 1_000_000)) == 3


async def test_a_check_really_writes(database: Database) -> None:
    await database.check_writable()
    await database.write(lambda connection: connection.exec_driver_sql("PRAGMA query_only=ON"))
    with pytest.raises(OutriderError) as caught:
        await database.check_writable()
    assert caught.value.cause == "The database file is read-only."


async def test_a_lock_that_another_process_keeps_is_named(database: Database, tmp_path: Path) -> None:
    await database.write(lambda connection: connection.exec_driver_sql("PRAGMA busy_timeout=10"))
    with closing(sqlite3.connect(tmp_path / "outrider.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OutriderError) as caught:
            await database.write(insert(1))
        other.execute("ROLLBACK")

    assert caught.value.cause == "Another process keeps the database locked."
    assert await database.write(insert(1)) == 1


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(OutriderError, match="could not write"):
        await database.read(insert(1))
    assert await database.read(numbers) == []


async def test_a_cancelled_waiter_does_not_undo_its_change(database: Database) -> None:
    async with held_writer(database):
        waiter = asyncio.create_task(database.write(insert(1)))
        await asyncio.sleep(0)
        waiter.cancel()
        await asyncio.gather(waiter, return_exceptions=True)

    await database.write(insert(2))
    assert await database.read(numbers) == [1, 2]


async def test_closing_carries_out_what_is_queued_and_then_refuses(tmp_path: Path) -> None:
    path = tmp_path / "outrider.db"
    database = await Database.open(path)
    await database.write(lambda connection: connection.exec_driver_sql("CREATE TABLE t (n INTEGER, x TEXT)"))
    async with held_writer(database):
        group = await queued(*map(insert, range(600)), database=database)
        closed = asyncio.create_task(database.close())
        await asyncio.sleep(0)
    await closed
    await database.close()

    assert await group == list(range(600))
    for refused in (database.write(insert(1)), database.read(numbers)):
        with pytest.raises(OutriderError, match="shutting down"):
            await refused
    async with await Database.open(path) as again:
        assert await again.read(numbers) == list(range(600))


# --- opening


async def test_the_file_and_its_folder_are_made_for_the_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "outrider.db"
    async with await Database.open(path):
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}

    assert modes["outrider.db"] == 0o600
    assert set(modes.values()) == {0o600}


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.write_bytes(b"no database at all" * 100), "The file is not a database."),
        (lambda path: path.mkdir(), "The database file can't be opened."),
        (lambda path: path.symlink_to(path), "Too many levels of symbolic links."),
    ],
)
async def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, make: Callable[[Path], object], reason: str) -> None:
    path = tmp_path / "outrider.db"
    make(path)

    with pytest.raises(OutriderError) as caught:
        await Database.open(path)

    assert caught.value.code == "DATA_FOLDER_UNUSABLE"
    assert caught.value.message == f"The data folder “{tmp_path}” can't be used: {reason}"
