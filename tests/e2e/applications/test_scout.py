"""Research in a wiki and the Python documentation, registrations and issues on Roundup, purchases and the dashboard of
django-oscar: on Scout.
"""

from collections.abc import Mapping
from typing import Final

import pytest
from benchmarks.applications.runner import APPLICATIONS
from benchmarks.applications.tasks import SETS
from tests.e2e.applications.conftest import Run
from tests.e2e.applications.verdicts import check

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

#: Tasks that Scout refuses, or asks about, by set and application.
OPEN: Final[Mapping[str, Mapping[str, set[str]]]] = {
    # Two books are rated best: which one is meant is asked.
    "first": {"shop": {"new offer in four steps", "wish list"}},
    "later": {
        "wiki": {"day of the regatta", "heaviest and lightest", "own name", "a married member", "a sentence more"},
        "tracker": {"who prints", "carla is on leave"},
        "shop": {"a higher price"},
        "docs": {"nothing found", "classes of queue", "source code of three", "the older of two", "default of maxsize"},
    },
    "third": {
        "wiki": {
            "what students pay", "an account too many", "boats of one builder", "no more registrations",
            "a daughter of fifteen", "less wind",
        },
        "tracker": {
            "what is wrong with the seat map", "what has been put off", "a better title", "faint codes",
            "all tests passed",
        },
        "shop": {"five stars in cookery", "a parcel to Amsterdam", "a delivery has come"},
        "docs": {
            "proposal for data classes", "the Zen", "two on their way out", "three functions for an old Python",
            "sharing a folder",
        },
    },
}  # fmt: skip


@pytest.mark.parametrize("name", APPLICATIONS)
@pytest.mark.parametrize("tasks", SETS)
async def test_tasks_on_scout(run_all: Run, tasks: str, name: str) -> None:
    check(await run_all(name, SETS[tasks], None), OPEN[tasks].get(name, set()))
