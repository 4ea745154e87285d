"""The tasks of MiniWoB++ on Scout: the share that fails, and the time of an episode."""

import asyncio
from typing import Final

from benchmarks.measure import Figure
from benchmarks.miniwob.episode import Start
from benchmarks.miniwob.report import figures_of, lines
from benchmarks.miniwob.runner import open_arena, play_all, tasks_in
from benchmarks.pages.fetch import FetchError
from benchmarks.plan import Plan

__all__ = ["run"]

_PLAYERS: Final = 2


async def run(plan: Plan) -> list[Figure]:
    """All tasks with five seeds; a quick run takes one."""
    try:
        tasks = await asyncio.to_thread(tasks_in, plan)
    except FetchError as error:
        plan.note(f"left out: the tasks of MiniWoB++: {error}")
        return []
    starts = [Start(task, seed) for task in tasks for seed in range(plan.rounds(5, 1))]
    async with open_arena(plan, _PLAYERS) as players:
        episodes = await play_all(players, starts)
    for line in lines(episodes):
        plan.progress(line)
    return figures_of(episodes)
