"""``python -m benchmarks.screening``: catch and false-alarm rates, and the time to read a page."""

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.screening.cases import SETS, rates, wrong
from outrider.screening.content import Rules
from outrider.screening.content.texts import judge_page

_DOCS: Final = Path(__file__).parents[2] / "docs"
_CHARACTERS: Final = 16_000
_ROUNDS: Final = 30


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screening", description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="also list the cases that are judged wrongly")
    arguments = parser.parse_args()
    rules = Rules.load()
    print(f"{'set':<10} {'kind':<8} {'caught':>12} {'false alarms':>14}")
    for name, path in SETS.items():
        for rate in rates(rules, path):
            caught = f"{rate.caught}/{rate.attacks} {rate.catch_rate:4.0%}"
            alarms = f"{rate.alarms}/{rate.harmless} {rate.alarm_rate:4.0%}"
            print(f"{name:<10} {rate.kind:<8} {caught:>12} {alarms:>14}")
        if arguments.wrong:
            print(*wrong(rules, path), sep="\n")
    pages = _pages()
    print(f"\nreading {_CHARACTERS:,} characters of {len(pages)} pages: {_milliseconds(rules, pages):.2f} ms (median)")
    return 0


def _pages() -> Sequence[Sequence[str]]:
    """This project's own documentation, in pieces of one page each."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(_DOCS.rglob("*.md")))
    starts = range(0, len(text) - _CHARACTERS, _CHARACTERS)
    return [[line for line in text[start : start + _CHARACTERS].splitlines() if line.strip()] for start in starts]


def _milliseconds(rules: Rules, pages: Sequence[Sequence[str]]) -> float:
    times = []
    for page in list(pages) * _ROUNDS:
        started = time.perf_counter()
        judge_page(rules, page)
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


if __name__ == "__main__":
    sys.exit(main())
