"""The gate before a new session: per organisation, also for many at once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.contract.builders import spec
from tests.unit.limits.gates import principal

from outrider.config import load_settings
from outrider.interfaces.sessions import Change
from outrider.limits.plans import Plans
from outrider.limits.quotas import SessionQuota
from outrider.problems import OutriderError
from outrider.storage import Database, SqlSessionStore

LIMIT = 3


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlSessionStore]:
    async with await Database.open(tmp_path / "outrider.db") as database:
        yield SqlSessionStore(database)


def gate(store: SqlSessionStore, *, limit: int = LIMIT) -> SessionQuota:
    return SessionQuota(store, Plans(load_settings(max_sessions_per_organisation=limit)))


async def create(
    admission: SessionQuota, store: SqlSessionStore, number: int, organisation_id: str = "org-1", **limits: Any
) -> str:
    """“stored”, or the code of the refusal with its facts."""
    try:
        async with admission.admitted(principal(organisation=organisation_id, limits=limits)):
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


async def test_an_organisation_may_have_a_limit_of_its_own(store: SqlSessionStore) -> None:
    admission = gate(store)
    answers = [await create(admission, store, number, max_sessions=1) for number in range(2)]
    assert answers == ["stored", "ORGANISATION_LIMIT_REACHED 1 1 10"]
    answers = [await create(admission, store, number, "org-2", max_sessions=0) for number in range(LIMIT + 1)]
    assert answers == ["stored"] * (LIMIT + 1)
