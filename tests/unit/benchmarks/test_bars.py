"""How figures are held against the bars, and how they are shown."""

import json
from pathlib import Path

import pytest
from benchmarks.bars import BARS, Bar, judge
from benchmarks.measure import Figure, Series, interleave, stopwatch
from benchmarks.plan import Plan, figures
from benchmarks.report import bar_lines, table, write_json


def _figure(candidate: str, *values: float, benchmark: str = "click", case: str = "") -> Figure:
    return Figure(benchmark, case, candidate, Series(values))


@pytest.mark.parametrize(("median", "met"), [(19.9, True), (20.0, True), (20.1, False)])
def test_absolute_bar(median: float, met: bool) -> None:
    (verdict,) = judge([_figure("ours", median)], [Bar("click", "ours", at_most=20.0)])
    assert verdict.met is met


@pytest.mark.parametrize(("median", "met"), [(20.0, True), (20.4, False)])
def test_relative_bar(median: float, met: bool) -> None:
    measured = [_figure("walk", 10.0), _figure("ours", median)]
    (verdict,) = judge(measured, [Bar("click", "ours", at_most=2.0, of="walk")])
    assert verdict.met is met
    assert next(bar_lines([verdict])).endswith("met" if met else "NOT MET")


def test_a_bar_is_held_against_every_case() -> None:
    measured = [_figure("ours", value, case=case) for case, value in (("small", 1.0), ("large", 30.0))]
    verdicts = list(judge(measured, [Bar("click", "ours", at_most=20.0)]))
    assert [(verdict.case, verdict.met) for verdict in verdicts] == [("small", True), ("large", False)]


def test_a_bar_without_its_figures_gives_no_verdict() -> None:
    bars = [Bar("click", "ours", at_most=1.0, of="walk"), Bar("fill", "ours", at_most=1.0)]
    assert list(judge([_figure("ours", 1.0)], bars)) == []


def test_p95_is_the_nearest_rank() -> None:
    assert Series(tuple(map(float, range(1, 21)))).p95 == 19.0
    assert Series((7.0,)).p95 == 7.0


async def test_interleaving_takes_turns_and_forgets_the_warm_up() -> None:
    order: list[str] = []

    async def one() -> float:
        order.append("a")
        return float(len(order))

    async def two() -> float:
        order.append("b")
        return float(len(order))

    series = await interleave({"a": one, "b": two}, rounds=2, warmup=1)
    assert "".join(order) == "abbaab"
    assert series == {"a": Series((4.0, 5.0)), "b": Series((3.0, 6.0))}


def test_stopwatch_counts_milliseconds() -> None:
    with stopwatch() as took:
        sum(range(10_000))
    assert 0 < took.milliseconds < 1000


def test_table_gives_ratios_to_the_first_row() -> None:
    lines = table([_figure("walk", 10.0), _figure("ours", 15.0)]).splitlines()
    assert [line.split()[-1] for line in lines[2:]] == ["1.00", "1.50"]


def test_json_has_every_sample(tmp_path: Path) -> None:
    plan = Plan(binary=tmp_path / "chromium", cache=tmp_path, work=tmp_path)
    taken = figures("click", "", {"ours": Series((1.0, 2.0))}, remarks={"ours": "small"})
    path = tmp_path / "results" / "run.json"
    write_json(path, plan, taken, list(judge(taken, [Bar("click", "ours", at_most=20.0)])))
    document = json.loads(path.read_text())
    assert document["figures"][0] | {"p50": 1.5, "samples": [1.0, 2.0], "remark": "small"} == document["figures"][0]
    assert [bar["met"] for bar in document["bars"]] == [True]


def test_every_folder_of_a_plan_is_fresh(tmp_path: Path) -> None:
    plan = Plan(binary=tmp_path / "chromium", cache=tmp_path, work=tmp_path)
    assert len({plan.folder("profile") for _ in range(3)}) == 3


def test_relative_bars_compare_two_candidates() -> None:
    assert all(bar.of != bar.candidate for bar in BARS)
