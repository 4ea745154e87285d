"""The gate before a new session: per organisation, also for many at once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.contract.builders import spec

from outrider.config import load_settings
from outrider.interfaces.sessions import Change
from outrider.problems import OutriderError
from outrider.sessions.admission import Admission
from outrider.storage import Database, SqlSessionStore

LIMIT = 3


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlSessionStore]:
    async with await Database.open(tmp_path / "outrider.db") as database:
        yield SqlSessionStore(database)


def gate(store: SqlSessionStore, *, limit: int = LIMIT) -> Admission:
    return Admission(store, load_settings(max_sessions_per_organisation=limit))


async def create(admission: Admission, store: SqlSessionStore, number: int, organisation_id: str = "org-1") -> str:
    """“stored”, or the code of the refusal with its facts."""
    try:
        async with admission.admitted(organisation_id):
            await store.insert(spec(f"{organisation_id}-{number}", organisation_id))
    except OutriderError as problem:
        return f"{problem.code} {problem.facts['limit']} {problem.facts['current']} {problem.retry_after_seconds}"
    return "stored"


async def test_an_organisation_has_so_many_sessions_however_many_come_at_once(store: SqlSessionStore) -> None:
    admission = gate(store)
    answers = await asyncio.gather(*(create(admission, store, number) for number in range(10)))
    assert sorted(answers) == ["ORGANISATION_LIMIT_REACHED 3 3 10"] * 7 + ["stored"] * 3
    assert await create(admission, store, 0, "org-2") == "stored"

    await store.apply("org-1-0", Change(event="delete"))
    assert await create(admission, store, 11) == "stored"


async def test_without_a_limit_there_is_none(store: SqlSessionStore) -> None:
    admission = gate(store, limit=0)
    assert [await create(admission, store, number) for number in range(20)] == ["stored"] * 20
