"""Outrider by its rooms: a pool of browsers, and a page of one of them."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from benchmarks.plan import Plan
from outrider.browsers.observation import observe
from outrider.browsers.page import ChromiumPage
from outrider.browsers.pool import BrowserPool
from outrider.config import Settings
from outrider.environments.blobs import FolderBlobs
from outrider.environments.environments import Environments
from outrider.identities.sealing import Sealer
from outrider.interfaces.pages import Browser, Observation
from outrider.storage import Database, SqlSnapshotStore

__all__ = ["index_of", "open_environments", "open_pool", "product_page", "run_script", "script_result"]


@asynccontextmanager
async def open_pool(plan: Plan, warm_browsers: int) -> AsyncIterator[BrowserPool]:
    """A pool with a folder of its own."""
    async with BrowserPool(_settings(plan, warm_browsers)) as pool:
        yield pool


@asynccontextmanager
async def open_environments(plan: Plan) -> AsyncIterator[Environments]:
    """Environments with a pool, a database and a key of their own; none is launched ahead."""
    settings = _settings(plan, warm_browsers=0)
    async with await Database.open(settings.database_path) as database, BrowserPool(settings) as pool:
        blobs = FolderBlobs(settings.snapshots_dir)
        sealer = Sealer([os.urandom(32)])
        async with Environments(pool, SqlSnapshotStore(database), blobs, sealer, settings) as environments:
            yield environments


@asynccontextmanager
async def product_page(plan: Plan) -> AsyncIterator[ChromiumPage]:
    """A page of a browser of its own."""
    async with open_pool(plan, warm_browsers=0) as pool:
        browser = await pool.acquire()
        yield browser.page


async def run_script(page: ChromiumPage, script: str) -> None:
    """Run a script, or wait for its promise, in the page's own world, for which one has to look beneath the page."""
    tab = await page._stage.tabs.current()
    await tab.session.call("Runtime.evaluate", expression=script, awaitPromise=True)


async def script_result(browser: Browser, script: str) -> Any:
    """The value of an expression, or of its promise, in the page's own world; beneath the page as ``run_script``."""
    assert isinstance(browser.page, ChromiumPage)
    tab = await browser.page._stage.tabs.current()
    answer = await tab.session.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
    return answer["result"].get("value")


async def look_anew(page: ChromiumPage) -> Observation:
    """Observe without anything that the page remembers of the last look, as the first look at a document does."""
    tab = await page._stage.tabs.current()
    return await observe(tab, (), 0, 300, anew=True)


def index_of(observation: Observation, name: str) -> int:
    """The index of the element with this accessible name."""
    return next(element.index for element in observation.elements if element.name == name)


def _settings(plan: Plan, warm_browsers: int) -> Settings:
    return Settings(
        data_dir=plan.folder("pool"),
        browser_binary=plan.binary,
        warm_browsers=warm_browsers,
        log_level="warning",
        egress_allow=["localhost"],
    )
