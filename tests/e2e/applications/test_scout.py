"""Research in a wiki and the Python documentation, registrations and issues on Roundup, purchases and the dashboard of
django-oscar: on Scout.
"""

from collections.abc import Mapping
from typing import Final

import pytest
from benchmarks.applications.runner import APPLICATIONS
from benchmarks.applications.tasks import SETS, TASKS
from tests.e2e.applications.conftest import Run
from tests.e2e.applications.verdicts import check

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

#: Tasks that Scout refuses, or asks about, by application.
OPEN: Final[Mapping[str, set[str]]] = {
    # Two books are rated best: which one is meant is asked.
    "shop": {"new offer in four steps", "wish list"},
}
#: The same of the later set.
OPEN_LATER: Final[Mapping[str, set[str]]] = {
    "wiki": {"day of the regatta", "heaviest and lightest", "own name", "a married member", "a sentence more"},
    "tracker": {"who prints", "carla is on leave"},
    "shop": {"a higher price"},
    "docs": {"nothing found", "classes of queue", "source code of three", "the older of two", "default of maxsize"},
}


@pytest.mark.parametrize("name", APPLICATIONS)
async def test_tasks_on_scout(run_all: Run, name: str) -> None:
    check(await run_all(name, TASKS, None), OPEN.get(name, set()))


@pytest.mark.parametrize("name", APPLICATIONS)
async def test_later_tasks_on_scout(run_all: Run, name: str) -> None:
    check(await run_all(name, SETS["later"], None), OPEN_LATER[name])
