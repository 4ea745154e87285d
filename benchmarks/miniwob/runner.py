"""All episodes of a run, played by some sessions side by side."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

from benchmarks.miniwob.episode import Episode, Player, Start
from benchmarks.pages.corpus import PACKAGES
from benchmarks.pages.fetch import fetch
from benchmarks.pages.serve import serving
from benchmarks.plan import Plan
from benchmarks.sides.server import Server

__all__ = ["open_arena", "play_all", "tasks_in"]

_PAGES: Final = Path("miniwob/html")


def _folder(plan: Plan) -> Path:
    package = next(package for package in PACKAGES if package.name == "miniwob")
    return fetch(package, plan.cache) / _PAGES


def tasks_in(plan: Plan) -> tuple[str, ...]:
    """The names of all tasks. Raises FetchError when the package can't be had."""
    return tuple(sorted(page.stem for page in (_folder(plan) / "miniwob").glob("*.html")))


@asynccontextmanager
async def open_arena(plan: Plan, players: int) -> AsyncIterator[tuple[Player, ...]]:
    """Sessions that can play, on a server of their own."""
    async with AsyncExitStack() as stack:
        base = await stack.enter_async_context(serving({"pages": _folder(plan)}))
        viewport = Server.start(
            plan, warm_browsers=0, VIEWPORT_WIDTH=332, VIEWPORT_HEIGHT=214
        )  # what they are made for
        server = await stack.enter_async_context(viewport)
        client = await stack.enter_async_context(server.sdk())
        ready = [Player.ready(server, client, f"{base}/pages/miniwob") for _ in range(players)]
        yield tuple([await stack.enter_async_context(one) for one in ready])


async def play_all(
    players: Sequence[Player], starts: Sequence[Start], report: Callable[[Episode], None] = lambda episode: None
) -> list[Episode]:
    """Every episode, in the order of ``starts``, whoever plays it; ``report`` hears of each as it ends."""
    waiting = list(enumerate(starts))[::-1]
    found: dict[int, Episode] = {}

    async def work(player: Player) -> None:
        while waiting:
            place, start = waiting.pop()
            found[place] = await player.play(start)
            report(found[place])

    async with asyncio.TaskGroup() as group:
        for player in players:
            group.create_task(work(player))
    return [found[place] for place in sorted(found)]
