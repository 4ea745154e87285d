"""From nothing to a page that answers: the bare binary, Playwright, Outrider cold and warm, by its pool and by HTTP."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Final

from playwright.async_api import Playwright

from benchmarks.measure import Figure, Sample, interleave, stopwatch
from benchmarks.plan import Plan, figures
from benchmarks.sides import peer
from benchmarks.sides.devtools import BareBrowser
from benchmarks.sides.processes import settled
from benchmarks.sides.product import open_pool
from benchmarks.sides.server import Server
from outrider.interfaces.pages import BrowserPool

__all__ = ["run"]

#: One in the warm pool, one in the warm server.
_WARM_BROWSERS: Final = 2


async def run(plan: Plan) -> list[Figure]:
    """Pools, servers and Playwright's driver stand ready beforehand; between samples warm pools fill up untimed."""
    async with AsyncExitStack() as stack:
        driver = await stack.enter_async_context(peer.playwright_driver())
        cold, warm = [await stack.enter_async_context(open_pool(plan, warm_browsers=n)) for n in (0, 1)]
        cold_server, warm_server = [await stack.enter_async_context(Server.start(plan, n)) for n in (0, 1)]
        candidates: dict[str, Sample] = {
            "bare launch, page": lambda: _bare(plan, _page_answers),
            "bare launch, DevTools": lambda: _bare(plan, _devtools_answer),
            "playwright launch": lambda: _playwright(driver, plan),
            "outrider cold, pool": lambda: _pool(plan, cold),
            "outrider cold, HTTP": lambda: _http(plan, cold_server),
            "outrider warm, pool": lambda: _pool(plan, warm),
            "outrider warm, HTTP": lambda: _http(plan, warm_server),
        }
        return figures("start", "", await interleave(candidates, rounds=plan.rounds(15, 4)))


async def _page_answers(browser: BareBrowser) -> None:
    await (await browser.attach()).evaluate("1")


async def _devtools_answer(browser: BareBrowser) -> None:
    await browser.call("Browser.getVersion")


async def _bare(plan: Plan, ready: Callable[[BareBrowser], Awaitable[None]]) -> float:
    profile = plan.folder("bare")
    await settled(plan.binary, _WARM_BROWSERS)
    with stopwatch() as took:
        browser = await BareBrowser.launch(plan.binary, profile)
        await ready(browser)
    await browser.close()
    return took.milliseconds


async def _playwright(driver: Playwright, plan: Plan) -> float:
    await settled(plan.binary, _WARM_BROWSERS)
    with stopwatch() as took:
        browser = await peer.launch(driver, plan.binary)
        await (await peer.new_page(browser)).evaluate("1")
    await browser.close()
    return took.milliseconds


async def _pool(plan: Plan, pool: BrowserPool) -> float:
    await settled(plan.binary, _WARM_BROWSERS)
    with stopwatch() as took:
        browser = await pool.acquire()
    await browser.close()
    return took.milliseconds


async def _http(plan: Plan, server: Server) -> float:
    await settled(plan.binary, _WARM_BROWSERS)
    with stopwatch() as took:
        session_id = await server.create()
    await server.delete(session_id)
    return took.milliseconds
