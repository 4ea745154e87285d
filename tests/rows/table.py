"""The rows of the reference pages, and the tests that bear their ids."""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Row", "all_rows", "proofs_by_row"]

TESTS = Path(__file__).parents[1]


@dataclass(frozen=True)
class Row:
    """What is to be shown; ``differs`` says where Outrider answers otherwise on purpose."""

    id: str
    surface: str
    behaviour: str
    differs: str = ""


def all_rows() -> Mapping[str, Row]:
    """By id, in the order of the pages."""
    surfaces = tomllib.loads(Path(__file__).with_name("rows.toml").read_text(encoding="utf-8")).values()
    return {
        name: Row(name, surface["title"], **facts) for surface in surfaces for name, facts in surface["rows"].items()
    }


def proofs_by_row() -> Mapping[str, list[str]]:
    """``file::test`` of each test that is marked with a row, found in the source."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for file in sorted(TESTS.rglob("test_*.py")):
        text = file.read_text(encoding="utf-8")
        if "mark.row(" not in text:
            continue
        for row, test in _marked(ast.parse(text)):
            name = f"{file.relative_to(TESTS.parent)}::{test}"
            if name not in found[row]:
                found[row].append(name)
    return found


def _marked(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Row and test. A mark may be on one case of a test only; a file's ``pytestmark`` is none of a test."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                yield from ((row, node.name) for row in _rows_in(decorator))


def _rows_in(node: ast.expr) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "row":
            yield from (str(one.value) for one in call.args if isinstance(one, ast.Constant))
