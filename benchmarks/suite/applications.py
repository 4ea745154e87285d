"""Forty whole tasks on real applications, on Scout: what share of each kind of work is not done right."""

from collections import Counter
from typing import get_args

from benchmarks.applications.report import row
from benchmarks.applications.runner import Judged, open_applications
from benchmarks.applications.runner import run as run_tasks
from benchmarks.applications.task import Kind
from benchmarks.applications.tasks import TASKS
from benchmarks.measure import Figure, Series
from benchmarks.plan import Plan
from benchmarks.sides.server import Server

__all__ = ["run"]


async def run(plan: Plan) -> list[Figure]:
    """A figure for each kind and for all; the remark counts the outcomes."""
    judged = []
    async with (
        Server.start(plan, warm_browsers=1) as server,
        server.sdk() as client,
        open_applications({task.application for task in TASKS}, client) as applications,
    ):
        async for one in run_tasks(TASKS, client, applications):
            plan.progress(row(one))
            judged.append(one)
    kinds = {kind: [one for one in judged if one.task.kind == kind] for kind in get_args(Kind)}
    by_kind = [_figure("tasks by kind", kind, those) for kind, those in kinds.items()]
    wrong = Series((float(sum(one.outcome == "wrong" for one in judged)),))
    return [*by_kind, _figure("applications", "", judged), Figure("applications", "", "scout, wrong", wrong, "tasks")]


def _figure(benchmark: str, case: str, judged: list[Judged]) -> Figure:
    counted = Counter(one.outcome for one in judged)
    share = 100 * (1 - counted["right"] / len(judged))
    told = ", ".join(f"{outcome} {number}" for outcome, number in sorted(counted.items()))
    return Figure(benchmark, case, "scout, not right", Series((share,)), "%", f"{len(judged)} tasks: {told}")
