"""What bounds a task besides its own end: a step's deadline, and the limits that its message brought."""

from collections.abc import Sequence
from typing import Any

import pytest
from tests.integration.agents.worker import Open

from outrider.interfaces.actions import Click, Navigate
from outrider.interfaces.models import Act, Decision, Finish, Step, Task
from outrider.interfaces.pages import Observation
from outrider.interfaces.sessions import State

pytestmark = pytest.mark.browser


def freeze(task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
    """Click what keeps the page's script busy for ever; the next task only looks."""
    del history
    if task.text == "look":
        return Finish(observation.title)
    (button,) = observation.elements
    return Act(Click(button.index), "Freezing the page")


def wander(task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
    """Open one page after the other."""
    del task
    return Act(Navigate(f"{observation.url.partition('?')[0]}?page={len(history)}"), "Going on")


async def test_a_step_that_does_not_end_is_ended(opened: Open, site: str) -> None:
    async with opened(freeze, step_timeout_seconds=1.0) as worker:
        await worker.say("freeze", start_url=f"{site}/busy")
        log = await worker.end()
        assert log[-1].metadata["code"] == "STEP_TIMEOUT"
        assert log[-2].metadata["problem"]["code"] == "STEP_TIMEOUT"
        assert await worker.state() is State.FAILED

        last = await worker.say("look", start_url=site)
        assert (await worker.end(last))[-1].content == "Home"


@pytest.mark.parametrize(
    ("limits", "code"), [({"seconds": 1.0}, "TASK_TIMEOUT"), ({"steps": 3, "seconds": 60}, "STEP_LIMIT_REACHED")]
)
async def test_a_message_may_tighten_the_limits_of_its_task(
    opened: Open, site: str, limits: dict[str, Any], code: str
) -> None:
    async with opened(wander, max_steps=10_000) as worker:
        await worker.say("wander", start_url=site, limits=limits)
        assert (await worker.end())[-1].metadata["code"] == code
