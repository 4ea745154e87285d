"""Organisations and keys for a server that runs, whatever they may do."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from outrider.identities.keys import issue_key
from outrider.interfaces.identities import EVERYTHING, Organisation
from outrider.storage import Database, SqlKeyStore

#: Makes an organisation with one key, and returns the key.
MakeKey = Callable[..., str]


@pytest.fixture(scope="session")
def make_key() -> MakeKey:
    def make(data_dir: Path, organisation: str, limits: dict[str, Any] | None = None, **fields: Any) -> str:
        key, record = issue_key(organisation, **{"scopes": frozenset({EVERYTHING}), **fields})

        async def add() -> None:
            async with await Database.open(data_dir / "outrider.db") as database:
                store = SqlKeyStore(database)
                values: dict[str, Any] = {"plan": "free", **(limits or {})}
                if await store.find_organisation(organisation) is None:
                    await store.add_organisation(Organisation(id=organisation, short_name=organisation, **values))
                await store.add_key(record)

        asyncio.run(add())
        return key

    return make
