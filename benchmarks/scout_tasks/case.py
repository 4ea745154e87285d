"""What a task is, how it ended, and what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from benchmarks.scout_tasks.truth import Truth

__all__ = ["ANY_QUESTION", "Case", "Changes", "Check", "Ending", "Outcome", "judge"]

Outcome = Literal["right", "wrong answer", "refused", "incomplete", "right refusal", "wrong refusal"]
#: Stands for a question among the codes that a case accepts.
ANY_QUESTION = "QUESTION"


@dataclass(frozen=True, slots=True)
class Ending:
    """The last message of a task."""

    kind: Literal["done", "error", "question"]
    text: str
    #: Code of the error; ``QUESTION`` for a question.
    code: str = ""
    #: Where the browser stands.
    url: str = ""
    #: What the answer itself says is missing from it.
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What a task has written: to the shop's database, and to the forms of our own pages."""

    #: Product -> pieces more in the baskets.
    basket: Mapping[str, int] = field(default_factory=dict)
    #: Product, score, title, text, name, address of each new review.
    reviews: tuple[tuple[str, ...], ...] = ()
    #: First name, last name, first line, town, postcode, country code of each new address.
    addresses: tuple[tuple[str, ...], ...] = ()
    #: Mail addresses of new customers.
    customers: tuple[str, ...] = ()
    #: Path of each form that was sent, with its fields.
    posts: tuple[tuple[str, Mapping[str, str]], ...] = ()


class Check(Protocol):
    """Something that has to be true of an ending; its ``str`` says what."""

    def faults(self, ending: Ending) -> list[str]:
        """What is not so; empty when all is."""
        ...


@dataclass(frozen=True, slots=True)
class Case:
    """One task. It has to write ``changes`` and nothing else."""

    name: str
    site: Literal["shop", "docs", "local"]
    words: str
    #: Path of the start address on its site.
    start: str
    expected: Callable[[Truth], Check] | None = None
    changes: Changes = field(default_factory=Changes)
    #: The codes that are right when the task can't be done as it is worded.
    refusals: frozenset[str] = frozenset()


def judge(case: Case, ending: Ending, changes: Changes, truth: Truth) -> tuple[Outcome, list[str]]:
    """The outcome, and what speaks against it."""
    faults = [] if changes == case.changes else [f"wrote {changes}, not {case.changes}"]
    if case.refusals:
        if ending.kind == "done" or faults:
            return "wrong answer", faults or ["done, although it can't be"]
        return ("right refusal", []) if ending.code in case.refusals else ("wrong refusal", [ending.code])
    if ending.kind != "done":
        return "refused", [ending.code]
    faults += case.expected(truth).faults(ending) if case.expected else []
    if ending.missing and changes == case.changes:
        return "incomplete", [*faults, f"missing: {', '.join(ending.missing)}"]
    return ("wrong answer", faults) if faults else ("right", [])
