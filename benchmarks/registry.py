"""The benchmarks by name."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from benchmarks.measure import Figure
from benchmarks.plan import Plan
from benchmarks.suite import (
    actions,
    append,
    applications,
    browser_use,
    commands,
    egress,
    gate,
    live_view,
    memory,
    miniwob,
    observation,
    session,
    snapshots,
    start,
    step,
    subscribers,
    webhooks,
)

__all__ = ["BENCHMARKS", "Benchmark"]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One benchmark: what it measures, and how it is run."""

    about: str
    run: Callable[[Plan], Awaitable[list[Figure]]]


BENCHMARKS: Final[Mapping[str, Benchmark]] = MappingProxyType(
    {
        "start": Benchmark("create to ready, cold and warm, against the bare launch", start.run),
        "commands": Benchmark("processor time of starting commands and a server", commands.run),
        "session": Benchmark("create, open a page, release", session.run),
        "observation": Benchmark("looking at real pages", observation.run),
        "actions": Benchmark("click and fill", actions.run),
        "applications": Benchmark("forty whole tasks on real applications, on Scout", applications.run),
        "append": Benchmark("append of a message to its subscriber", append.run),
        "subscribers": Benchmark("readers of event streams: memory of idle ones, order for busy ones", subscribers.run),
        "snapshots": Benchmark("a saved environment to its last page", snapshots.run),
        "step": Benchmark("what a step costs besides the model", step.run),
        "browser-use": Benchmark("steps beside browser-use, for the same scripted model", browser_use.run),
        "egress": Benchmark("page loads directly and through the egress proxy", egress.run),
        "gate": Benchmark("what the gate adds to a request, with one key and with 5,000", gate.run),
        "live_view": Benchmark("watching a still and a scrolling page", live_view.run),
        "webhooks": Benchmark("events delivered by a server that is killed, to receivers that misbehave", webhooks.run),
        "memory": Benchmark("memory per session", memory.run),
        "miniwob": Benchmark("the 130 tasks of MiniWoB++ on Scout: how many fail, how long one takes", miniwob.run),
    }
)
