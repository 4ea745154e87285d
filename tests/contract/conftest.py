"""The implementations that the contracts are checked against. A further one is a further row of ``RECORDS``."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from tests.contract.builders import Record

from outrider.engine import EmbeddedEngine
from outrider.identities.sealing import Sealer
from outrider.interfaces.jobs import JobHandler
from outrider.interfaces.sessions import Engine, SessionStore
from outrider.storage import Database, SqlJobStore, SqlSessionStore

OpenEngine = Callable[..., AbstractAsyncContextManager[Engine]]


@asynccontextmanager
async def sqlite_record(folder: Path) -> AsyncIterator[Record]:
    async with await Database.open(folder / "outrider.db") as database:
        yield Record(SqlSessionStore(database, sealer=Sealer([b"k" * 32])), SqlJobStore(database))


RECORDS = {"sqlite": sqlite_record}


@pytest.fixture(params=sorted(RECORDS))
async def record(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Record]:
    async with RECORDS[request.param](tmp_path) as opened:
        yield opened


@pytest.fixture
def store(record: Record) -> SessionStore:
    return record.sessions


@pytest.fixture
def open_engine(record: Record) -> OpenEngine:
    """Opens engines on the record, one after the other as a restarted server would, or two at once."""

    @asynccontextmanager
    async def embedded(
        max_sessions: int = 16, grace_seconds: float = 5.0, handlers: Mapping[str, JobHandler] | None = None
    ) -> AsyncIterator[Engine]:
        engine = EmbeddedEngine(record.sessions, record.jobs, max_sessions=max_sessions, grace_seconds=grace_seconds)
        for kind, handler in (handlers or {}).items():
            engine.handle(kind, handler)
        async with engine:
            yield engine

    return embedded


@pytest.fixture
async def engine(open_engine: OpenEngine) -> AsyncIterator[Engine]:
    async with open_engine(grace_seconds=0.05) as opened:
        yield opened
