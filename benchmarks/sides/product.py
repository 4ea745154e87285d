"""Outrider by its rooms: a pool of browsers, and a page of one of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.plan import Plan
from outrider.browsers.page import ChromiumPage
from outrider.browsers.pool import BrowserPool
from outrider.config import Settings
from outrider.interfaces.pages import Observation

__all__ = ["index_of", "open_pool", "product_page", "run_script"]


@asynccontextmanager
async def open_pool(plan: Plan, warm_browsers: int) -> AsyncIterator[BrowserPool]:
    """A pool with a folder of its own."""
    settings = Settings(
        data_dir=plan.folder("pool"),
        browser_binary=plan.binary,
        warm_browsers=warm_browsers,
        log_level="warning",
        egress_allow=["localhost"],
    )
    async with BrowserPool(settings) as pool:
        yield pool


@asynccontextmanager
async def product_page(plan: Plan) -> AsyncIterator[ChromiumPage]:
    """A page of a browser of its own."""
    async with open_pool(plan, warm_browsers=0) as pool:
        browser = await pool.acquire()
        yield browser.page


async def run_script(page: ChromiumPage, script: str) -> None:
    """Run a script in the page's own world. A page offers no way to do so, hence the look beneath it."""
    tab = await page._stage.tabs.current()
    await tab.session.send("Runtime.evaluate", expression=script)


def index_of(observation: Observation, name: str) -> int:
    """The index of the element with this accessible name."""
    return next(element.index for element in observation.elements if element.name == name)
