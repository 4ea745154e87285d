"""What sessions weigh: proportional set size of everything that was started for them, a loaded page in each."""

import os
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Final

from benchmarks.measure import Figure, Sample, interleave
from benchmarks.pages.local import serving_form
from benchmarks.plan import Plan, figures
from benchmarks.sides import peer
from benchmarks.sides.devtools import bare_page
from benchmarks.sides.processes import descendants, proportional_mebibytes
from benchmarks.sides.product import open_pool
from outrider.interfaces.actions import Navigate

__all__ = ["run"]

#: Starts this many sessions in the stack, each on the address.
Open = Callable[[AsyncExitStack, Plan, int, str], Awaitable[None]]


async def run(plan: Plan) -> list[Figure]:
    """Playwright's rows include its driver process; Outrider's own Python process is left out, like the benchmark's."""
    found: list[Figure] = []
    async with serving_form() as url:
        for number in (1, 4):
            candidates = {name: _sample(opener, plan, number, url) for name, opener in _OPENERS.items()}
            series = await interleave(candidates, rounds=plan.rounds(3, 1), warmup=0)
            found += figures("memory", f"{number} session{'s' * (number > 1)}", series, unit="MiB")
    return found


def _sample(opener: Open, plan: Plan, number: int, url: str) -> Sample:
    async def sample() -> float:
        before = descendants(os.getpid())
        async with AsyncExitStack() as stack:
            await opener(stack, plan, number, url)
            return proportional_mebibytes(descendants(os.getpid()) - before)

    return sample


async def _open_bare(stack: AsyncExitStack, plan: Plan, number: int, url: str) -> None:
    for _ in range(number):
        page = await stack.enter_async_context(bare_page(plan.binary, plan.folder("bare")))
        await page.goto(url)


async def _open_outrider(stack: AsyncExitStack, plan: Plan, number: int, url: str) -> None:
    pool = await stack.enter_async_context(open_pool(plan, warm_browsers=0))
    for _ in range(number):
        browser = await pool.acquire()
        await browser.page.act(Navigate(url))


async def _open_playwright(stack: AsyncExitStack, plan: Plan, number: int, url: str) -> None:
    driver = await stack.enter_async_context(peer.playwright_driver())
    for _ in range(number):
        page = await stack.enter_async_context(peer.peer_page(driver, plan.binary))
        await page.goto(url)


_OPENERS: Final[dict[str, Open]] = {
    "bare process": _open_bare,
    "outrider": _open_outrider,
    "playwright launch": _open_playwright,
}
