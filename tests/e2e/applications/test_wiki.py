"""Research, forms and administration on an Otter Wiki."""

import pytest
from tests.e2e.applications.conftest import Run
from tests.e2e.applications.verdicts import check

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]

#: Tasks that Scout refuses, or asks about.
OPEN: set[str] = {"what the roof cost"}


async def test_tasks_on_the_wiki(run_all: Run) -> None:
    check(await run_all("wiki"), OPEN)
