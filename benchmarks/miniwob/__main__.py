"""``python -m benchmarks.miniwob``: what Scout makes of MiniWoB++."""

import argparse
import asyncio
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.bars import judge
from benchmarks.miniwob.episode import Episode, Start
from benchmarks.miniwob.report import figures_of, lines
from benchmarks.miniwob.runner import open_arena, play_all, tasks_in
from benchmarks.plan import CACHE, Plan
from benchmarks.report import bar_lines, table
from benchmarks.sides.devtools import find_binary


def main() -> int:
    """Play, print, write. 2 when there is no browser."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.miniwob", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help="words of the names of the tasks to play; default all")
    parser.add_argument("--seeds", default="0-4", metavar="FROM-TO", help="which seeds; default 0-4")
    parser.add_argument("--players", type=int, default=2, help="sessions side by side; default 2")
    parser.add_argument("--verbose", action="store_true", help="say of each failure what was said")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the episodes to a file")
    arguments = parser.parse_args()
    binary = find_binary()
    if binary is None:
        print("no Chromium found: install chromium-headless-shell", file=sys.stderr)
        return 2
    first, _, last = arguments.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    with tempfile.TemporaryDirectory(prefix="outrider-miniwob-", ignore_cleanup_errors=True) as work:
        plan = Plan(binary=binary, cache=CACHE, work=Path(work))
        names = [name for name in tasks_in(plan) if any(word in name for word in arguments.names or [""])]
        starts = [Start(name, seed) for name in names for seed in seeds]
        episodes = asyncio.run(_play(plan, starts, arguments.players, verbose=arguments.verbose))
    _print_all(episodes)
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(one) for one in episodes], indent=1, ensure_ascii=False))
    return 0


async def _play(plan: Plan, starts: list[Start], players: int, *, verbose: bool) -> list[Episode]:
    def report(episode: Episode) -> None:
        if verbose and episode.failure:
            print(f"{episode.start.task} {episode.start.seed}: {episode.failure}\n  “{episode.utterance}”")
            print(*(f"    {' '.join(said.split())[:200]}" for said in episode.said), sep="\n", flush=True)

    async with open_arena(plan, players) as ready:
        return await play_all(ready, starts, report)


def _print_all(episodes: list[Episode]) -> None:
    figures = figures_of(episodes)
    print(*lines(episodes), table(figures), *bar_lines(judge(figures)), sep="\n")


if __name__ == "__main__":
    sys.exit(main())
