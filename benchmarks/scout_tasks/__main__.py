"""``python -m benchmarks.scout_tasks``: what Scout makes of tasks that were worded without knowledge of it.

right: done, and so in the sources. wrong answer: done, and not so. refused: a question or an error although it can be
done. incomplete: done, and the answer says that something is missing from it. right refusal: a question or a fitting
error for what can't be done; wrong refusal: another error.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Final, get_args

from benchmarks.plan import CACHE, Plan
from benchmarks.scout_tasks.case import Case, Outcome
from benchmarks.scout_tasks.docs_cases import DOCS
from benchmarks.scout_tasks.later_cases import LATER
from benchmarks.scout_tasks.local_cases import LOCAL
from benchmarks.scout_tasks.runner import Judged, open_world, run
from benchmarks.scout_tasks.shop_cases import SHOP
from benchmarks.sides.devtools import find_binary
from benchmarks.sides.server import Server

_SETS: Final = {"first": (*SHOP, *DOCS, *LOCAL), "later": LATER}


def main() -> int:
    """Run all tasks, or those whose names were given, and print a table. 2 when there is no browser."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.scout_tasks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="name", help="words of the names of the tasks to run; default all")
    parser.add_argument("--set", choices=_SETS, default="first", help="the forty of the start, or the later thirty")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the outcomes to a file")
    arguments = parser.parse_args()
    binary = find_binary()
    if binary is None:
        print("no Chromium found: install chromium-headless-shell", file=sys.stderr)
        return 2
    names = arguments.names or [""]
    cases = [case for case in _SETS[arguments.set] if any(name in case.name for name in names)]
    with tempfile.TemporaryDirectory(prefix="outrider-scout-tasks-", ignore_cleanup_errors=True) as work:
        plan = Plan(binary=binary, cache=CACHE, work=Path(work))
        judged = asyncio.run(_run(cases, plan))
    print(totals(judged))
    if arguments.json:
        arguments.json.write_text(json.dumps([_as_json(one) for one in judged], indent=2, ensure_ascii=False))
    return 0


async def _run(cases: list[Case], plan: Plan) -> list[Judged]:
    judged = []
    async with open_world(plan) as world, Server.start(plan, warm_browsers=1) as server, server.sdk() as client:
        known = [case for case in cases if world.docs_url or case.site != "docs"]
        async for one in run(known, client, world):
            print(row(one), flush=True)
            judged.append(one)
    return judged


def row(judged: Judged) -> str:
    """The lines of one task: outcome and words, and what it said, when that was not right."""
    case = judged.case
    first = f"{judged.outcome:<14}{judged.seconds:6.1f} s  {case.site:<6}{case.name}"
    if judged.outcome in ("right", "right refusal"):
        return first
    said = " ".join(judged.ending.text.split())[:160]
    return (
        f"{first}\n{'':24}“{case.words}”\n{'':24}{judged.ending.kind}: {said}\n{'':24}{'; '.join(judged.faults)[:240]}"
    )


def totals(judged: list[Judged]) -> str:
    """How often each outcome came."""
    counted = Counter(one.outcome for one in judged)
    return f"{len(judged)} tasks: " + ", ".join(f"{outcome} {counted[outcome]}" for outcome in get_args(Outcome))


def _as_json(judged: Judged) -> dict[str, object]:
    return {
        "site": judged.case.site,
        "name": judged.case.name,
        "words": judged.case.words,
        "outcome": judged.outcome,
        "expected": judged.expected,
        "ending": asdict(judged.ending),
        "faults": judged.faults,
        "seconds": round(judged.seconds, 2),
    }


if __name__ == "__main__":
    sys.exit(main())
