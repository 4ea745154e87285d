"""Looking at real pages: the plainest walk of the DOM, Outrider's observation, Playwright's snapshot for models."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from playwright.async_api import Page as PeerPage

from benchmarks.measure import Figure, Sample, interleave, stopwatch
from benchmarks.pages.addresses import open_pages
from benchmarks.plan import Plan, figures
from benchmarks.sides import peer
from benchmarks.sides.devtools import BarePage, bare_page
from benchmarks.sides.product import look_anew, product_page, run_script
from outrider.agents.observation import render_observation
from outrider.browsers.page import ChromiumPage
from outrider.interfaces.actions import Navigate

__all__ = ["CHANGE", "ELEMENTS", "WALK", "run"]

#: Script of the walk over the interactive elements alone.
ELEMENTS: Final = (Path(__file__).parents[1] / "sides" / "plain_walk.js").read_text().strip()
#: With the text that a reader of the page sees: the least that an agent needs, and what an observation holds too.
WALK: Final = f"JSON.stringify([{ELEMENTS}, document.body.innerText])"

#: A line of text at the end of the page, another one each time; done when the page has drawn it and is idle, which is
#: what actions wait for.
CHANGE: Final = """(() => {
  const line = document.getElementById('benchmark') ?? document.body.appendChild(document.createElement('p'));
  line.id = 'benchmark';
  line.textContent = `Looked at ${performance.now()} ms after the page began`;
  return new Promise((idle) => requestAnimationFrame(() => scheduler.postTask(idle, { priority: 'background' })));
})()"""

Call = Callable[[], Awaitable[object]]


async def run(plan: Plan) -> list[Figure]:
    """One browser per candidate, each on the same page; every page is looked at once before it counts."""
    found: list[Figure] = []
    async with AsyncExitStack() as stack:
        pages = await stack.enter_async_context(open_pages(plan))
        driver = await stack.enter_async_context(peer.playwright_driver())
        bare = await stack.enter_async_context(bare_page(plan.binary, plan.folder("bare")))
        theirs = await stack.enter_async_context(peer.peer_page(driver, plan.binary))
        ours = await stack.enter_async_context(product_page(plan))
        for name, url in pages.items():
            plan.progress(f"observation of {name}")
            found += await _observe(plan, name, url, bare, ours, theirs)
    return found


async def _observe(
    plan: Plan, name: str, url: str, bare: BarePage, ours: ChromiumPage, theirs: PeerPage
) -> list[Figure]:
    await bare.goto(url)
    await theirs.goto(url)
    await ours.act(Navigate(url))
    nodes = await bare.evaluate("document.getElementsByTagName('*').length")

    candidates = {
        "plain walk": _looking(lambda: bare.evaluate_isolated(WALK), lambda: bare.evaluate(CHANGE)),
        "plain walk, no text": _looking(lambda: bare.evaluate_isolated(ELEMENTS), lambda: bare.evaluate(CHANGE)),
        "bare round trip": _looking(lambda: bare.evaluate_isolated("''"), lambda: bare.evaluate(CHANGE)),
        "outrider": _looking(ours.observe, lambda: run_script(ours, CHANGE)),
        "outrider, all anew": _looking(lambda: look_anew(ours), lambda: run_script(ours, CHANGE)),
        "outrider, nothing changed": _looking(ours.observe),
        "playwright": _looking(lambda: peer.ai_snapshot(theirs), lambda: theirs.evaluate(CHANGE)),
    }
    series = await interleave(candidates, rounds=plan.rounds(15 if nodes < 10_000 else 7, 5), warmup=2)
    return figures("observation", f"{name}, {nodes:,} nodes", series, remarks=await _remarks(bare, ours, theirs))


def _looking(look: Call, change: Call | None = None) -> Sample:
    """Looks at the page, changed untimed by a script: what was remembered of the last look is not all of the answer."""

    async def sample() -> float:
        if change is not None:
            await change()
        with stopwatch() as took:
            await look()
        return took.milliseconds

    return sample


async def _remarks(bare: BarePage, ours: ChromiumPage, theirs: PeerPage) -> dict[str, str]:
    """Size of each form, as a model would be given it; a token is taken as four characters."""
    seen = await ours.observe()
    texts = {
        "plain walk": await bare.evaluate_isolated(WALK),
        "plain walk, no text": await bare.evaluate_isolated(ELEMENTS),
        "outrider": render_observation(seen),
        "playwright": await peer.ai_snapshot(theirs),
    }
    remarks = {name: f"{len(text):,} characters, about {len(text) // 4:,} tokens" for name, text in texts.items()}
    remarks["outrider"] += f"; {len(seen.elements)} of {seen.total_elements} elements"
    return remarks
