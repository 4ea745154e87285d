"""Pages of tests are on this machine, which sessions reach only when that is opened; tests of egress close it again."""

import os
import signal

import pytest
from httpx._config import DEFAULT_TIMEOUT_CONFIG

# A background job of a script ignores Ctrl-C, and so would the processes that tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ.setdefault("OUTRIDER_EGRESS_ALLOW", "localhost")

# Clients that name no timeout wait as long as a loaded machine takes; the clients of the product name their own.
DEFAULT_TIMEOUT_CONFIG.connect = DEFAULT_TIMEOUT_CONFIG.read = DEFAULT_TIMEOUT_CONFIG.write = 60.0

#: By the beginning of their ids; files that take minutes come first, so that nobody waits for the last of them alone.
_ORDER = (
    "tests/e2e/shop/test_tasks.py",
    "tests/e2e/applications",
    "tests/e2e/shop",
    "tests/e2e/api/test_openapi.py",
    "tests/e2e/docs",
    "tests/e2e",
    "tests/integration",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The order in which files are handed to processes. Those of a folder stay together, since they share servers."""
    items.sort(
        key=lambda item: next((at for at, name in enumerate(_ORDER) if item.nodeid.startswith(name)), len(_ORDER))
    )
