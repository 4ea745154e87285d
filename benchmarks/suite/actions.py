"""Clicking and filling on a local page: raw input events, Outrider with its checks, Playwright with its own."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from itertools import count
from typing import Final

from benchmarks.measure import Figure, Sample, interleave, stopwatch
from benchmarks.pages.local import serving_form
from benchmarks.plan import Plan, figures
from benchmarks.sides import peer
from benchmarks.sides.devtools import BarePage, bare_page
from benchmarks.sides.product import index_of, product_page
from outrider.interfaces.actions import Click, Fill, Navigate
from outrider.interfaces.pages import Page

__all__ = ["run"]

_CLICKS: Final = "Number(document.getElementById('clicks').value)"


async def run(plan: Plan) -> list[Figure]:
    """Each candidate has its own browser on the same form; that every click arrived is checked at the end."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving_form())
        driver = await stack.enter_async_context(peer.playwright_driver())
        bare = await stack.enter_async_context(bare_page(plan.binary, plan.folder("bare")))
        theirs = await stack.enter_async_context(peer.peer_page(driver, plan.binary))
        ours = await stack.enter_async_context(product_page(plan))
        await bare.goto(url)
        await theirs.goto(url)
        await ours.act(Navigate(url))
        rounds = plan.rounds(40, 10)
        click = {
            "raw input": await _raw_click(bare),
            "outrider": await _our_click(ours),
            "playwright": _timed(lambda: theirs.click("#count")),
        }
        clicks = await interleave(click, rounds=rounds, warmup=2)
        assert [await bare.evaluate(_CLICKS), await theirs.evaluate(_CLICKS)] == [rounds + 2] * 2
        numbers = count()
        fill = {
            "raw input": await _raw_fill(bare),
            "outrider": await _our_fill(ours),
            "playwright": _timed(lambda: theirs.fill("[name=street]", f"Long Lane {next(numbers)}")),
        }
        return figures("click", "", clicks) + figures("fill", "", await interleave(fill, rounds=rounds, warmup=2))


def _timed(call: Callable[[], Awaitable[object]]) -> Sample:
    async def sample() -> float:
        with stopwatch() as took:
            await call()
        return took.milliseconds

    return sample


async def _raw_click(page: BarePage) -> Sample:
    """At a point that was measured once."""
    x, y = await page.centre_of("#count")
    return _timed(lambda: page.click(x, y))


async def _our_click(page: Page) -> Sample:
    """As an agent does it, wait for the page to settle and read-back of the change included."""
    index = index_of(await page.observe(), "Count")

    async def sample() -> float:
        with stopwatch() as took:
            effect = await page.act(Click(index))
        assert effect.changed, "the click did nothing"
        return took.milliseconds

    return sample


async def _raw_fill(page: BarePage) -> Sample:
    """A click into the field, select all, insert."""
    x, y = await page.centre_of("[name=street]")
    numbers = count()

    async def fill() -> None:
        await page.click(x, y)
        await page.call(
            "Input.dispatchKeyEvent", type="keyDown", key="a", code="KeyA", modifiers=2, commands=["selectAll"]
        )
        await page.call("Input.dispatchKeyEvent", type="keyUp", key="a", code="KeyA", modifiers=2)
        await page.call("Input.insertText", text=f"Long Lane {next(numbers)}")

    return _timed(fill)


async def _our_fill(page: Page) -> Sample:
    index = index_of(await page.observe(), "Street")
    numbers = count()

    async def sample() -> float:
        text = f"Long Lane {next(numbers)}"
        with stopwatch() as took:
            effect = await page.act(Fill(index, text))
        assert effect.value == text, "the field does not hold the text"
        return took.milliseconds

    return sample
