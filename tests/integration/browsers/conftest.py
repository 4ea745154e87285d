"""One server of pages and one pool for the module; a browser of its own for each test that asks for ``page``."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.pages.server import PageServer, serve_pages

from outrider.browsers.browser import Browser
from outrider.browsers.pool import BrowserPool
from outrider.config import Settings
from outrider.interfaces.actions import Navigate
from outrider.interfaces.pages import Element, Page

Open = Callable[[str], Awaitable[Page]]


@pytest.fixture(scope="session")
def pages() -> Iterator[PageServer]:
    with serve_pages() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, warm_browsers=0, action_timeout_seconds=5, navigation_timeout_seconds=10)


@pytest.fixture
async def pool(settings: Settings) -> AsyncIterator[BrowserPool]:
    async with BrowserPool(settings) as pool:
        yield pool


@pytest.fixture
async def browser(pool: BrowserPool) -> Browser:
    return await pool.acquire()


@pytest.fixture
def page(browser: Browser) -> Page:
    return browser.page


@pytest.fixture
def goto(page: Page, pages: PageServer) -> Open:
    """Open one of the test pages by its path."""

    async def open_path(path: str) -> Page:
        await page.act(Navigate(f"{pages.url}/{quote(path, safe='/?=&')}"))
        return page

    return open_path


class Finder:
    """Elements of the page by what a user sees."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def __call__(self, name: str, role: str = "") -> Element:
        observation = await self._page.observe()
        found = [each for each in observation.elements if each.name == name and role in ("", each.role)]
        assert found, f"no {role} “{name}” among {[(each.role, each.name) for each in observation.elements]}"
        return found[0]


@pytest.fixture
def find(page: Page) -> Finder:
    return Finder(page)
