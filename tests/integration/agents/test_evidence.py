"""Evidence for answers: claims of a model are checked against what the pages showed, and come with a picture."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.integration.agents.worker import Open

from outrider.interfaces.actions import Action, Extract, Navigate
from outrider.interfaces.models import Act, Decision, Evidence, Finish, Step, Task
from outrider.interfaces.pages import Observation
from outrider.interfaces.sessions import MessageType

pytestmark = pytest.mark.browser

SCHEMA = {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]}


class Claim:
    """Reads the first page, goes on to another, and claims to have read these quotes on the first."""

    def __init__(self, *quotes: str, answer: Any = None, read: bool = True) -> None:
        self.quotes = quotes
        self.answer = {"title": "Home"} if answer is None else answer
        self.actions: list[Action] = [Extract()] if read else []

    def __call__(self, task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
        site = task.start_url.rstrip("/")
        plan = [*self.actions, Navigate(f"{site}/busy")]
        taken = len(history) - 1
        if taken < len(plan):
            return Act(plan[taken], "Going on")
        return Finish(self.answer, tuple(Evidence("title", f"{site}/#top", quote) for quote in self.quotes))


async def evidence(opened: Open, site: str, claim: Claim, schema: dict[str, Any] | None) -> list[dict[str, Any]]:
    async with opened(claim) as worker:
        await worker.say("read the title", start_url=f"{site}/", output_schema=schema)
        (*_, last) = await worker.end()
        assert last.type is MessageType.DONE, last
        found: list[dict[str, Any]] = last.metadata["evidence"]
        return found


def picture_in(folder: Path, name: str) -> bytes:
    (found,) = folder.glob(f"files/*/evidence/{name}")
    return found.read_bytes()


@pytest.mark.parametrize(
    ("quote", "verified"),
    [
        ("Home", True),
        ("next  PAGE", True),
        ("Home\nDo it", True),
        ("Away", False),
        ("Home\nAway", False),
        ("Freeze", False),  # on the other page
        ("", False),
    ],
)
async def test_a_quote_is_looked_for_on_its_page(opened: Open, site: str, quote: str, verified: bool) -> None:
    (found,) = await evidence(opened, site, Claim(quote), None)
    assert (found["quote"], found["verified"], found["screenshot"]) == (quote, verified, None)


async def test_for_a_schema_there_is_a_picture_of_the_page_as_it_was_read(
    opened: Open, site: str, tmp_path: Path
) -> None:
    first, second = await evidence(opened, site, Claim("Home", "Dead"), SCHEMA)
    assert first["screenshot"] == second["screenshot"]
    assert picture_in(tmp_path, first["screenshot"]).startswith(b"\xff\xd8")


async def test_a_page_that_was_only_looked_at_has_no_picture_once_it_is_left(opened: Open, site: str) -> None:
    (found,) = await evidence(opened, site, Claim("Home", read=False), SCHEMA)
    assert (found["verified"], found["screenshot"]) == (True, None)


@pytest.mark.parametrize("answer", ["Home, I think", {"name": "Home"}, ["Home"]])
async def test_an_answer_that_is_not_valid_is_kept_as_it_is(opened: Open, site: str, answer: Any) -> None:
    async with opened(Claim("Home", answer=answer)) as worker:
        await worker.say("read the title", start_url=f"{site}/", output_schema=SCHEMA)
        (*_, last) = await worker.end()
    assert (last.type, last.metadata["code"]) == (MessageType.ERROR, "OUTPUT_INVALID")
    assert last.metadata["details"]["answer"] == answer
