"""``python -m benchmarks.grounding``: accuracy and time of grounding, words alone and with sentence embeddings.

A case counts as right when the first candidate is the one that is meant; as asked when Scout would ask which of
several is meant; else as wrong, or as nothing found.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.grounding.cases import ROLES, Case, load_cases
from benchmarks.grounding.large import ELEMENTS
from benchmarks.grounding.large import measure as measure_large
from outrider.agents.scout.pages.embeddings import load_reranker
from outrider.agents.scout.pages.grounding import Candidate, ambiguous, rank

_COLUMNS = ("cases", "right", "asked", "wrong", "none", "accuracy", "ms p50", "ms max")
_ROW = "{cases:9}{right:9}{asked:9}{wrong:9}{none:9}{accuracy:9.1%}{ms_p50:9.2f}{ms_max:9.2f}  {name}"

Ranker = Callable[[Case], tuple[Candidate, ...]]


def main() -> None:
    """Run all cases and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grounding", description=__doc__)
    parser.add_argument("--misses", action="store_true", help="list the cases that were not right")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file")
    arguments = parser.parse_args()
    cases = load_cases()
    rows = [measure("words", cases, by_words, misses=arguments.misses)]
    if rerank := load_reranker():

        def by_meaning(case: Case) -> tuple[Candidate, ...]:
            return rerank(by_words(case), case.elements, case.target, ROLES[case.verb])

        rows.append(measure("words and embeddings", cases, by_meaning, misses=arguments.misses))
    else:
        print("embeddings: not installed (pip install 'outrider[grounding]')")
    print("".join(f"{name:>9}" for name in _COLUMNS))
    for row in rows:
        print(_ROW.format_map(row))
    large = measure_large()
    print(f"slowest decision on {ELEMENTS:,} elements: first look {large.first:.0f} ms, again {large.again:.0f} ms")
    if arguments.json:
        arguments.json.write_text(json.dumps([*rows, {"name": "large page", **asdict(large)}], indent=2))


def by_words(case: Case) -> tuple[Candidate, ...]:
    return rank(case.elements, case.target, ROLES[case.verb])


def measure(name: str, cases: Sequence[Case], ranker: Ranker, *, misses: bool) -> dict[str, object]:
    """Outcomes and times of one way to ground."""
    ranker(cases[0])
    outcomes: Counter[str] = Counter()
    times = []
    for case in cases:
        started = time.perf_counter()
        candidates = ranker(case)
        times.append((time.perf_counter() - started) * 1000)
        outcome = judge(case, candidates)
        outcomes[outcome] += 1
        if misses and outcome != "right":
            chosen = candidates[0].element.name if candidates else "nothing"
            print(f"{name}: {outcome:6} {case.page}: {case.verb} “{case.words}” -> {chosen}")
    times.sort()
    return {
        "name": name,
        "cases": len(cases),
        **{outcome: outcomes[outcome] for outcome in ("right", "asked", "wrong", "none")},
        "accuracy": outcomes["right"] / len(cases),
        "ms_p50": times[len(times) // 2],
        "ms_max": times[-1],
    }


def judge(case: Case, candidates: Sequence[Candidate]) -> str:
    """What Scout would make of the candidates."""
    if not candidates:
        return "none"
    if ambiguous(candidates):
        return "asked"
    return "right" if candidates[0].element.index == case.right else "wrong"


if __name__ == "__main__":
    main()
