"""Registration, issues and administration on Roundup."""

import pytest
from tests.e2e.applications.conftest import Run
from tests.e2e.applications.verdicts import check

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]

#: Tasks that Scout refuses, or asks about.
OPEN: set[str] = {"assign what nobody has"}


async def test_tasks_on_the_tracker(run_all: Run) -> None:
    check(await run_all("tracker"), OPEN)
