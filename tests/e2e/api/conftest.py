"""A real server process with a data folder of its own, two organisations, and local pages."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import SECONDS, Pages, ServerProcess, serving

from outrider.identities.keys import issue_key
from outrider.interfaces.identities import Organisation
from outrider.storage import Database, SqlKeyStore


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("server") / "data"
    # With a browser ahead of need, as by default.
    settings: dict[str, Any] = {"BODY_TIMEOUT_SECONDS": 1, "HEARTBEAT_SECONDS": 0.2, "MAX_SESSIONS": 4}
    with serving(folder, WARM_BROWSERS=1, **settings) as process:
        yield process
    # Whatever the tests sent: nothing was a defect.
    assert [line for line in process.lines if line.get("level") == "error"] == []


@pytest.fixture(scope="session")
def client(server: ServerProcess) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened


@pytest.fixture(scope="session")
def stranger(server: ServerProcess) -> Iterator[httpx.Client]:
    """A client of another organisation."""
    key, record = issue_key("strangers")

    async def add() -> None:
        async with await Database.open(server.data_dir / "outrider.db") as database:
            store = SqlKeyStore(database)
            await store.add_organisation(Organisation(id="strangers", short_name="strangers"))
            await store.add_key(record)

    asyncio.run(add())
    with server.client(key) as opened:
        yield opened


@pytest.fixture
def session(client: httpx.Client) -> Iterator[str]:
    """The path of a new session."""
    created = client.post("/v1/sessions", json={})
    assert created.status_code == 200, created.text
    path = f"/v1/sessions/{created.json()['session_id']}"
    yield path
    client.delete(path)


@pytest.fixture
def pages() -> Iterator[Pages]:
    with Pages.serving() as server:
        yield server


@pytest.fixture
def busy(client: httpx.Client, session: str, pages: Pages) -> str:
    """The path of a session whose task waits for a slow page."""
    task = {"message": "Read the price.", "start_url": f"{pages.url}/slow"}
    assert client.post(f"{session}/message", json=task).status_code == 200
    assert pages.asked.wait(SECONDS)
    return session
