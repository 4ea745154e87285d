"""Outrider by its rooms: a pool of browsers, and a page of one of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.plan import Plan
from outrider.browsers.pool import BrowserPool
from outrider.config import Settings
from outrider.interfaces import pages

__all__ = ["index_of", "open_pool", "product_page"]


@asynccontextmanager
async def open_pool(plan: Plan, warm_browsers: int) -> AsyncIterator[pages.BrowserPool]:
    """A pool with a folder of its own."""
    settings = Settings(
        data_dir=plan.folder("pool"), browser_binary=plan.binary, warm_browsers=warm_browsers, log_level="warning"
    )
    async with BrowserPool(settings) as pool:
        yield pool


@asynccontextmanager
async def product_page(plan: Plan) -> AsyncIterator[pages.Page]:
    """A page of a browser of its own."""
    async with open_pool(plan, warm_browsers=0) as pool:
        browser = await pool.acquire()
        yield browser.page


def index_of(observation: pages.Observation, name: str) -> int:
    """The index of the element with this accessible name."""
    return next(element.index for element in observation.elements if element.name == name)
