"""Scout on a real browser: decide, act, remember as JSON, with a fresh instance for every decision."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from tests.integration.kept import blank, keeping, on_one_loop
from tests.integration.scout.site import serve_site

from outrider.agents.scout import Scout
from outrider.browsers.browser import Browser
from outrider.interfaces.actions import Action, Navigate
from outrider.interfaces.models import Act, Ask, Finish, Step, Task, Turn
from outrider.interfaces.pages import Effect, Observation, Page
from outrider.problems import OutriderError

#: Forty pages of a list take two each.
_DECISIONS = 100


@dataclass
class Run:
    """What came of a task."""

    answer: Any = None
    missing: tuple[str, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)
    #: The question that nobody answered.
    question: str = ""
    error: OutriderError | None = None
    thoughts: list[str] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.error.code if self.error else ""


class Driver:
    """Carries a task out on one page. Nothing of Scout survives from step to step but the JSON of its memory."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self._site = site

    async def __call__(
        self,
        text: str,
        path: str | None = "/",
        *,
        answers: Mapping[str, str] | None = None,
        update: str = "",
        schema: Mapping[str, Any] | None = None,
    ) -> Run:
        """``answers``: replies by a word of the question. ``update``: what the user adds after the first step."""
        if path is not None:
            await self.page.act(Navigate(self._site + path))
        task, run, history = Task(1, text, output_schema=schema), Run(), list[Step]()
        try:
            for _ in range(_DECISIONS):
                page = await self.page.observe()
                decision = await Scout().decide(task, page, tuple(history))
                match decision:
                    case Finish():
                        run.answer, run.missing = decision.answer, decision.missing
                        run.evidence = {one.field: one.quote for one in decision.evidence}
                        return run
                    case Ask():
                        reply = next((r for word, r in (answers or {}).items() if word in decision.question), None)
                        if reply is None:
                            run.question = decision.question
                            return run
                        asked = (Turn("question", decision.question), Turn("answer", reply))
                        task = replace(task, turns=(*task.turns, *asked))
                    case Act():
                        history.append(await self._take(decision, page, run))
                        if update and len(history) == 1:
                            task = replace(task, turns=(*task.turns, Turn("update", update)))
        except OutriderError as error:
            run.error = error
            return run
        raise AssertionError(f"no end after {run.thoughts}")

    async def _take(self, decision: Act, seen: Observation, run: Run) -> Step:
        run.thoughts.append(decision.thought)
        run.actions.append(decision.action)
        effect: Effect | None = None
        problem = None
        try:
            effect = await self.page.act(decision.action)
        except OutriderError as error:
            problem = (error.code, error.as_model_sentence())
        return Step(decision.action, json.loads(json.dumps(decision.memory)), effect, problem, seen=seen)


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    with serve_site() as address:
        yield address


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    on_one_loop(items, Path(__file__).parent)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def kept(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with keeping(tmp_path_factory.mktemp("kept")) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def run(kept: Browser, site: str) -> Driver:
    await blank(kept)
    return Driver(kept.page, site)
