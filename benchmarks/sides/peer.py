"""Playwright, driving the same browser binary as the other candidates."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, Playwright, async_playwright

from benchmarks.sides.devtools import FLAGS

__all__ = ["ai_snapshot", "launch", "new_page", "peer_page", "playwright_driver"]

_VIEWPORT_WIDTH, _VIEWPORT_HEIGHT = 1280, 800


@asynccontextmanager
async def playwright_driver() -> AsyncIterator[Playwright]:
    """Playwright's driver process; its start is never part of a sample."""
    async with async_playwright() as driver:
        yield driver


async def launch(driver: Playwright, binary: Path) -> Browser:
    """A browser process, with Playwright's own flags and ours."""
    return await driver.chromium.launch(executable_path=binary, args=list(FLAGS))


async def new_page(browser: Browser) -> Page:
    """A page in a context of its own, as large as the other candidates' pages."""
    context = await browser.new_context(viewport={"width": _VIEWPORT_WIDTH, "height": _VIEWPORT_HEIGHT})
    return await context.new_page()


@asynccontextmanager
async def peer_page(driver: Playwright, binary: Path) -> AsyncIterator[Page]:
    """A page of a browser of its own."""
    browser = await launch(driver, binary)
    try:
        yield await new_page(browser)
    finally:
        await browser.close()


async def ai_snapshot(page: Page) -> str:
    """What Playwright gives a model: the accessibility tree with references, frames included."""
    return await page.aria_snapshot(mode="ai")
