"""A record with webhooks on it, without a server: changes go in, deliveries come out."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import pytest
from benchmarks.sides.receiver import Receiver, receiving
from tests.contract.builders import spec

from outrider.engine.bell import Bell
from outrider.identities.sealing import Sealer
from outrider.interfaces.identities import Principal
from outrider.interfaces.sessions import Change, Entry, MessageType
from outrider.interfaces.webhooks import Attempt, Outgoing, Verdict
from outrider.screening.addresses import Policy
from outrider.storage import Database, SqlSessionStore, SqlWebhookStore
from outrider.webhooks.dispatcher import Dispatcher
from outrider.webhooks.operations import WebhookOperations
from outrider.webhooks.sending import Sender

OPERATOR = Principal(organisation_id="org-1", key_id="key-1", key_tail="12345")
SEALER = Sealer([b"k" * 32])
LOOPBACK = Policy.parse(["127.0.0.1", "localhost"])


class WatchedStore(SqlWebhookStore):
    """The store, with a bell that rings after each attempt was recorded."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.bell = Bell()

    async def settle(self, outgoing: Outgoing, attempt: Attempt, verdict: Verdict) -> None:
        await super().settle(outgoing, attempt, verdict)
        self.bell.ring()


@dataclass(frozen=True)
class House:
    """The parts, open; ``sessions`` rings the dispatcher."""

    sessions: SqlSessionStore
    webhooks: WatchedStore
    operations: WebhookOperations

    async def session(self, session_id: str, webhook_url: str | None = None) -> None:
        """A session that has started: one event."""
        await self.sessions.insert(replace(spec(session_id), webhook_url=webhook_url))
        await self.sessions.apply(session_id, Change("started"))

    async def task(self, session_id: str, text: str = "Look") -> None:
        """A task that is done at once: two events."""
        await self.sessions.apply(session_id, Change("message", (Entry(MessageType.USER, text),)))
        await self.sessions.apply(session_id, Change("finished", (Entry(MessageType.DONE, text),)))


class OpenHouse(Protocol):
    def __call__(
        self, *, schedule: Sequence[float] = ..., timeout_seconds: float = ..., policy: Policy = ...
    ) -> AbstractAsyncContextManager[House]: ...


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await Database.open(tmp_path / "outrider.db") as opened:
        yield opened


@pytest.fixture
def open_house(database: Database) -> OpenHouse:
    """Opens the parts on the record, one time after the other as a restarted server would."""

    @asynccontextmanager
    async def opened(
        *, schedule: Sequence[float] = (0.01,) * 20, timeout_seconds: float = 5.0, policy: Policy = LOOPBACK
    ) -> AsyncIterator[House]:
        store = WatchedStore(database)
        async with (
            Sender(policy, timeout_seconds) as sender,
            Dispatcher(store, SEALER, sender, schedule=schedule, vnc_url=lambda _: "http://here/live") as dispatcher,
        ):
            sessions = SqlSessionStore(database, dispatcher.notify)
            yield House(sessions, store, WebhookOperations(store, SEALER, policy, dispatcher.notify))

    return opened


@pytest.fixture
async def house(open_house: OpenHouse) -> AsyncIterator[House]:
    async with open_house() as opened:
        yield opened


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started
