"""Nothing of the official Python SDK's surface is left out of its tests."""

import ast
import inspect
from pathlib import Path

import pytest
from agi._session_context import SessionContext
from agi.resources.sessions import SessionsResource

TESTS = Path(__file__).parent
SURFACE = [SessionsResource, SessionContext]


def called() -> dict[str, set[str]]:
    """Names of methods that the tests call, and the keyword arguments that they call each with."""
    found: dict[str, set[str]] = {}
    for path in TESTS.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                found.setdefault(node.func.attr, set()).update(word.arg for word in node.keywords if word.arg)
    return found


@pytest.mark.parametrize("kind", SURFACE)
def test_every_method_is_called_by_a_test(kind: type) -> None:
    methods = {name for name, _ in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")}
    assert methods <= called().keys()


@pytest.mark.parametrize("kind", SURFACE)
def test_every_optional_argument_is_given_by_a_test(kind: type) -> None:
    calls = called()
    for name, method in inspect.getmembers(kind, inspect.isfunction):
        if not name.startswith("_"):
            optional = {p.name for p in inspect.signature(method).parameters.values() if p.default is not p.empty}
            assert optional <= calls[name], name
