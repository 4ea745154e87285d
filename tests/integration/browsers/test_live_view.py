"""The screencast and DevTools clients beside the agent, on real pages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.integration.browsers.conftest import Finder, Open

from outrider.browsers.browser import Browser
from outrider.interfaces.actions import Click, SwitchTab
from outrider.interfaces.pages import Page
from outrider.problems import OutriderError
from outrider.protocol.live import Keys, Pick, Write

pytestmark = pytest.mark.browser

SECONDS = 10.0


@asynccontextmanager
async def watching(browser: Browser) -> AsyncIterator[asyncio.Queue[bytes]]:
    """The pictures as they come."""
    pictures: asyncio.Queue[bytes] = asyncio.Queue()

    async def take() -> None:
        async for picture in browser.inspection.live_view.pictures():
            pictures.put_nowait(picture)

    task = asyncio.create_task(take())
    try:
        yield pictures
    finally:
        task.cancel()
        await asyncio.wait({task})


async def changed_from(pictures: asyncio.Queue[bytes], old: bytes) -> bytes:
    """The first picture that is another one."""
    async with asyncio.timeout(SECONDS):
        while (new := await pictures.get()) == old:
            continue
    return new


async def test_the_picture_follows_the_current_tab(browser: Browser, goto: Open, find: Finder) -> None:
    page = await goto("actions.html")
    async with watching(browser) as pictures:
        first = await changed_from(pictures, b"")
        link = await find("Open tab")
        effect = await page.act(Click(link.index))
        assert effect.opened_tab
        second = await changed_from(pictures, first)
        await page.act(SwitchTab(0))
        assert await changed_from(pictures, second)
        assert browser.inspection.live_view.url.endswith("actions.html")


async def test_the_agents_screenshots_and_the_viewers_pictures_do_not_meet(browser: Browser, goto: Open) -> None:
    page = await goto("form.html")
    async with watching(browser) as pictures:
        first = await changed_from(pictures, b"")
        for _ in range(3):
            assert (await page.screenshot()).jpeg.startswith(b"\xff\xd8")
        await goto("shop.html")
        assert await changed_from(pictures, first)


async def test_a_page_that_hangs_can_still_be_seen(browser: Browser, goto: Open, page: Page) -> None:
    await goto("form.html")
    tab = await browser.page._stage.tabs.current()
    tab.session.post("Runtime.evaluate", expression="for (;;);")
    async with watching(browser) as pictures:
        assert await changed_from(pictures, b"")
        assert (await page.screenshot()).jpeg


async def test_input_arrives_where_the_focus_is(browser: Browser, goto: Open, page: Page) -> None:
    await goto("form.html")
    tab = await browser.page._stage.tabs.current()
    await tab.session.call("Runtime.evaluate", expression="document.querySelector('input').focus()")
    view = browser.inspection.live_view
    await view.enter(Keys("Control+a"))
    await view.enter(Write("Tea"))
    await view.enter(Keys("!"))
    answer = await tab.session.call("Runtime.evaluate", expression="document.querySelector('input').value")
    assert answer["result"]["value"] == "Tea!"


async def test_a_list_that_no_picture_shows_is_told_and_closed(browser: Browser, goto: Open, find: Finder) -> None:
    await goto("form.html")
    tab = await browser.page._stage.tabs.current()
    view = browser.inspection.live_view

    async def evaluate(script: str) -> object:
        return (await tab.session.call("Runtime.evaluate", expression=script))["result"].get("value")

    assert await view.picker() is None
    await evaluate("document.forms[0].country.focus(); addEventListener('keydown', (e) => { window.key = e.key }); 0")
    await view.enter(Keys("Space"))
    picker = await view.picker()
    assert picker is not None
    assert (picker.kind, picker.value, picker.asked) == ("select", "0", True)
    assert [option.label for option in picker.options][:2] == ["Choose", "Austria"]
    assert await evaluate("window.key") == " "
    again = await view.picker()
    assert again is not None
    assert not again.asked

    await view.pick(Pick(picker.index, "1"))
    assert await evaluate("document.forms[0].country.value") == "at"
    for wrong in ("99", "-1", "x"):
        with pytest.raises(OutriderError) as caught:
            await view.pick(Pick(picker.index, wrong))
        assert caught.value.code == "ELEMENT_NOT_ACTIONABLE"
    await evaluate("document.forms[0].toppings.focus()")  # a list that is part of the page
    assert await view.picker() is None


async def test_viewers_and_clients_hear_of_the_browsers_end(browser: Browser, goto: Open) -> None:
    await goto("form.html")

    async def to_the_end() -> None:
        async for _ in browser.inspection.live_view.pictures():
            continue

    async with browser.inspection.devtools() as client:
        viewer = asyncio.create_task(to_the_end())
        await client.send('{"id": 1, "method": "Browser.getVersion"}')
        async with asyncio.timeout(SECONDS):
            assert b'"product"' in await client.receive()
            await browser.close()
            for end in (viewer, client.receive()):
                with pytest.raises(OutriderError) as caught:
                    await end
                assert caught.value.code == "BROWSER_CRASHED"
