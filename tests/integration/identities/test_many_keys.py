"""Many keys in a real database: how long a request waits for who it is, and what gets into the database of it."""

import time
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from sqlalchemy import event, insert

from outrider.identities.authentication import Authentication
from outrider.identities.keys import Keys, issue_key
from outrider.identities.last_use import LastUse
from outrider.identities.principals import Principals
from outrider.identities.tokens import Tokens
from outrider.interfaces.identities import KeyRecord, Organisation
from outrider.problems import OutriderError
from outrider.storage import Database, SqlKeyStore
from outrider.storage.keys import _row_of
from outrider.storage.schema import keys, organisations

ORGANISATIONS, KEYS = 200, 5_000
#: Of the time that the gate may take as a whole, which is 0.3 ms.
MEDIAN_SECONDS = 0.0001


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await Database.open(tmp_path / "outrider.db") as opened:
        yield opened


def authentication_with(store: SqlKeyStore, uses: LastUse) -> Authentication:
    principals = Principals()
    return Authentication(Keys(store, principals), Tokens((), store, principals), uses)


async def many(database: Database) -> Mapping[str, KeyRecord]:
    owners = [Organisation(id=f"org_{number}", short_name=f"o{number}") for number in range(ORGANISATIONS)]
    issued = [issue_key(f"org_{number % ORGANISATIONS}") for number in range(KEYS)]
    await database.write(lambda connection: connection.execute(insert(organisations), [*map(_row_of, owners)]))
    rows = [_row_of(record) for _, record in issued]
    await database.write(lambda connection: connection.execute(insert(keys), rows))
    return dict(issued)


async def test_a_known_key_costs_no_look_into_the_database(database: Database) -> None:
    store = SqlKeyStore(database)
    authentication = authentication_with(store, LastUse(store))
    issued = await many(database)
    for key, record in issued.items():
        principal = await authentication.authenticate({"authorization": f"Bearer {key}"})
        assert (principal.key_id, principal.organisation_id) == (record.id, record.organisation_id)

    asked: list[str] = []
    event.listen(database._reading, "before_cursor_execute", lambda *given: asked.append(given[2]))
    took = []
    for key in issued:
        started = time.perf_counter()
        await authentication.authenticate({"authorization": f"Bearer {key}"})
        took.append(time.perf_counter() - started)
    assert asked == []
    assert median(took) < MEDIAN_SECONDS


async def test_uses_are_written_together_and_outlive_the_server(tmp_path: Path) -> None:
    path = tmp_path / "outrider.db"
    async with await Database.open(path) as database:
        store = SqlKeyStore(database)
        await store.add_organisation(Organisation(id="o", short_name="o"))
        used, unused = [issue_key("o") for _ in range(2)]
        for _, record in (used, unused):
            await store.add_key(record)
        uses = LastUse(store, pause_seconds=3600)
        authentication = authentication_with(store, uses)
        written: list[str] = []
        event.listen(database._writing, "before_cursor_execute", lambda *given: written.append(given[2]))
        async with uses.writing():
            for _ in range(100):
                await authentication.authenticate({"x-api-key": used[0]})
            assert written == []
        assert [statement[:11] for statement in written if "keys" in statement] == ["UPDATE keys"]
    async with await Database.open(path) as database:
        store = SqlKeyStore(database)
        at = (await store.key(used[1].id)).last_used_at
        assert at is not None
        assert datetime.now(UTC) - at < timedelta(minutes=1)
        assert (await store.key(unused[1].id)).last_used_at is None


async def test_uses_that_could_not_be_written_are_written_later(database: Database) -> None:
    class Failing(SqlKeyStore):
        fails = True

        async def note_uses(self, uses: Any) -> None:
            if self.fails:
                raise OutriderError("STORAGE_FAILED", reason="The disk is full.")
            await super().note_uses(uses)

    store = Failing(database)
    await store.add_organisation(Organisation(id="o", short_name="o"))
    _, record = issue_key("o")
    await store.add_key(record)
    uses, at = LastUse(store), datetime(2026, 1, 2, tzinfo=UTC)
    uses.note(record.id, at)
    with pytest.raises(OutriderError):
        await uses.write()
    store.fails = False
    await uses.write()
    assert (await store.key(record.id)).last_used_at == at
