"""The shape of the source: sizes and names. Layers are import-linter's business, types mypy's, style ruff's."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "outrider"
MODULES = sorted(SOURCE.rglob("*.py"))

MODULE_LINES = 400
FUNCTION_LINES = 50
#: Names that say nothing about what a module is for.
EMPTY_NAMES = {"utils", "util", "common", "helpers", "manager", "managers", "misc", "service", "services", "core"}


def test_the_source_is_found() -> None:
    assert len(MODULES) > 20


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_module_is_small_and_named_after_its_job(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    tree = ast.parse(text)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    too_long = {
        function.name: (function.end_lineno or 0) - function.lineno + 1
        for function in functions
        if (function.end_lineno or 0) - function.lineno + 1 > FUNCTION_LINES
    }

    assert text.count("\n") <= MODULE_LINES
    assert too_long == {}
    assert module.stem not in EMPTY_NAMES


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_module_has_a_docstring(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))

    assert ast.get_docstring(tree) or not tree.body
