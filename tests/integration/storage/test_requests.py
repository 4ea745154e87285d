"""The record of requests and claims on idempotency keys, on a real database."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from outrider.api.recorder import GROUP_SECONDS, Recorder
from outrider.interfaces.requests import RequestEntry, RequestFilter
from outrider.problems import OutriderError
from outrider.storage import Database, SqlIdempotencyStore, SqlRequestStore
from outrider.storage.purging import PURGE_GROUP

NOW = datetime(2026, 1, 31, 9, 5, tzinfo=UTC)
ENTRY = RequestEntry("req_0", "o1", "key_1", "abcde", "GET", "http://x/", 200, "", 1.5, "", "", NOW)
ALL = RequestFilter()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await Database.open(tmp_path / "outrider.db") as opened:
        yield opened


def numbered(count: int, **fields: object) -> tuple[RequestEntry, ...]:
    return tuple(replace(ENTRY, id=f"req_{number}", **fields) for number in range(count))  # type: ignore[arg-type]


async def test_entries_come_back_as_they_were_the_newest_first(database: Database) -> None:
    store = SqlRequestStore(database)
    await store.add(
        (ENTRY, replace(ENTRY, id="req_1", status=404, code="X"), replace(ENTRY, id="req_2", organisation_id="o2"))
    )
    found = await store.find("o1", ALL, 10)
    assert [entry.id for entry in found] == ["req_1", "req_0"]
    assert replace(found[1], number=0) == ENTRY
    assert await store.get("o1", "req_0") == found[1]
    for organisation, request_id in (("o2", "req_0"), ("o1", "req_9")):
        with pytest.raises(OutriderError, match="no record"):
            await store.get(organisation, request_id)


async def test_what_is_older_is_removed(database: Database) -> None:
    store, count = SqlRequestStore(database), 2 * PURGE_GROUP + 1
    await store.add(numbered(count))
    await store.add((replace(ENTRY, id="req_new", at=NOW + timedelta(days=1)),))
    assert await store.purge(NOW) == 0
    assert await store.purge(NOW + timedelta(seconds=1)) == count
    assert [entry.id for entry in await store.find("o1", ALL, 10)] == ["req_new"]


class Telling(SqlRequestStore):
    """A store that tells when something was written."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.written = asyncio.Event()
        self.groups = 0

    async def add(self, entries: tuple[RequestEntry, ...]) -> None:
        await super().add(entries)
        self.groups += 1
        self.written.set()


async def test_the_recorder_writes_in_groups_and_what_is_left_when_it_closes(database: Database) -> None:
    store = Telling(database)
    async with Recorder(store) as recorder:
        for entry in numbered(100):
            recorder.note(entry)
        assert await store.find("o1", ALL, 1) == ()  # nobody has waited
        async with asyncio.timeout(GROUP_SECONDS + 5):
            await store.written.wait()
        assert (len(await store.find("o1", ALL, 200)), store.groups) == (100, 1)
        recorder.note(replace(ENTRY, id="req_last"))
    assert (await store.find("o1", ALL, 1))[0].id == "req_last"


async def test_a_store_that_fails_takes_no_answer_down(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "outrider.db")
    store = SqlRequestStore(database)
    async with Recorder(store) as recorder:
        await database.close()
        recorder.note(ENTRY)
        await recorder.flush()


async def test_a_key_is_claimed_once_for_as_long_as_it_is_kept(database: Database) -> None:
    store, kept = SqlIdempotencyStore(database), timedelta(hours=24)
    assert await store.claim("c", b"first", NOW, NOW - kept) is None
    later = NOW + kept
    assert await store.claim("c", b"second", later, later - kept) == b"first"
    await store.settle("c", b"answer")
    assert await store.claim("c", b"second", later, later - kept) == b"answer"
    later += timedelta(seconds=1)
    assert await store.claim("c", b"third", later, later - kept) is None
    await store.release("c")
    assert await store.claim("c", b"fourth", later, later - kept) is None
    assert await store.purge(later) == 0
    assert await store.purge(later + timedelta(seconds=1)) == 1


async def test_of_many_claims_at_once_one_is_the_first(database: Database) -> None:
    store = SqlIdempotencyStore(database)
    claims = (store.claim("c", bytes([number]), NOW, NOW) for number in range(20))
    found = await asyncio.gather(*claims)
    assert found.count(None) == 1
    assert len(set(found)) == 2
