"""Research in the Python documentation, by its search in the browser."""

import pytest
from tests.e2e.applications.conftest import Run
from tests.e2e.applications.verdicts import check

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]

#: Tasks that Scout refuses, or asks about.
OPEN: set[str] = {"parameters of three modules"}


async def test_tasks_on_the_docs(run_all: Run) -> None:
    check(await run_all("docs"), OPEN)
