"""The same tasks on a language model whose decisions are written down: each can be done by what a model is shown."""

import pytest
from benchmarks.applications.runner import APPLICATIONS
from benchmarks.applications.tasks import TASKS
from benchmarks.scripted import ScriptedServer
from tests.e2e.applications.conftest import Run
from tests.e2e.applications.verdicts import check

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.mark.parametrize("name", APPLICATIONS)
async def test_tasks_on_the_scripted_model(run_all: Run, model: ScriptedServer, name: str) -> None:
    check(await run_all(name, TASKS, model), set())
