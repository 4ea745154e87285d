"""Opening addresses, and every way in which that fails."""

import asyncio
import socket

import pytest
from tests.integration.browsers.conftest import Finder, Open
from tests.pages.server import PageServer

from outrider.browsers.browser import Browser
from outrider.browsers.pool import BrowserPool
from outrider.config import Settings
from outrider.interfaces.actions import Back, Click, Navigate
from outrider.interfaces.pages import Page
from outrider.problems import OutriderError

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "url",
    [
        "", "file:///etc/passwd", "chrome://version", "javascript:1", "http://", "other.html", "data:text/html,x",
        "view-source:http://127.0.0.1/", "http://127.0.0.1:99999/",
    ],
)  # fmt: skip
async def test_only_web_addresses_are_opened(page: Page, url: str) -> None:
    with pytest.raises(OutriderError) as caught:
        await page.act(Navigate(url))
    assert caught.value.code == "INVALID_URL"


async def test_network_errors_are_put_into_words(page: Page, pages: PageServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    for url, code, words in [
        (f"http://127.0.0.1:{port}/", "NAVIGATION_FAILED", "connection was refused (ERR_CONNECTION_REFUSED)"),
        (f"{pages.url}/loop", "NAVIGATION_REFUSED", "redirects without end (ERR_TOO_MANY_REDIRECTS)"),
        (f"{pages.url}/nothing", "NAVIGATION_FAILED", "ERR_ABORTED"),
        ("http://127.0.0.1:1/", "NAVIGATION_REFUSED", "ERR_UNSAFE_PORT"),
    ]:
        with pytest.raises(OutriderError) as caught:
            await page.act(Navigate(url))
        assert caught.value.code == code
        assert words in caught.value.message
        assert (await page.screenshot()).jpeg


async def test_pages_of_http_errors_are_pages(page: Page, pages: PageServer) -> None:
    assert (await page.act(Navigate(f"{pages.url}/missing.html"))).title == "Not found"
    assert (await page.act(Navigate(f"{pages.url}/failure"))).title == "Broken"


async def test_an_address_that_is_a_file_is_downloaded(page: Page, pages: PageServer, browser: Browser) -> None:
    effect = await page.act(Navigate(f"{pages.url}/file?name=..%2F..%2Fevil.txt"))
    assert effect.downloads == ("_.._evil.txt",)
    assert (browser.folder / "downloads" / effect.downloads[0]).is_file()


async def test_a_site_that_does_not_answer(settings: Settings, pages: PageServer) -> None:
    quick = settings.model_copy(update={"navigation_timeout_seconds": 0.5})
    async with BrowserPool(quick) as pool:
        page = (await pool.acquire()).page
        with pytest.raises(OutriderError) as caught:
            await page.act(Navigate(f"{pages.url}/held"))
        assert caught.value.code == "NAVIGATION_TIMEOUT"
        assert (await page.act(Navigate(f"{pages.url}/other.html"))).title == "Other"


async def test_a_late_part_does_not_hold_up_the_page(goto: Open) -> None:
    page = await goto("script?run=new Image().src = '/held'; document.body.append('ready')")
    assert any("ready" in block.text for block in (await page.observe()).texts)


async def test_going_on_at_once_is_followed(goto: Open) -> None:
    page = await goto("script?run=location.replace('/other.html')")
    assert (await page.observe()).title == "Other"


async def test_an_anchor_is_opened_without_a_load(goto: Open, page: Page, pages: PageServer) -> None:
    await goto("form.html")
    effect = await page.act(Navigate(f"{pages.url}/form.html#notes"))
    assert effect.url.endswith("#notes")


async def test_leaving_a_page_that_objects(goto: Open, find: Finder, pages: PageServer) -> None:
    page = await goto("script?run=onbeforeunload = (event) => event.preventDefault(); "
                      "document.body.innerHTML = '<button>Touch</button>'")  # fmt: skip
    await page.act(Click((await find("Touch")).index))
    effect = await page.act(Navigate(f"{pages.url}/other.html"))
    assert effect.title == "Other"
    assert [dialog.kind for dialog in effect.dialogs] == ["beforeunload"]


async def test_sites_are_left_and_returned_to(page: Page, pages: PageServer) -> None:
    await page.act(Navigate(f"{pages.url}/form.html"))
    await page.act(Navigate(f"{pages.other_site}/other.html"))
    assert (await page.observe()).title == "Other"
    assert (await page.act(Back())).title == "Form"
    assert (await page.observe()).title == "Form"


async def test_pictures_are_baseline_jpeg_also_of_blank_pages(page: Page, goto: Open) -> None:
    for path in (None, "form.html"):
        if path:
            await goto(path)
        picture = (await page.screenshot()).jpeg
        markers = {picture[at + 1] for at in range(len(picture) - 1) if picture[at] == 0xFF}
        assert picture.startswith(b"\xff\xd8")
        assert 0xC0 in markers
        assert 0xC2 not in markers


async def test_pictures_at_once_and_while_the_page_changes_are_all_taken(page: Page, pages: PageServer) -> None:
    addresses = [f"{pages.url}/{path}" for path in ("form.html", "shop.html")] * 4

    async def wander() -> None:
        for address in addresses:
            await page.act(Navigate(address))

    async def look() -> None:
        for _ in range(6):
            assert (await page.screenshot()).jpeg.startswith(b"\xff\xd8")

    async with asyncio.timeout(60):
        await asyncio.gather(wander(), *(look() for _ in range(4)))
