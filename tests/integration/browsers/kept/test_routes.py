"""Applications that change their address within a document: what an action did, and what a model is told of it."""

import pytest
from tests.integration.browsers.conftest import Finder, Open

from outrider.agents.models.prompt import Room, Telling
from outrider.interfaces.actions import Action, Back, Click
from outrider.interfaces.models import Step, Task
from outrider.interfaces.pages import Page

pytestmark = pytest.mark.browser


class Told:
    """What a model is told before each of its actions."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._telling = Telling(Room(prompt=48_000, page=10_000))
        self._steps: list[Step] = []

    async def act(self, action: Action) -> Step:
        seen = await self._page.observe()
        effect = await self._page.act(action)
        self._steps.append(Step(action, {}, effect, seen=seen))
        return self._steps[-1]

    async def now(self) -> str:
        return self._telling.render_task(Task(1, "Read."), await self._page.observe(), self._steps)


async def test_an_address_within_the_document_is_told_as_what_has_changed(goto: Open, find: Finder) -> None:
    page = await goto("routes.html")
    told = Told(page)
    before = await told.now()
    for action in (Click((await find("Black")).index), Click((await find("Smoked")).index), Back()):
        effect = (await told.act(action)).effect
        assert effect is not None
        assert (effect.navigated, effect.replaced) == (True, False)
        after = await told.now()
        assert after.startswith(before)
        before = after
    assert after.count("# Page") == 1
    assert "Smoked teas — " in after
    assert after.count('"Filter 7"') == 1
    assert after.count('"Black no. 4"') == 2


@pytest.mark.parametrize(("name", "replaced"), [("Elsewhere", True), ("Another application", False)])
async def test_what_is_new_is_told_whole(goto: Open, find: Finder, name: str, replaced: bool) -> None:
    page = await goto("routes.html")
    told = Told(page)
    effect = (await told.act(Click((await find(name)).index))).effect
    assert effect is not None
    assert (effect.navigated, effect.replaced) == (True, replaced)
    after = await told.now()
    assert "# Changes of the page" not in after
    assert "Filter 7" not in after
