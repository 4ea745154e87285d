"""The bars of the product as a table, and the check of figures against it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.measure import Figure

__all__ = ["BARS", "Bar", "Verdict", "judge"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A promise about the median of one candidate, in every case of a benchmark.

    ``at_most`` is in the unit of the figure; with ``of`` it is a multiple of that candidate's median.
    """

    benchmark: str
    candidate: str
    at_most: float
    of: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A bar held against one case."""

    bar: Bar
    case: str
    met: bool
    text: str


BARS: Final = (
    Bar("start", "outrider warm, pool", at_most=25.0),
    Bar("start", "outrider warm, HTTP", at_most=25.0),
    Bar("start", "outrider cold, pool", at_most=1.5, of="bare launch, page"),
    Bar("start", "outrider cold, HTTP", at_most=1.5, of="bare launch, page"),
    Bar("commands", "outrider --help", at_most=45.0, of="python"),
    Bar("commands", "outrider sessions list", at_most=50.0, of="python"),
    Bar("commands", "outrider serve", at_most=160.0, of="python"),
    Bar("step overhead", "outrider", at_most=40.0),
    Bar("step overhead", "outrider", at_most=0.1, of="browser-use"),
    Bar("step overhead, all pages", "outrider", at_most=0.1, of="browser-use"),
    Bar("looks of a task", "outrider", at_most=0.5, of="browser-use"),
    Bar("whole requests", "outrider", at_most=0.5, of="browser-use"),
    Bar("elements lost", "outrider", at_most=0.0),
    Bar("observation", "outrider", at_most=2.0, of="plain walk"),
    Bar("observation", "outrider", at_most=1 / 5, of="playwright"),
    Bar("click", "outrider", at_most=20.0),
    Bar("click", "outrider", at_most=1.0, of="playwright"),
    Bar("egress", "through egress", at_most=1.25, of="direct"),
    Bar("snapshots", "outrider filesystem", at_most=1.5, of="bare launch, copied profile"),
    Bar("snapshots", "outrider filesystem, HTTP", at_most=1.5, of="bare launch, copied profile"),
    Bar("snapshots", "outrider memory", at_most=50.0),
    Bar("snapshots", "outrider memory, HTTP", at_most=50.0),
    Bar("subscribers", "idle reader", at_most=60.0),
    Bar("webhooks", "lost", at_most=0.0),
    Bar("webhooks", "out of order", at_most=0.0),
    Bar("webhooks", "other payload, same id", at_most=0.0),
    Bar("miniwob: all tasks", "failed", at_most=50.0),
    Bar("miniwob: tasks that name what to do", "failed", at_most=25.0),
    Bar("miniwob: all tasks", "episode", at_most=500.0),
    Bar("gate", "all, 1 key", at_most=0.3),
    Bar("gate", "all, 5,000 keys", at_most=0.3),
    Bar("append", "outrider, engine", at_most=5.0),
    Bar("append", "outrider, HTTP", at_most=5.0),
    Bar("applications", "scout, not right", at_most=15.0),
    Bar("applications", "scout, wrong", at_most=0.0),
)


def judge(figures: Iterable[Figure], bars: Iterable[Bar] = BARS) -> Iterator[Verdict]:
    """Verdicts on every case for which a bar's candidates were measured."""
    cases: dict[tuple[str, str], dict[str, Figure]] = {}
    for figure in figures:
        cases.setdefault((figure.benchmark, figure.case), {})[figure.candidate] = figure
    for bar in bars:
        for (benchmark, case), measured in cases.items():
            if benchmark == bar.benchmark and {bar.candidate, bar.of or bar.candidate} <= measured.keys():
                yield _verdict(bar, case, measured)


def _verdict(bar: Bar, case: str, measured: Mapping[str, Figure]) -> Verdict:
    figure = measured[bar.candidate]
    value, unit = figure.series.median, figure.unit
    subject = f"{bar.benchmark}{f' ({case})' if case else ''}: {bar.candidate} {value:.1f} {unit}"
    if not bar.of:
        met = value <= bar.at_most
        return Verdict(bar, case, met, f"{subject}, at most {bar.at_most:g} {unit}")
    other = measured[bar.of].series.median
    ratio = value / other
    return Verdict(
        bar, case, ratio <= bar.at_most, f"{subject} is {ratio:.2f} x {bar.of} {other:.1f}, at most {bar.at_most:g} x"
    )
