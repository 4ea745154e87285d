"""One server per file, two organisations, and something on this machine that accepts connections and says nothing."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import SECONDS, Pages, ServerProcess, serving

from outrider.identities.keys import issue_key
from outrider.interfaces.identities import Organisation
from outrider.storage import Database, SqlKeyStore

#: What servers have been given beside what a file asks for.
SETTINGS: dict[str, Any] = {"WARM_BROWSERS": 0, "BODY_TIMEOUT_SECONDS": 1, "EGRESS_ALLOW": "127.0.0.1,localhost"}


@pytest.fixture(scope="module")
def settings() -> dict[str, Any]:
    """Of the file's server; a file may have its own."""
    return {}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, settings: dict[str, Any]) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("server") / "data"
    with serving(folder, **SETTINGS, **settings) as process:
        yield process
    assert [line for line in process.lines if line.get("level") == "error"] == []


@pytest.fixture(scope="module")
def client(server: ServerProcess) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened


@pytest.fixture(scope="module")
def stranger(server: ServerProcess) -> Iterator[httpx.Client]:
    """A client of another organisation."""
    with server.client(add_key(server, "strangers")) as opened:
        yield opened


def add_key(server: ServerProcess, organisation: str) -> str:
    """A key of an organisation, which is made if there is none."""
    key, record = issue_key(organisation)

    async def add() -> None:
        async with await Database.open(server.data_dir / "outrider.db") as database:
            store = SqlKeyStore(database)
            with suppress(Exception):
                await store.add_organisation(Organisation(id=organisation, short_name=organisation))
            await store.add_key(record)

    asyncio.run(add())
    return key


@pytest.fixture
def pages() -> Iterator[Pages]:
    with Pages.serving() as server:
        yield server


@dataclass
class Silent:
    """A listener that says nothing, until it is told to end, to whoever connects."""

    listener: socket.socket
    connections: list[socket.socket] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.listener.getsockname()[1]}/devtools/browser/x"

    def accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                with self.news:
                    self.connections.append(connection)
                    self.news.notify_all()

    def wait_for(self, count: int) -> None:
        """Until so many have connected."""
        with self.news:
            assert self.news.wait_for(lambda: len(self.connections) >= count, SECONDS)

    def wait_for_end(self, number: int) -> None:
        """Until one of them has gone."""
        connection = self.connections[number]
        connection.settimeout(SECONDS)
        while connection.recv(65_536):
            continue

    def end(self) -> None:
        """Hang up on all."""
        for connection in self.connections:
            connection.close()


@pytest.fixture
def silent() -> Iterator[Silent]:
    listener = socket.create_server(("127.0.0.1", 0))
    silent = Silent(listener)
    thread = threading.Thread(target=silent.accept)
    thread.start()
    yield silent
    silent.end()
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(SECONDS)
