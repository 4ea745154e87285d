"""A server that may deliver to this machine, and receivers."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from benchmarks.sides.receiver import Receiver, receiving
from tests.e2e.api.conftest import pages
from tests.e2e.api.serving import ServerProcess, serving

__all__ = ["TIMEOUT_SECONDS", "pages"]

#: For receivers to answer: what they take on a loaded machine is no failure.
TIMEOUT_SECONDS = 2.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("webhooks") / "data"
    settings: dict[str, Any] = {
        "WEBHOOK_RETRY_SECONDS": "0.01,0.02",
        "WEBHOOK_TIMEOUT_SECONDS": TIMEOUT_SECONDS,
        "EGRESS_ALLOW": "127.0.0.1",
    }
    with serving(folder, **settings) as process:
        yield process
    assert [line for line in process.lines if line.get("level") == "error"] == []


@pytest.fixture(scope="module")
def client(server: ServerProcess) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started
