"""One shop for all tests of this folder; each task of theirs has a basket of its own."""

from collections.abc import AsyncIterator

import pytest_asyncio
from demo.shopkeeper import Shop, open_shop


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shop() -> AsyncIterator[Shop]:
    async with open_shop() as opened:
        yield opened
