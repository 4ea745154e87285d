"""What pages show and take: one browser for the tests of a file, emptied in between."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from tests.integration.kept import blank, keeping, on_one_loop

from outrider.browsers.browser import Browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    on_one_loop(items, Path(__file__).parent)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def kept(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with keeping(tmp_path_factory.mktemp("kept")) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def browser(kept: Browser) -> Browser:
    await blank(kept)
    return kept
