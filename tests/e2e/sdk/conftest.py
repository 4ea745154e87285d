"""A server of its own for each module, and a site for its browsers."""

from collections.abc import Iterator

import pytest
from tests.e2e.api.conftest import pages
from tests.e2e.api.serving import ServerProcess, serving

__all__ = ["pages", "server"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with serving(tmp_path_factory.mktemp("server") / "data", MAX_SESSIONS=4, HEARTBEAT_SECONDS=0.2) as process:
        yield process
