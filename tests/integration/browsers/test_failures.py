"""Pages and browsers that crash or hang."""

import asyncio
import os
import signal

import pytest
from tests.integration.browsers.conftest import Finder, Open
from tests.pages.server import PageServer

from outrider.browsers.browser import Browser
from outrider.interfaces.actions import Click, Navigate
from outrider.problems import OutriderError

pytestmark = pytest.mark.browser


async def test_a_crashed_page_is_replaced(browser: Browser, pages: PageServer, goto: Open) -> None:
    page = await goto("form.html")
    tab = await browser.page._stage.tabs.current()
    waiting = asyncio.create_task(tab.call("nextChange", 60_000))
    tab.session.post("Page.navigate", url="chrome://crash")
    with pytest.raises(OutriderError) as caught:
        await asyncio.wait_for(waiting, 5)
    assert caught.value.code == "PAGE_CRASHED"
    assert (await page.observe()).url == "about:blank"
    assert (await page.act(Navigate(f"{pages.url}/other.html"))).title == "Other"
    assert len((await page.observe()).tabs) == 1


async def test_a_killed_browser_fails_everything_at_once(browser: Browser, goto: Open) -> None:
    page = await goto("form.html")
    tab = await browser.page._stage.tabs.current()
    waiting = asyncio.create_task(tab.call("nextChange", 60_000))
    ended = asyncio.create_task(browser.ended())
    os.kill(browser.pid, signal.SIGKILL)
    with pytest.raises(OutriderError) as caught:
        await asyncio.wait_for(waiting, 5)
    assert caught.value.code == "BROWSER_CRASHED"
    assert "SIGKILL" in (await ended).cause
    for call in (page.observe, page.screenshot):
        with pytest.raises(OutriderError) as caught:
            await call()
        assert caught.value.code == "BROWSER_CRASHED"
    await browser.close()
    assert not browser.folder.exists()


async def test_a_page_that_hangs_can_be_left(goto: Open, find: Finder, browser: Browser, pages: PageServer) -> None:
    page = await goto("actions.html")
    index = (await find("Hang")).index
    with pytest.raises(OutriderError) as caught:
        await page.act(Click(index))
    assert caught.value.code == "PAGE_UNRESPONSIVE"
    picture = await page.screenshot()
    assert picture.title == "Actions"
    assert (await page.act(Navigate(f"{pages.url}/other.html"))).title == "Other"


async def test_a_hanging_browser_closes_in_time(goto: Open, find: Finder, browser: Browser) -> None:
    page = await goto("actions.html")
    hanging = asyncio.create_task(page.act(Click((await find("Hang")).index)))
    await asyncio.wait([hanging], timeout=0.2)
    async with asyncio.timeout(3):
        await browser.close()
    with pytest.raises(OutriderError) as caught:
        await hanging
    assert caught.value.code == "BROWSER_CRASHED"
