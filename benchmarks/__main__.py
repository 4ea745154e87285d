"""The command line of the benchmarks."""

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import uvloop

from benchmarks.bars import judge
from benchmarks.measure import Figure, stopwatch
from benchmarks.plan import CACHE, Plan
from benchmarks.registry import BENCHMARKS
from benchmarks.report import bar_lines, table, write_json
from benchmarks.sides.devtools import find_binary
from outrider.telemetry import configure_logging

_RESULTS: Final = Path(__file__).parent / "results"


def main() -> int:
    """Run, print, write. 1 with ``--strict`` when a bar is missed, 2 when there is no browser."""
    arguments = _parser().parse_args()
    binary = arguments.binary or find_binary()
    if binary is None:
        print("no Chromium found: install chromium-headless-shell or give --binary", file=sys.stderr)
        return 2
    configure_logging("warning", "text")
    with tempfile.TemporaryDirectory(prefix="outrider-bench-", ignore_cleanup_errors=True) as work:
        plan = Plan(
            binary=binary,
            cache=arguments.cache.expanduser(),
            work=Path(work),
            quick=arguments.quick,
            pages=dict(arguments.page),
        )
        figures = uvloop.run(_run(plan, arguments.names or list(BENCHMARKS)))
    verdicts = list(judge(figures))
    for note in plan.notes:
        print(f"note: {note}")
    print(table(figures), *bar_lines(verdicts), sep="\n")
    path = arguments.json or _RESULTS / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    write_json(path, plan, figures, verdicts)
    print(f"\nwritten: {path}")
    return int(arguments.strict and not all(verdict.met for verdict in verdicts))


async def _run(plan: Plan, names: list[str]) -> list[Figure]:
    found: list[Figure] = []
    for name in names:
        print(f"{name}: {BENCHMARKS[name].about}", file=sys.stderr, flush=True)
        with stopwatch() as took:
            found += await BENCHMARKS[name].run(plan)
        plan.progress(f"took {took.milliseconds / 1000:.0f} s")
    return found


def _parser() -> argparse.ArgumentParser:
    names = "\n".join(f"  {name:<12} {benchmark.about}" for name, benchmark in BENCHMARKS.items())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=f"Outrider beside the bare browser and Playwright, interleaved in one run.\n\nbenchmarks:\n{names}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], metavar="name", help="which to run; default all")
    parser.add_argument("--quick", action="store_true", help="fewer samples and pages: about two minutes")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a bar is missed")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures")
    parser.add_argument("--binary", type=Path, metavar="FILE", help="the browser that every candidate runs")
    parser.add_argument("--cache", type=Path, default=CACHE, metavar="DIR", help="where downloaded packages are kept")
    parser.add_argument(
        "--page",
        type=_named_address,
        action="append",
        default=[],
        metavar="NAME=URL",
        help="a further page to observe",
    )
    return parser


def _named_address(text: str) -> tuple[str, str]:
    name, separator, url = text.partition("=")
    if not separator or not url.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError("give it as NAME=http://…")
    return name, url


if __name__ == "__main__":
    sys.exit(main())
