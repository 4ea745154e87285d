"""Sessions of organisations that are removed or disabled, on the real engine and record."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.contract.builders import ready, spec, user_says, worker

from outrider.engine import EmbeddedEngine
from outrider.interfaces.identities import Organisation
from outrider.interfaces.sessions import Call, Change, Command, Lease, MessageType, State
from outrider.sessions.closing import END_CLOSED, Closing
from outrider.storage import Database, SqlJobStore, SqlKeyStore, SqlSessionStore


@dataclass
class House:
    engine: EmbeddedEngine
    sessions: SqlSessionStore
    keys: SqlKeyStore
    jobs: SqlJobStore
    closing: Closing

    async def end(self, organisation: str, word: str) -> None:
        if word == "removed":
            await self.keys.remove_organisation(organisation)
        else:
            await self.keys.change_organisation(organisation, {"disabled": True})

    async def states(self) -> list[State]:
        return [(await self.sessions.get(name)).state for name in SESSIONS]


async def ignore(lease: Lease, item: Command | Call) -> None:
    del lease, item


SESSIONS = ("new", "resting", "running", "waiting", "paused")


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[House]:
    """An organisation with a session in every state, and sessions of others."""
    async with await Database.open(folder / "outrider.db") as database:
        sessions, jobs, keys = SqlSessionStore(database), SqlJobStore(database), SqlKeyStore(database)
        for name in ("org-1", "other"):
            await keys.add_organisation(Organisation(id=name, short_name=name))
        engine = EmbeddedEngine(sessions, jobs, max_sessions=9, grace_seconds=0.1)
        closing = Closing(engine, sessions, lambda: datetime.now(UTC))
        engine.handle(END_CLOSED, closing.look)
        async with engine:
            for name in SESSIONS[1:]:
                await ready(sessions, name)
            for other in (spec("others", "other"), spec("foreign", "of-no-organisation"), spec("new")):
                await sessions.insert(other)
            async with worker(engine, ignore):
                for name in SESSIONS[2:]:
                    await engine.send(name, user_says("Read it."))
                await engine.send("waiting", Change("asked"))
                await engine.send("paused", Change("pause"))
                yield House(engine, sessions, keys, jobs, closing)


@pytest.mark.parametrize("word", ["removed", "disabled"])
async def test_they_end_in_every_state_with_the_reason(tmp_path: Path, word: str) -> None:
    async with house(tmp_path) as opened:
        await opened.closing.end()
        assert State.EXPIRED not in await opened.states()
        await opened.end("org-1", word)
        await opened.closing.end()
        assert set(await opened.states()) == {State.EXPIRED}

        for name in SESSIONS:
            last = (await opened.sessions.messages(name))[-1]
            assert (last.type, last.content) == (MessageType.ERROR, f"The organisation was {word}.")
            assert last.metadata["code"] == "ORGANISATION_CLOSED"
        assert {record.id for record in await opened.sessions.unfinished()} == {"others", "foreign"}
        assert await opened.sessions.of_closed_organisations() == ()


async def test_it_is_looked_again_for_what_has_begun_since(tmp_path: Path) -> None:
    async with house(tmp_path) as opened:
        await opened.end("org-1", "disabled")
        await opened.closing.look({})
        assert set(await opened.states()) == {State.EXPIRED}
        (again,) = await opened.jobs.upcoming(9)
        assert (again.kind, again.key) == (END_CLOSED, END_CLOSED)
        assert 20 < (again.run_at - datetime.now(UTC)).total_seconds() <= 30


async def test_what_was_closed_while_no_server_ran_ends_at_its_start(tmp_path: Path) -> None:
    async with house(tmp_path) as opened:
        await opened.end("org-1", "disabled")
    async with await Database.open(tmp_path / "outrider.db") as database:
        sessions = SqlSessionStore(database)
        engine = EmbeddedEngine(sessions, SqlJobStore(database), max_sessions=9)
        async with engine:
            await Closing(engine, sessions, lambda: datetime.now(UTC)).end()
        assert {record.id for record in await sessions.unfinished()} == {"others", "foreign"}
