"""What a step costs besides the model: look at the page, act on it, write it down."""

from contextlib import AsyncExitStack

from benchmarks.measure import Figure, Sample, interleave, stopwatch
from benchmarks.pages.local import serving_form
from benchmarks.plan import Plan, figures
from benchmarks.sides.log import open_log
from benchmarks.sides.product import index_of, product_page
from outrider.interfaces.actions import Click, Navigate

__all__ = ["run"]


async def run(plan: Plan) -> list[Figure]:
    """``whole step`` is the three one after the other, as the loop does them."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving_form())
        page = await stack.enter_async_context(product_page(plan))
        log = await stack.enter_async_context(open_log(plan))
        await page.act(Navigate(url))
        index = index_of(await page.observe(), "Count")

        async def observe() -> float:
            with stopwatch() as took:
                await page.observe()
            return took.milliseconds

        async def act() -> float:
            with stopwatch() as took:
                await page.act(Click(index))
            return took.milliseconds

        async def persist() -> float:
            with stopwatch() as took:
                await log.append("clicked the button “Count”")
            return took.milliseconds

        async def whole() -> float:
            return await observe() + await act() + await persist()

        candidates: dict[str, Sample] = {"whole step": whole, "observe": observe, "act": act, "persist": persist}
        return figures("step", "", await interleave(candidates, rounds=plan.rounds(40, 10), warmup=2))
