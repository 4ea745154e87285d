"""Every row of the walk names a test that is there."""

import ast
from collections import Counter
from pathlib import Path

import pytest
from tests.e2e.conformance.walk import WALK

E2E = Path(__file__).parent.parent
ROWS = [(row, path, test) for path, rows in WALK.items() for row, _, test in rows]


def functions_in(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text()))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_rows_have_distinct_ids() -> None:
    assert [row for row, count in Counter(row for row, _, _ in ROWS).items() if count > 1] == []


@pytest.mark.parametrize(("row", "path", "test"), ROWS)
def test_a_row_has_a_test(row: str, path: str, test: str) -> None:
    assert test in functions_in((E2E / path).resolve()), row
