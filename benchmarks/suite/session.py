"""A whole session: make it, open a page, let it go."""

from contextlib import AsyncExitStack
from typing import Final

from playwright.async_api import Browser as PeerBrowser
from playwright.async_api import Playwright

from benchmarks.measure import Figure, Sample, interleave, stopwatch
from benchmarks.pages.local import serving_form
from benchmarks.plan import Plan, figures
from benchmarks.sides import peer
from benchmarks.sides.devtools import BareBrowser
from benchmarks.sides.processes import settled
from benchmarks.sides.product import open_pool
from benchmarks.sides.server import Server
from outrider.interfaces.actions import Navigate
from outrider.interfaces.pages import BrowserPool

__all__ = ["run"]

#: In the warm pool, in the server, and the one that Playwright's contexts share.
_STANDING_BROWSERS: Final = 3


async def run(plan: Plan) -> list[Figure]:
    """``playwright context`` shares one browser process among sessions; all other rows have a process per session."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving_form())
        driver = await stack.enter_async_context(peer.playwright_driver())
        cold, warm = [await stack.enter_async_context(open_pool(plan, warm_browsers=n)) for n in (0, 1)]
        server = await stack.enter_async_context(Server.start(plan, 1))
        shared = await peer.launch(driver, plan.binary)
        stack.push_async_callback(shared.close)
        candidates: dict[str, Sample] = {
            "bare process": lambda: _bare(plan, url),
            "playwright launch": lambda: _playwright_launch(driver, plan, url),
            "playwright context": lambda: _playwright_context(plan, shared, url),
            "outrider cold, pool": lambda: _pool(plan, cold, url),
            "outrider warm, pool": lambda: _pool(plan, warm, url),
            "outrider warm, HTTP": lambda: _http(plan, server, url),
        }
        return figures("session", "", await interleave(candidates, rounds=plan.rounds(9, 3)))


async def _bare(plan: Plan, url: str) -> float:
    profile = plan.folder("bare")
    await settled(plan.binary, _STANDING_BROWSERS)
    with stopwatch() as took:
        browser = await BareBrowser.launch(plan.binary, profile)
        await (await browser.attach()).goto(url)
        await browser.close()
    return took.milliseconds


async def _playwright_launch(driver: Playwright, plan: Plan, url: str) -> float:
    await settled(plan.binary, _STANDING_BROWSERS)
    with stopwatch() as took:
        async with peer.peer_page(driver, plan.binary) as page:
            await page.goto(url)
    return took.milliseconds


async def _playwright_context(plan: Plan, browser: PeerBrowser, url: str) -> float:
    await settled(plan.binary, _STANDING_BROWSERS)
    with stopwatch() as took:
        page = await peer.new_page(browser)
        await page.goto(url)
        await page.context.close()
    return took.milliseconds


async def _pool(plan: Plan, pool: BrowserPool, url: str) -> float:
    await settled(plan.binary, _STANDING_BROWSERS)
    with stopwatch() as took:
        browser = await pool.acquire()
        await browser.page.act(Navigate(url))
        await browser.close()
    return took.milliseconds


async def _http(plan: Plan, server: Server, url: str) -> float:
    await settled(plan.binary, _STANDING_BROWSERS)
    with stopwatch() as took:
        session_id = await server.create()
        await server.navigate(session_id, url)
        await server.delete(session_id)
    return took.milliseconds
