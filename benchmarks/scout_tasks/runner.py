"""Hands each task to a server of our own, waits for its ending, and judges it."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from demo.shopkeeper import open_shop

from benchmarks.pages.corpus import PACKAGES
from benchmarks.pages.fetch import FetchError, fetch
from benchmarks.pages.serve import serving
from benchmarks.plan import Plan
from benchmarks.scout_tasks.case import ANY_QUESTION, Case, Ending, Outcome, judge
from benchmarks.scout_tasks.local_site import serving_local
from benchmarks.scout_tasks.truth import Truth
from benchmarks.scout_tasks.world import World
from outrider.client import Event, OutriderClient

__all__ = ["Judged", "open_world", "run"]

_DEADLINE_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Judged:
    """A case with what came of it."""

    case: Case
    outcome: Outcome
    ending: Ending
    #: What was expected, in words.
    expected: str
    faults: tuple[str, ...]
    seconds: float


@asynccontextmanager
async def open_world(plan: Plan) -> AsyncIterator[World]:
    """The three sites, on loopback, for the duration."""
    async with AsyncExitStack() as stack:
        shop = await stack.enter_async_context(open_shop())
        local = stack.enter_context(serving_local())
        yield World(Truth(shop.url, shop.database), local, await _docs(plan, stack))


async def _docs(plan: Plan, stack: AsyncExitStack) -> str:
    package = next(package for package in PACKAGES if package.name == "pydoc")
    try:
        folder = await asyncio.to_thread(fetch, package, plan.cache)
    except FetchError as error:
        plan.note(f"left out: the tasks on {package.requirement}: {error}")
        return ""
    pages = next(folder.glob("usr/share/doc/python3*/html"))
    return f"{await stack.enter_async_context(serving({'docs': pages}))}/docs"


async def run(cases: Iterable[Case], client: OutriderClient, world: World) -> AsyncIterator[Judged]:
    """One after another, each in a session of its own."""
    for case in cases:
        before, started = world.look(), time.perf_counter()
        ending = await _ending(case, client, world)
        seconds = time.perf_counter() - started
        outcome, faults = judge(case, ending, world.look().since(before), world.truth)
        yield Judged(case, outcome, ending, _expected(case, world), tuple(faults), seconds)


async def _ending(case: Case, client: OutriderClient, world: World) -> Ending:
    session_id = (await client.create_session())["session_id"]
    try:
        await client.send_message(session_id, case.words, start_url=world.address(case.site, case.start))
        async with asyncio.timeout(_DEADLINE_SECONDS):
            last = await _last_event(client, session_id)
        page = await client.screenshot(session_id)
    finally:
        await client.delete_session(session_id)
    return _read(last, str(page.get("url", "")))


async def _last_event(client: OutriderClient, session_id: str) -> Event:
    async with aclosing(client.stream_events(session_id, event_types=["question", "done", "error"])) as events:
        async for event in events:
            return event
    raise RuntimeError("the stream ended without a last event")


def _read(event: Event, url: str) -> Ending:
    data = event.data
    text = str(data.get("text", ""))
    if event.event == "done":
        return Ending("done", text, url=url, missing=tuple(map(str, data.get("metadata", {}).get("missing", ()))))
    if event.event == "question":
        return Ending("question", text, ANY_QUESTION, url)
    return Ending("error", text, str(data.get("code", "")), url)


def _expected(case: Case, world: World) -> str:
    if case.refusals:
        return " or ".join(sorted(case.refusals))
    wanted = [str(case.expected(world.truth))] if case.expected else []
    written = [str(case.changes)] if case.changes != type(case.changes)() else []
    return " and ".join(wanted + written)
