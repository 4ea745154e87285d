"""``scripts/conformance``: run the tests of all rows, print what came of them, and write the reference page."""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

import pytest
from tests.rows.table import Row, all_rows, proofs_by_row

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "conformance.md"
HEAD = """\
# Conformance

What is documented of the platforms whose interfaces Outrider follows, row by row, and the tests that show it against a
running server. Written by `scripts/conformance`.
"""


class Results:
    """A plugin of pytest that counts what came of the tests of each row."""

    def __init__(self) -> None:
        self.by_row: defaultdict[str, Counter[str]] = defaultdict(Counter)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Iterator[None]:
        """What decides is the call, or a set-up that did not get that far."""
        outcome = yield
        report = outcome.get_result()  # type: ignore[attr-defined]
        if report.when == "call" or report.outcome != "passed":
            for mark in item.iter_markers("row"):
                for row in mark.args:
                    self.by_row[row][report.outcome] += 1

    def said(self, row: str) -> str:
        """``12 passed``, or what else."""
        return ", ".join(f"{count} {outcome}" for outcome, count in sorted(self.by_row[row].items())) or "no test"

    def fits(self, row: str) -> bool:
        """Whether there were tests, and all passed that this machine has what they need for."""
        return {"passed"} <= self.by_row[row].keys() <= {"passed", "skipped"}


def main() -> int:
    """1 when a row has no test, or one that does not pass."""
    parser = argparse.ArgumentParser(prog="scripts/conformance", description=__doc__)
    parser.add_argument("--row", action="append", default=[], help="only this row; nothing is written")
    wanted: list[str] = parser.parse_args().row
    rows, tests, results = all_rows(), proofs_by_row(), Results()
    files = sorted({test for row in wanted or rows for test in tests.get(row, ())})
    pytest.main(["-q", "-m", "row", "-p", "no:cacheprovider", *files], plugins=[results])
    for row in wanted or rows:
        print(f"{row:4} {results.said(row):20} {rows[row].behaviour}")
    if not wanted:
        PAGE.write_text(page(rows, tests, results), encoding="utf-8")
    missed = [row for row in wanted or rows if not results.fits(row)]
    print(f"{len(wanted or rows) - len(missed)} of {len(wanted or rows)} rows hold; not: {', '.join(missed) or 'none'}")
    return int(bool(missed))


def page(rows: Mapping[str, Row], tests: Mapping[str, list[str]], results: Results) -> str:
    """The reference page."""
    lines = [HEAD]
    for surface, group in groupby(rows.values(), lambda row: row.surface):
        lines += [f"\n## {surface}\n", "| row | behaviour | tests | result |", "| --- | --- | --- | --- |"]
        for row in group:
            behaviour = f"{row.behaviour} *On purpose: {row.differs}*" if row.differs else row.behaviour
            shown = "<br>".join(f"`{test.removeprefix('tests/')}`" for test in tests.get(row.id, ()))
            lines.append(f"| {row.id} | {behaviour} | {shown} | {results.said(row.id)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
