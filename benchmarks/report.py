"""The figures of a run as a table for people and as JSON for machines."""

import json
import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.bars import Verdict
from benchmarks.measure import Figure
from benchmarks.plan import Plan

__all__ = ["bar_lines", "table", "write_json"]

_ROW = "{:<28} {:>9} {:>9} {:>4} {:>7}  {}"


def table(figures: Iterable[Figure]) -> str:
    """One block per case; the last number is the ratio of medians to the first row of the block."""
    return "\n".join(
        line
        for (benchmark, case), rows in groupby(figures, key=lambda figure: (figure.benchmark, figure.case))
        for line in _block(benchmark, case, tuple(rows))
    )


def _block(benchmark: str, case: str, rows: Sequence[Figure]) -> Iterator[str]:
    unit = rows[0].unit
    yield ""
    title = f"{benchmark}: {case}" if case else benchmark
    yield _ROW.format(title, f"p50 {unit}", f"p95 {unit}", "n", "ratio", "").rstrip()
    first = rows[0].series.median
    for row in rows:
        ratio = f"{row.series.median / first:.2f}" if first else "-"
        numbers = (f"{row.series.median:.2f}", f"{row.series.p95:.2f}", len(row.series.values), ratio)
        yield _ROW.format(f"  {row.candidate}", *numbers, row.remark).rstrip()


def bar_lines(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """``bar: … met`` or ``bar: … not met``, one line each."""
    for verdict in verdicts:
        yield f"bar: {verdict.text}: {'met' if verdict.met else 'NOT MET'}"


def write_json(path: Path, plan: Plan, figures: Sequence[Figure], verdicts: Sequence[Verdict]) -> None:
    """Everything that was measured, every sample included, with the circumstances."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "circumstances": _circumstances(plan),
        "figures": [_figure(figure) for figure in figures],
        "bars": [{"benchmark": v.bar.benchmark, "case": v.case, "text": v.text, "met": v.met} for v in verdicts],
        "notes": plan.notes,
    }
    path.write_text(json.dumps(document, indent=1) + "\n")


def _circumstances(plan: Plan) -> dict[str, Any]:
    return {
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": plan.quick,
        "binary": plan.binary.name,
        "cpus": os.cpu_count(),
        "load_average": os.getloadavg(),
        "platform": platform.platform(),
        "python": platform.python_version(),
        "playwright": version("playwright"),
        "outrider": version("outrider"),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "benchmark": figure.benchmark,
        "case": figure.case,
        "candidate": figure.candidate,
        "unit": figure.unit,
        "p50": round(figure.series.median, 3),
        "p95": round(figure.series.p95, 3),
        "samples": [round(value, 3) for value in figure.series.values],
        "remark": figure.remark,
    }
