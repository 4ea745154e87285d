"""The rows of snapshots on a real database."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from outrider.interfaces.environments import Snapshot, SnapshotMode
from outrider.interfaces.sessions import SessionSpec
from outrider.storage import Database, SqlSessionStore, SqlSnapshotStore

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST = Snapshot("e-1", "o-1", "s-1", "blob-1", 10, SnapshotMode.FILESYSTEM, NOW)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await Database.open(tmp_path / "outrider.db") as database:
        yield database


@pytest.fixture
def store(database: Database) -> SqlSnapshotStore:
    return SqlSnapshotStore(database)


async def test_a_snapshot_is_found_by_environment_and_session(store: SqlSnapshotStore) -> None:
    assert await store.put(FIRST) is None
    assert await store.of_environment("o-1", "e-1") == FIRST
    assert await store.of_session("o-1", "s-1") == FIRST
    assert await store.blobs() == {"blob-1"}


async def test_an_environment_has_one_snapshot(store: SqlSnapshotStore) -> None:
    second = replace(FIRST, session_id="s-2", blob="blob-2", mode=SnapshotMode.MEMORY)
    await store.put(FIRST)

    assert await store.put(second) == "blob-1"
    assert await store.of_environment("o-1", "e-1") == second
    assert await store.blobs() == {"blob-2"}


async def test_a_session_stands_for_its_environment(database: Database, store: SqlSnapshotStore) -> None:
    await SqlSessionStore(database).insert(SessionSpec("s-0", "o-1", "e-1", "scout", "scout", max_steps=1))
    await store.put(FIRST)

    assert await store.of_session("o-1", "s-0") == FIRST
    assert await store.of_session("o-2", "s-0") is None


async def test_others_find_nothing(store: SqlSnapshotStore) -> None:
    await store.put(replace(FIRST, is_default=True))

    assert await store.of_environment("o-2", "e-1") is None
    assert await store.of_session("o-2", "s-1") is None
    assert await store.default_of("o-2") is None


async def test_an_organisation_has_one_default(store: SqlSnapshotStore) -> None:
    await store.put(replace(FIRST, is_default=True))
    await store.put(Snapshot("e-2", "o-1", "s-2", "blob-2", 10, SnapshotMode.MEMORY, NOW))
    await store.put(Snapshot("e-9", "o-2", "s-9", "blob-9", 10, SnapshotMode.MEMORY, NOW, is_default=True))
    found = await store.default_of("o-1")
    assert found is not None
    assert found.environment_id == "e-1"

    await store.put(Snapshot("e-2", "o-1", "s-3", "blob-3", 10, SnapshotMode.MEMORY, NOW, is_default=True))
    await store.put(Snapshot("e-2", "o-1", "s-4", "blob-4", 10, SnapshotMode.MEMORY, NOW))  # keeps its place

    found, other = await store.default_of("o-1"), await store.default_of("o-2")
    assert found is not None
    assert other is not None
    assert (found.environment_id, found.blob, other.environment_id) == ("e-2", "blob-4", "e-9")


async def test_old_ones_and_those_of_an_organisation_are_removed(store: SqlSnapshotStore) -> None:
    old = replace(FIRST, saved_at=NOW - timedelta(days=31))
    others = Snapshot("e-9", "o-2", "s-9", "blob-9", 10, SnapshotMode.MEMORY, NOW)
    await store.put(old)
    await store.put(others)

    assert await store.remove_before(NOW - timedelta(days=30)) == (old,)
    assert await store.remove_organisation("o-2") == (others,)
    assert await store.remove_organisation("o-2") == ()
    assert await store.blobs() == frozenset()
