"""The end of a task, whichever model says that it is done: looked at again, and not without what the page confirms."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from tests.integration.agents.corner_shop import CornerShop, open_shop
from tests.integration.agents.test_owner import index_of
from tests.integration.agents.worker import Open

from outrider.agents.scout.scout import _decide as scout
from outrider.interfaces.actions import Action, Click, Extract, Fill, Navigate
from outrider.interfaces.models import Act, Decision, Evidence, Finish, Step, Task
from outrider.interfaces.pages import Observation
from outrider.interfaces.sessions import Message, MessageType

pytestmark = pytest.mark.browser

Do = Callable[[Observation], Action]


@pytest.fixture
def shop() -> Iterator[CornerShop]:
    with open_shop() as opened:
        yield opened


class Plan:
    """Takes its steps after the first page was opened, and then says that it is done."""

    def __init__(
        self, *steps: Do, answer: Any = "All done", read: Callable[[Observation], tuple[Evidence, ...]] | None = None
    ):
        self.steps, self.answer, self.read = steps, answer, read
        self.ends = 0
        self.before_end: Callable[[], None] = lambda: None

    def __call__(self, task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
        if (taken := len(history) - 1) < len(self.steps):
            return Act(self.steps[taken](observation), "Going on")
        self.ends += 1
        decision = Finish(self.answer, self.read(observation) if self.read else ())
        self.before_end()
        return decision


def fill(name: str, text: str) -> Do:
    return lambda seen: Fill(index_of(seen, name), text)


def click(name: str) -> Do:
    return lambda seen: Click(index_of(seen, name))


async def end_of(opened: Open, shop: CornerShop, plan: Any, path: str, task: str = "Order a pot") -> Message:
    async with opened(plan) as worker:
        await worker.say(task, start_url=f"{shop.url}{path}")
        last: Message = (await worker.end())[-1]
        return last


ORDER = (fill("Name", "Ann Lee"), click("Send order"))


async def test_what_the_page_confirms_is_evidence(opened: Open, shop: CornerShop) -> None:
    end = await end_of(opened, shop, Plan(*ORDER), "/order")
    (row,) = end.metadata["evidence"]
    assert (row["field"], row["quote"], row["verified"], row["current"]) == ("confirmation", shop.thanks, True, True)
    assert row["element"] == {"role": "paragraph", "region": "main", "under": "Done"}
    assert end.metadata["missing"] == []


async def test_without_a_confirmation_the_end_says_so(opened: Open, shop: CornerShop) -> None:
    shop.thanks = "See you."
    end = await end_of(opened, shop, Plan(*ORDER), "/order")
    assert end.type is MessageType.DONE
    assert end.metadata["missing"] == ["confirmation of “Send order”: the page says nothing to it"]


async def test_what_the_page_refuses_is_no_success(opened: Open, shop: CornerShop) -> None:
    shop.refusal = "The e-mail is required."
    end = await end_of(opened, shop, Plan(*ORDER), "/order")
    assert (end.type, end.metadata["code"]) == (MessageType.ERROR, "STEP_REFUSED")
    assert end.content == "The page did not accept “Send order”: The e-mail is required."


async def test_an_answer_that_tells_the_refusal_is_an_answer(opened: Open, shop: CornerShop) -> None:
    shop.refusal = "The e-mail is required."
    end = await end_of(opened, shop, Plan(*ORDER, answer="It says: the e-mail is required."), "/order")
    assert end.type is MessageType.DONE
    assert end.metadata["missing"] == ["confirmation of “Send order”: the page says “The e-mail is required.”"]


async def test_what_was_mended_after_a_refusal_is_a_success(opened: Open, shop: CornerShop) -> None:
    shop.refusal = "The e-mail is required."

    def again(seen: Observation) -> Action:
        shop.refusal = ""
        return Fill(index_of(seen, "E-mail"), "ann@example.org")

    end = await end_of(opened, shop, Plan(*ORDER, again, click("Send order")), "/order")
    assert [row["quote"] for row in end.metadata["evidence"]] == [shop.thanks]


async def test_a_page_that_was_only_walked_through_needs_no_confirmation(opened: Open, shop: CornerShop) -> None:
    end = await end_of(opened, shop, Plan(click("Pots"), click("Home")), "/")
    assert (end.metadata["evidence"], end.metadata["missing"]) == ([], [])


def price(seen: Observation) -> tuple[Evidence, ...]:
    return (Evidence("price", seen.url, next(text.text for text in seen.texts if text.text.startswith("£"))),)


async def test_evidence_says_where_on_the_page_a_quote_stands(opened: Open, shop: CornerShop) -> None:
    page = f"{shop.url}/pot/Clay%20pot"

    def claims(seen: Observation) -> tuple[Evidence, ...]:
        quotes = ("Weight: 2 kg", "£9.50", "only", "Pots", "Clay pot", "nowhere")
        return tuple(Evidence(f"f{at}", page, quote) for at, quote in enumerate(quotes))

    end = await end_of(opened, shop, Plan(lambda seen: Extract(), read=claims), "/pot/Clay%20pot")
    places = [row["element"] for row in end.metadata["evidence"]]
    assert places[0] == {"role": "value", "name": "Weight"}
    assert places[1] == {"role": "value", "name": "Price"}
    assert places[2] | {"before": ""} == {
        "role": "paragraph", "region": "main", "under": "Clay pot", "before": "", "after": ".",
    }  # fmt: skip
    assert places[3]["index"]
    assert (places[4]["role"], places[5]) == ("heading1", None)
    assert [row["step"] for row in end.metadata["evidence"]] == [2, 2, 2, 2, 2, None]
    assert [row["current"] for row in end.metadata["evidence"]] == [True, True, True, True, True, None]


async def test_a_value_that_changes_before_the_end_is_read_once_more(opened: Open, shop: CornerShop) -> None:
    """The page is changed in the browser, as a live price is, after the model has decided on its answer."""
    plan = Plan(read=price)
    async with opened(plan) as worker:
        await worker.say("the price", start_url=f"{shop.url}/pot/Clay%20pot")
        (*_, end) = await worker.end()
        assert plan.ends == 1
        shop.ticks = True
        started = await worker.say("the price", start_url=f"{shop.url}/pot/Clay%20pot")
        (*_, ticking) = await worker.end(started)

    assert (end.metadata["evidence"][0]["current"], end.metadata["missing"]) == (True, [])
    assert plan.ends == 3
    (row,) = ticking.metadata["evidence"]
    assert (ticking.type, row["verified"], row["current"]) == (MessageType.DONE, True, False)
    assert row["now"].startswith("£")
    assert row["now"] != row["quote"]
    assert ticking.metadata["missing"] == ["price: the page says otherwise by now"]


async def test_scout_reads_again_what_has_changed(opened: Open, shop: CornerShop) -> None:
    shop.ticks = True
    async with opened(scout) as worker:
        await worker.say("Report the price", start_url=f"{shop.url}/pot/Clay%20pot")
        log = await worker.end()
    assert log[-1].type is MessageType.DONE
    assert [m.metadata["action"]["name"] for m in log if m.metadata.get("event") == "step"].count("extract") == 2


async def test_a_page_that_went_elsewhere_tells_nothing_of_what_was_read(opened: Open, shop: CornerShop) -> None:
    home = f"{shop.url}/"
    claims = (Evidence("year", home, "1904"),)
    end = await end_of(opened, shop, Plan(lambda seen: Navigate(f"{home}pots"), read=lambda seen: claims), "/")
    (row,) = end.metadata["evidence"]
    assert (row["verified"], row["current"], row["step"]) == (True, None, 1)
