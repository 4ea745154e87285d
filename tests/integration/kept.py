"""A browser that serves test after test of a file, for what says nothing about browsers but about pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from outrider.browsers.browser import Browser
from outrider.browsers.pool import BrowserPool
from outrider.config import Settings

__all__ = ["blank", "keeping", "on_one_loop"]


@asynccontextmanager
async def keeping(folder: Path) -> AsyncIterator[Browser]:
    """One browser for as long as the block runs."""
    settings = Settings(data_dir=folder, warm_browsers=0, action_timeout_seconds=5, navigation_timeout_seconds=10)
    async with BrowserPool(settings) as pool:
        yield await pool.acquire()


async def blank(browser: Browser) -> None:
    """One tab with an empty page, no cookies, no files: looked beneath, since no session is ever used twice."""
    first, *others = browser.page._stage.tabs
    for tab in others:
        await tab.session.call("Page.close")
    await first.session.call("Page.navigate", url="about:blank")
    await browser._root.call("Storage.clearCookies")
    for file in browser.uploads.iterdir():
        file.unlink()


def on_one_loop(items: list[pytest.Item], folder: Path) -> None:
    """The asynchronous tests of a folder share the event loop of their file, as they share its browser."""
    for item in items:
        if folder in item.path.parents and item.get_closest_marker("asyncio"):
            item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)
