"""Purchases, forms and the dashboard on django-oscar."""

import pytest
from tests.e2e.applications.conftest import Run
from tests.e2e.applications.verdicts import check

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]

#: Tasks that Scout refuses, or asks about.
OPEN: set[str] = {"new offer in four steps", "wish list"}


async def test_tasks_on_the_shop(run_all: Run) -> None:
    check(await run_all("shop"), OPEN)
