"""The episodes of a run as lines for people and as figures."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from benchmarks.measure import Figure, Series
from benchmarks.miniwob.episode import Episode
from benchmarks.miniwob.naming import is_named

__all__ = ["figures_of", "lines"]

_ROW = "{:<30} {:>5} {:>8}  {}"


def lines(episodes: Sequence[Episode]) -> Iterator[str]:
    """One line per task, then the failures by what they ended with."""
    yield _ROW.format("task (* names what to do)", "won", "p50 ms", "failures")
    for task, played in groupby(episodes, key=lambda one: one.start.task):
        some = list(played)
        failures = Counter(one.failure for one in some if one.failure)
        won = f"{len(some) - failures.total()}/{len(some)}"
        said = ", ".join(f"{failure} {times}" for failure, times in failures.most_common())
        yield _ROW.format(f"{task}{' *' * is_named(task)}", won, f"{_milliseconds(some).median:.0f}", said).rstrip()
    yield "failures: " + ", ".join(
        f"{failure} {times}" for failure, times in Counter(one.failure for one in episodes if one.failure).most_common()
    )


def figures_of(episodes: Sequence[Episode]) -> list[Figure]:
    """Shares of failed episodes in per cent, and the time of an episode."""
    sets = {"all tasks": list(episodes), "tasks that name what to do": [e for e in episodes if is_named(e.start.task)]}
    found = []
    for case, some in sets.items():
        if some:
            tasks = len({one.start.task for one in some})
            share = 100 * sum(bool(one.failure) for one in some) / len(some)
            remark = f"{len(some)} episodes of {tasks} tasks"
            found.append(Figure(f"miniwob: {case}", "", "failed", Series((share,)), "%", remark))
            found.append(Figure(f"miniwob: {case}", "", "episode", _milliseconds(some), "ms"))
    return found


def _milliseconds(episodes: Sequence[Episode]) -> Series:
    return Series(tuple(1000 * one.seconds for one in episodes))
