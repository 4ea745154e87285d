"""Timing: a stopwatch, a series of samples, and the interleaving that makes candidates comparable."""

import gc
import math
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

__all__ = ["Figure", "Sample", "Series", "Stopwatch", "interleave", "stopwatch"]

#: Takes one sample and returns it; what is not to be timed lies outside its stopwatch.
Sample = Callable[[], Awaitable[float]]


class Stopwatch:
    """Milliseconds of the block that it was opened for; 0 until the block has ended."""

    milliseconds: float = 0.0


@contextmanager
def stopwatch() -> Iterator[Stopwatch]:
    """Time a block: ``with stopwatch() as took: …; return took.milliseconds``."""
    watch = Stopwatch()
    started = time.perf_counter()
    yield watch
    watch.milliseconds = (time.perf_counter() - started) * 1000


@dataclass(frozen=True, slots=True)
class Series:
    """The samples of one candidate, in the order in which they were taken."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        """Nearest rank: the smallest sample that at least 95 % of the samples do not exceed."""
        return sorted(self.values)[math.ceil(0.95 * len(self.values)) - 1]


@dataclass(frozen=True, slots=True)
class Figure:
    """What one candidate measured in one case of a benchmark."""

    benchmark: str
    #: The page, the number of sessions, …; "" where a benchmark has one case only.
    case: str
    candidate: str
    series: Series
    unit: str = "ms"
    #: Said beside the figure: sizes, tokens.
    remark: str = ""


async def interleave(candidates: Mapping[str, Sample], *, rounds: int, warmup: int = 1) -> dict[str, Series]:
    """Take ``rounds`` samples of each candidate in turns, after ``warmup`` rounds that do not count.

    A neighbour's load then falls on all candidates alike. Each round starts with another candidate, so that none is
    always the one that runs on the heels of the most expensive. The garbage collector rests during a round.
    """
    taken: dict[str, list[float]] = {name: [] for name in candidates}
    names = list(candidates)
    for turn in range(warmup + rounds):
        gc.collect()
        gc.disable()
        try:
            start = turn % len(names)
            for name in names[start:] + names[:start]:
                value = await candidates[name]()
                if turn >= warmup:
                    taken[name].append(value)
        finally:
            gc.enable()
    return {name: Series(tuple(values)) for name, values in taken.items()}
