"""The log of a session, as its owner writes it and a subscriber reads it: Outrider's engine over SQLite."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from benchmarks.plan import Plan
from outrider.engine import EmbeddedEngine
from outrider.interfaces.identities import Organisation
from outrider.interfaces.sessions import Change, Entry, Lease, Message, MessageType, SessionSpec
from outrider.storage import Database, SqlJobStore, SqlKeyStore, SqlSessionStore

__all__ = ["Log", "open_log"]

_ORGANISATION = "benchmarks"


class Log:
    """The log of one session."""

    def __init__(self, engine: EmbeddedEngine, lease: Lease) -> None:
        self._engine = engine
        self._lease = lease

    async def append(self, text: str) -> None:
        """Write an entry; it is durable when this returns."""
        await self._lease.append(Change(entries=(Entry(MessageType.LOG, text, {"event": "step"}),)))

    async def texts(self) -> AsyncGenerator[str, None]:
        """What is in the log, and then what comes."""
        async for message in self._engine.tail(self._lease.session.id):
            if isinstance(message, Message):
                yield str(message.content)


@asynccontextmanager
async def open_log(plan: Plan) -> AsyncIterator[Log]:
    """The log of a new session in a database of its own."""
    async with await Database.open(plan.folder("log") / "outrider.db") as database:
        await SqlKeyStore(database).add_organisation(Organisation(id=_ORGANISATION, short_name=_ORGANISATION))
        async with EmbeddedEngine(SqlSessionStore(database), SqlJobStore(database), max_sessions=1) as engine:
            leases = engine.leases(1)
            await engine.create(_spec())
            lease = await anext(leases)
            try:
                yield Log(engine, lease)
            finally:
                await lease.release()


def _spec() -> SessionSpec:
    return SessionSpec(
        id=str(uuid4()),
        organisation_id=_ORGANISATION,
        environment_id=str(uuid4()),
        agent_name="scout",
        model="scout",
        max_steps=100,
    )
