"""A server for the walk through the API, and a site that can hang in every way."""

import threading
from collections.abc import Iterator

import httpx
import pytest
from tests.e2e.api.conftest import busy, client, pages, session
from tests.e2e.api.serving import SECONDS, ServerProcess, serving
from tests.e2e.conformance.hanging import HangingSite

__all__ = ["busy", "client", "pages", "session"]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("conformance") / "data"
    with serving(folder, HEARTBEAT_SECONDS=0.2, MAX_SESSIONS=4) as process:
        yield process
    assert [line for line in process.lines if line.get("level") == "error"] == []


@pytest.fixture
def hanging() -> Iterator[HangingSite]:
    with HangingSite() as site:
        thread = threading.Thread(target=site.serve_forever, args=(0.02,))
        thread.start()
        yield site
        site.release.set()
        site.shutdown()
        thread.join(SECONDS)


@pytest.fixture
def fields(client: httpx.Client, session: str) -> dict[str, object]:
    """The session object."""
    body: dict[str, object] = client.get(session).json()
    return body
