"""``python -m benchmarks.applications``: whole tasks on real applications, and what became of each.

right: done, and so in the application's own data. refused: an error with a code. asked: a question. wrong: said to be
done, and not so.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, get_args

from benchmarks.applications.report import row, totals
from benchmarks.applications.runner import Judged, open_applications, run, scripted_models
from benchmarks.applications.task import Kind, Task
from benchmarks.applications.tasks import SETS
from benchmarks.plan import Plan
from benchmarks.scripted import ScriptedServer
from benchmarks.sides.devtools import find_binary
from benchmarks.sides.server import Server

_CACHE: Final = Path("~/.cache/outrider/benchmarks")


def main() -> int:
    """Run all tasks, or those whose names were given, and print a table. 2 when there is no browser."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.applications",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="name", help="words of names, applications or kinds; default all")
    parser.add_argument(
        "--set", choices=SETS, default="first", help="the forty of the start, the later 24, or a third 24"
    )
    parser.add_argument(
        "--model", choices=("scout", "scripted"), default="scout", help="who decides; scripted: by the scripts beside"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the outcomes to a file")
    arguments = parser.parse_args()
    binary = find_binary()
    if binary is None:
        print("no Chromium found: install chromium-headless-shell", file=sys.stderr)
        return 2
    names = arguments.names or [""]
    tasks = [
        task
        for task in SETS[arguments.set]
        if any(name in f"{task.kind} {task.application} {task.name}" for name in names)
    ]
    with tempfile.TemporaryDirectory(prefix="outrider-applications-", ignore_cleanup_errors=True) as work:
        plan = Plan(binary=binary, cache=_CACHE.expanduser(), work=Path(work))
        with ScriptedServer.serving({}) as model:
            judged = asyncio.run(_run(tasks, plan, model if arguments.model == "scripted" else None))
    for kind in get_args(Kind):
        print(totals(kind, [one for one in judged if one.task.kind == kind]))
    print(totals("all", judged))
    if arguments.json:
        arguments.json.write_text(json.dumps([_as_json(one) for one in judged], indent=2, ensure_ascii=False))
    return 0


async def _run(tasks: list[Task], plan: Plan, model: ScriptedServer | None) -> list[Judged]:
    judged = []
    settings: dict[str, Any] = {"MODELS": scripted_models(model.url)} if model else {}
    async with (
        Server.start(plan, 1, **settings) as server,
        server.sdk() as client,
        open_applications({task.application for task in tasks}, client) as applications,
    ):
        async for one in run(tasks, client, applications, model):
            print(row(one), flush=True)
            judged.append(one)
    return judged


def _as_json(judged: Judged) -> dict[str, object]:
    task = judged.task
    return {
        "kind": task.kind,
        "application": task.application,
        "name": task.name,
        "words": task.words,
        "outcome": judged.outcome,
        "ending": asdict(judged.ending),
        "faults": judged.faults,
        "seconds": round(judged.seconds, 2),
    }


if __name__ == "__main__":
    sys.exit(main())
