"""Pages whose next document is long in coming: what looks at them, and what takes its place."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from urllib.parse import quote

import pytest
from tests.pages.server import PageServer, serve_pages

from outrider.browsers.page import ChromiumPage
from outrider.browsers.pool import BrowserPool
from outrider.config import Settings
from outrider.interfaces.actions import Click, Navigate
from outrider.problems import OutriderError

pytestmark = pytest.mark.browser

ACTION_SECONDS = 1.0
SECONDS = 20.0


@pytest.fixture
def slow() -> Iterator[PageServer]:
    """A server of its own, so that ``/held`` is held until the test lets go."""
    with serve_pages() as server:
        yield server


@pytest.fixture
async def page(settings: Settings) -> AsyncIterator[ChromiumPage]:
    given = {"action_timeout_seconds": ACTION_SECONDS, "navigation_timeout_seconds": SECONDS}
    async with BrowserPool(settings.model_copy(update=given)) as pool:
        yield (await pool.acquire()).page


async def until_asked(page: ChromiumPage) -> None:
    """Until the browser waits for a document."""
    activity = (await page._stage.tabs.current()).activity
    assert await activity.until(lambda: activity.between_documents, SECONDS)


def running(server: PageServer, script: str) -> str:
    """The address of a page that runs a script as it loads."""
    return f"{server.url}/script?run={quote(script)}"


async def with_link(page: ChromiumPage, server: PageServer) -> Click:
    """A page with one link, to a document that is held."""
    await page.act(Navigate(running(server, "document.body.innerHTML = '<a href=/held>Go</a>'")))
    return Click((await page.observe()).elements[0].index)


@pytest.mark.parametrize("by", ["client", "page"])
async def test_a_look_waits_for_the_next_document(page: ChromiumPage, slow: PageServer, by: str) -> None:
    link = await with_link(page, slow)
    opening = asyncio.create_task(page.open(f"{slow.url}/held") if by == "client" else page.act(link))
    await until_asked(page)
    looking = asyncio.create_task(page.observe())
    await asyncio.wait([looking, opening], timeout=2 * ACTION_SECONDS)
    assert not looking.done()
    slow.release()
    assert (await looking).title == "Late"
    assert (await opening).title == "Late"


async def test_a_look_at_once_after_the_document_was_asked_for(page: ChromiumPage, slow: PageServer) -> None:
    """The browser has not said yet that it waits for one."""
    await page.act(Navigate(f"{slow.url}/other.html"))
    opening, looking = asyncio.create_task(page.open(f"{slow.url}/held")), asyncio.create_task(page.observe())
    await until_asked(page)
    await asyncio.wait([looking], timeout=2 * ACTION_SECONDS)
    assert not looking.done()
    slow.release()
    assert (await looking).title == "Late"
    assert (await opening).title == "Late"


async def test_a_document_that_does_not_come(settings: Settings, slow: PageServer) -> None:
    given = {"action_timeout_seconds": ACTION_SECONDS, "navigation_timeout_seconds": ACTION_SECONDS}
    async with BrowserPool(settings.model_copy(update=given)) as pool:
        page = (await pool.acquire()).page
        await page.act(Navigate(f"{slow.url}/other.html"))
        (await page._stage.tabs.current()).session.post("Runtime.evaluate", expression="location.href = '/held'")
        await until_asked(page)
        with pytest.raises(OutriderError) as caught:
            await page.observe()
        assert (caught.value.code, caught.value.facts["url"]) == ("NAVIGATION_TIMEOUT", f"{slow.url}/held")
        assert (await page.observe()).title == "Other"


@pytest.mark.parametrize(
    "hang", ["location.hash = 'x'; for (;;);", "setTimeout(() => { location.hash = 'x'; for (;;); })"]
)
async def test_a_page_that_hangs_is_no_page_that_waits(page: ChromiumPage, slow: PageServer, hang: str) -> None:
    await page.act(Navigate(f"{slow.url}/other.html"))
    tab = await page._stage.tabs.current()
    tab.session.post("Page.navigate", url=running(slow, hang))
    assert await tab.activity.until(lambda: bool(tab.activity.moves), SECONDS)
    async with asyncio.timeout(SECONDS / 2):
        with pytest.raises(OutriderError) as caught:
            await page.observe()
    assert caught.value.code == "PAGE_UNRESPONSIVE"
    assert (await page.open(f"{slow.url}/other.html")).title == "Other"


async def test_a_later_address_takes_the_place_of_an_earlier_one(page: ChromiumPage, slow: PageServer) -> None:
    first = asyncio.create_task(page.open(f"{slow.url}/held"))
    await until_asked(page)
    second = asyncio.create_task(page.open(f"{slow.url}/held"))
    third = asyncio.create_task(page.open(f"{slow.url}/other.html"))
    async with asyncio.timeout(SECONDS / 2):
        assert (await third).title == "Other"
        for replaced in (first, second):
            with pytest.raises(OutriderError) as caught:
                await replaced
            assert caught.value.code == "NAVIGATION_REPLACED"
    assert (await page.observe()).title == "Other"


async def test_an_address_at_once_after_another(page: ChromiumPage, slow: PageServer) -> None:
    """Whether the browser has begun with the first one or not."""
    for turns in range(1, 7):
        first = asyncio.create_task(page.act(Navigate(f"{slow.url}/held")))
        for _ in range(turns):
            await asyncio.sleep(0)
        async with asyncio.timeout(SECONDS / 2):
            assert (await page.open(f"{slow.url}/other.html?{turns}")).url.endswith(f"?{turns}")
            with pytest.raises(OutriderError) as caught:
                await first
        assert caught.value.code == "NAVIGATION_REPLACED"


async def test_what_a_click_loads_gives_way_to_an_address(page: ChromiumPage, slow: PageServer) -> None:
    clicking = asyncio.create_task(page.act(await with_link(page, slow)))
    await until_asked(page)
    async with asyncio.timeout(SECONDS / 2):
        assert (await page.open(f"{slow.url}/other.html")).title == "Other"
        assert (await clicking).navigated is False
