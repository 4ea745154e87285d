"""What a task is, and how its ending and what it has written are judged."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from benchmarks.applications.application import Application
from benchmarks.scout_tasks.case import Check, Ending

__all__ = ["Kind", "Outcome", "Task", "judge"]

Kind = Literal["research", "forms", "commerce", "automation"]
Outcome = Literal["right", "refused", "asked", "wrong"]

#: One thing that has to be written, as “key = value”; None for a value that is gone.
Written = str | re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Task:
    """One task: it has to end with that answer, and to write just that."""

    kind: Kind
    application: str
    name: str
    words: str
    #: Path of the start address.
    start: str = "/"
    answer: Callable[[Application], Check] | None = None
    #: Computed before the task begins.
    writes: Callable[[Application], Iterable[Written]] = lambda _: ()


def judge(
    ending: Ending, check: Check | None, expected: Iterable[Written], written: dict[str, str | None]
) -> tuple[Outcome, list[str]]:
    """The outcome, and what speaks against it."""
    if ending.kind != "done":
        return ("asked" if ending.kind == "question" else "refused"), [ending.code]
    faults = _differences(list(expected), [f"{name} = {value}" for name, value in written.items()])
    faults += check.faults(ending) if check else []
    # That a page confirmed nothing is said truthfully of many a form; what was sent is seen in the data.
    missing = [name for name in ending.missing if not name.startswith("confirmation of")]
    faults += [f"missing: {', '.join(missing)}"] if missing else []
    return ("wrong" if faults else "right"), faults


def _differences(expected: list[Written], lines: list[str]) -> list[str]:
    """Each expected thing takes one line; what is left on either side is a fault."""
    faults = []
    for one in expected:
        found = next((line for line in lines if _fits(one, line)), None)
        if found is None:
            faults.append(f"not written: {one if isinstance(one, str) else one.pattern}")
        else:
            lines.remove(found)
    return faults + [f"also written: {line}" for line in lines]


def _fits(expected: Written, line: str) -> bool:
    return line == expected if isinstance(expected, str) else expected.fullmatch(line) is not None
