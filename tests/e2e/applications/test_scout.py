"""Research in a wiki and the Python documentation, registrations and issues on Roundup, purchases and the dashboard of
django-oscar: on Scout.
"""

from collections.abc import Mapping
from typing import Final

import pytest
from benchmarks.applications.runner import APPLICATIONS
from tests.e2e.applications.conftest import Run
from tests.e2e.applications.verdicts import check

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

#: Tasks that Scout refuses, or asks about, by application.
OPEN: Final[Mapping[str, set[str]]] = {
    # Two books are rated best: which one is meant is asked.
    "shop": {"new offer in four steps", "wish list"},
}


@pytest.mark.parametrize("name", APPLICATIONS)
async def test_tasks_on_scout(run_all: Run, name: str) -> None:
    check(await run_all(name, None), OPEN.get(name, set()))
