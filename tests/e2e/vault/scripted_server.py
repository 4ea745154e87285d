"""``outrider serve`` whose model does what a task's text lists as JSON, and writes down all that a model is given.

A task in words is done by the real ``scout``.

``MODEL_INPUT`` names the file for that. With ``HALT_AFTER_REDEEM``, everything stands still once a payment token has
been redeemed, before the card reaches the page.
"""

import asyncio
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from outrider.agents.observation import render_observation
from outrider.agents.scout import Scout
from outrider.cli.main import main
from outrider.interfaces.actions import ACTIONS
from outrider.interfaces.models import Act, Decision, Finish, Step, Task
from outrider.interfaces.pages import Observation
from outrider.interfaces.vault import Card, Claim, Item
from outrider.server import models
from outrider.storage import SqlVaultStore
from outrider.telemetry import get_logger

log = get_logger(__name__)
redeem = SqlVaultStore.redeem


SCOUT = Scout()


class ScriptedModel:
    """Takes the steps of the task, in which elements go by their names, and answers with what the page shows."""

    name = "scout"
    observed_elements = 300

    async def decide(self, task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
        shown = render_observation(observation)
        write_down(task, shown, observation, history)
        if not task.text.startswith("["):
            return await SCOUT.decide(task, observation, history)
        done = len(history) - bool(task.start_url)
        steps: list[dict[str, Any]] = json.loads(task.text)
        if done >= len(steps) or (history and history[-1].problem):
            return Finish(f"{history[-1].problem}\n{shown}")
        step = dict(steps[done])
        action = ACTIONS[step.pop("do")]
        indices = {element.name: element.index for element in observation.elements}
        arguments = {name: indices.get(value, value) if name in _PLACES else value for name, value in step.items()}
        return Act(action(**arguments), f"Taking step {done + 1}")


def write_down(*given: object) -> None:
    with Path(os.environ["MODEL_INPUT"]).open("a", encoding="utf-8") as file:
        print(*given, file=file)


_PLACES = {"index", "number", "expiry", "cvc", "holder", "button"}


async def redeem_and_halt(store: SqlVaultStore, claim: Claim, opened: Callable[[Item], Card]) -> Card:
    redeemed = await redeem(store, claim, opened)
    log.info("halted after the redemption")
    await asyncio.Event().wait()
    return redeemed


if __name__ == "__main__":
    with patch.object(models, "Scout", ScriptedModel):
        if "HALT_AFTER_REDEEM" in os.environ:
            with patch.object(SqlVaultStore, "redeem", redeem_and_halt):
                main()
        else:
            main()
