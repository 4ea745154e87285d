"""The live view's page in a real browser, as somebody who watches sees it."""

import asyncio
import re
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect
from tests.e2e.api.serving import Pages, ServerProcess
from tests.e2e.live.viewer import link_of, log_of, view_url

from outrider.api.openapi import openapi_document
from outrider.browsers.command import find_binary

_OPTIONS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
async def people() -> AsyncIterator[Browser]:
    """The browser of those who watch."""
    async with async_playwright() as driver:
        yield await driver.chromium.launch(executable_path=find_binary(None), args=_OPTIONS)


@pytest.fixture
async def page(people: Browser) -> AsyncIterator[Page]:
    """A page on which nothing goes wrong, and which loads nothing from elsewhere."""
    page = await people.new_page()
    faults: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("request", lambda request: asked.append(request.url))
    yield page
    assert faults == []
    assert {urlsplit(url).port for url in asked} == {urlsplit(asked[0]).port}
    assert not any("WyJ" in urlsplit(url).path + urlsplit(url).query for url in asked), "no token is asked with"


async def test_the_link_shows_the_browser_and_its_end(
    client: httpx.Client, session: str, pages: Pages, page: Page
) -> None:
    await asyncio.to_thread(client.post, f"{session}/navigate", json={"url": f"{pages.url}/?seen"})
    await page.goto(link_of(client, session))
    await expect(page.locator("#status")).to_have_text("ready")
    await expect(page.locator("#address")).to_have_text(f"{pages.url}/?seen")
    await expect(page.locator("#take")).to_be_hidden()
    await page.wait_for_function(_DRAWN)
    await asyncio.to_thread(client.post, f"{session}/message", json={"message": "Reply with 'Hello there'"})
    await expect(page.locator("#step")).to_contain_text("Hello there")
    await expect(page.locator("#status")).to_have_text("finished")
    await asyncio.to_thread(client.delete, session)
    await expect(page.locator("#status")).to_have_text("ended")
    await expect(page.locator("#note")).to_contain_text("There is no session")


#: The picture has more than one colour.
_DRAWN = """() => {
  const { width, height } = document.getElementById("picture");
  const { data } = document.getElementById("picture").getContext("2d").getImageData(0, 0, width, height);
  return data.some((value, index) => index % 4 === 0 && Math.abs(value - data[0]) > 90);
}"""


async def test_taking_over_with_mouse_and_keyboard(client: httpx.Client, busy: str, pages: Pages, page: Page) -> None:
    await page.goto(view_url(client, busy, right="control", holder="Anna"))
    await expect(page.locator("#status")).to_have_text("running")
    await page.click("#take")
    await expect(page.locator("#give")).to_be_visible()
    await expect(page.locator("#status")).to_have_text("paused")
    pages.release.set()
    await asyncio.to_thread(client.post, f"{busy}/navigate", json={"url": f"{pages.url}/form"})
    await expect(page.locator("#address")).to_have_text(f"{pages.url}/form")
    box = await page.locator("#picture").bounding_box()
    assert box is not None
    await page.mouse.click(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.1)
    await page.keyboard.type("Tea & ")
    await page.fill("#typed", "Kräuter")
    await page.focus("#picture")
    await page.keyboard.press("Enter")
    await expect(page.locator("#address")).to_have_text(f"{pages.url}/typed?q=Tea+%26+Kr%C3%A4uter")
    await page.click("#give")
    await expect(page.locator("#take")).to_be_visible()
    await expect(page.locator("#status")).to_have_text("finished")
    assert ["“Anna”" in str(m["content"]) for m in log_of(client, busy) if "holder" in m["metadata"]] == [True, True]


async def test_what_a_browser_shows_in_windows_of_its_own_is_offered_beside_the_picture(
    client: httpx.Client, session: str, pages: Pages, page: Page
) -> None:
    await asyncio.to_thread(client.post, f"{session}/navigate", json={"url": f"{pages.url}/lists"})
    await page.goto(view_url(client, session, right="control"))
    await expect(page.locator("#address")).to_have_text(f"{pages.url}/lists")
    await page.click("#take")
    await expect(page.locator("#give")).to_be_visible()
    await page.wait_for_function(_DRAWN)

    async def click(y: float) -> None:
        """On one of the fields, which are 150 px high."""
        box = await page.locator("#picture").bounding_box()
        assert box is not None
        await page.mouse.click(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * y / 800)

    await click(75)
    tea = page.get_by_label("Tea")
    await expect(tea.locator("option")).to_have_text(["Green", "Black", "White"])
    await expect(tea.locator("optgroup option")).to_be_disabled()
    await tea.select_option("Black")
    await page.focus("#picture")
    await _press_until_heard(page, "Tab")
    await page.get_by_label("Day").fill("2026-12-24")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(page.locator("#address")).to_have_text(f"{pages.url}/typed?q=b&d=2026-12-24")
    await expect(page.locator("#choice")).to_be_hidden()

    await asyncio.to_thread(client.post, f"{session}/navigate", json={"url": f"{pages.url}/lists"})
    await expect(page.locator("#address")).to_have_text(f"{pages.url}/lists")
    await click(375)
    await page.get_by_label("Cup").select_option("Large")
    await expect(page.locator("#address")).to_have_text(re.compile("/typed.q=Large$"))


async def _press_until_heard(page: Page, key: str) -> None:
    """The list in the viewer's own browser takes the keys until its window has closed, which takes a moment."""
    await page.evaluate("addEventListener('keydown', () => { window.heard = true }, { capture: true })")
    for _ in range(100):
        await page.keyboard.press(key)
        if await page.evaluate("window.heard === true"):
            return
    raise AssertionError("no key reached the page")


async def test_a_phone_taps_and_scrolls(client: httpx.Client, session: str, pages: Pages, people: Browser) -> None:
    await asyncio.to_thread(client.post, f"{session}/navigate", json={"url": f"{pages.url}/form"})
    phone = await people.new_context(viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True)
    page = await phone.new_page()
    await page.goto(view_url(client, session, right="control"))
    await expect(page.locator("#address")).to_have_text(f"{pages.url}/form")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await page.tap("#take")
    await expect(page.locator("#give")).to_be_visible()
    box = await page.locator("#picture").bounding_box()
    assert box is not None
    await page.touchscreen.tap(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.1)
    await page.fill("#typed", "tapped")
    await page.press("#typed", "Enter")
    await expect(page.locator("#address")).to_have_text(f"{pages.url}/typed?q=tapped")


async def test_without_a_token_it_asks_for_the_key(
    server: ServerProcess, client: httpx.Client, session: str, page: Page
) -> None:
    await page.goto(f"{server.url}/live/{session.rpartition('/')[2]}")
    await page.fill("#key", "ok_live_wrong")
    await page.press("#key", "Enter")
    await expect(page.locator("#note")).to_contain_text("The API key is missing or not valid.")
    await page.fill("#key", server.key)
    await page.press("#key", "Enter")
    await expect(page.locator("#status")).to_have_text("ready")
    await expect(page.locator("#take")).to_be_visible()


async def test_a_wrong_token_is_explained(client: httpx.Client, session: str, page: Page) -> None:
    await page.goto(f"{link_of(client, session)}x")
    await expect(page.locator("#status")).to_have_text("ended")
    await expect(page.locator("#note")).to_contain_text("The session token is not valid.")
    await expect(page.locator("#form")).to_be_visible()


# --- the reference of the API, and Swagger UI


async def test_the_reference_has_every_operation_and_shows_code_and_links(server: ServerProcess, page: Page) -> None:
    await page.goto(f"{server.url}/docs")
    paths = openapi_document()["paths"]
    count = sum(len(operation["tags"]) for item in paths.values() for operation in item.values())
    await expect(page.locator("#operations > details")).to_have_count(count)
    about = page.locator("#about")
    await expect(about.locator("code").first).to_have_text("Authorization: Bearer <key>")
    await expect(about).not_to_contain_text("`")
    await about.get_by_role("link", name="the catalogue").click()
    await expect(page).to_have_url(f"{server.url}/v1/errors")


async def test_swagger_ui_makes_a_job_as_its_form_comes(server: ServerProcess, page: Page) -> None:
    await page.goto(f"{server.url}/swagger/ui/index")
    await page.locator("button.authorize").click()
    await page.locator(".auth-container input").first.fill(server.key)
    await page.locator(".auth-btn-wrapper .authorize").first.click()
    await page.locator(".btn-done").first.click()
    form = page.locator(".opblock-post", has_text="/jobs")
    await form.locator(".opblock-summary-control").click()
    await form.locator(".try-out__btn").click()
    await form.locator("button.execute").click()
    await expect(form.locator(".live-responses-table tr.response .response-col_status")).to_contain_text("201")
