"""The outcomes of tasks in lines."""

from collections import Counter
from typing import get_args

from benchmarks.applications.runner import Judged
from benchmarks.applications.task import Outcome

__all__ = ["row", "totals"]


def row(judged: Judged) -> str:
    """The lines of one task: outcome and words, and what it said, when that was not right."""
    task, ending = judged.task, judged.ending
    first = f"{judged.outcome:<9}{judged.seconds:6.1f} s  {task.kind:<11}{task.application:<8}{task.name}"
    if judged.outcome == "right":
        return first
    said = " ".join(ending.text.split())[:300]
    return f"{first}\n{'':19}{ending.code or ending.kind}: {said}\n{'':19}{'; '.join(judged.faults)[:400]}"


def totals(name: str, judged: list[Judged]) -> str:
    """How often each outcome came."""
    counted = Counter(one.outcome for one in judged)
    return f"{name:<11}{len(judged):>3} tasks: " + ", ".join(f"{one} {counted[one]}" for one in get_args(Outcome))
