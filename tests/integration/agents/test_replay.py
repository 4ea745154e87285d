"""Tasks are recorded and done again on pages that have changed meanwhile; only the models are ours."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import fields
from typing import Any, get_args

import pytest
from tests.integration.agents.corner_shop import CornerShop, open_shop
from tests.integration.agents.worker import Open, Worker

from outrider.agents.replay.recording import record
from outrider.agents.scout.scout import _decide as scout
from outrider.interfaces.actions import ACTIONS, Action, Check, Click, Fill, Navigate, Pay, Select
from outrider.interfaces.models import Act, Decision, Evidence, Finish, Step, Task
from outrider.interfaces.pages import Observation
from outrider.interfaces.sessions import Message, MessageType
from outrider.protocol.scripts import ARGUMENTS, PaymentField, Script
from outrider.sessions.scripts import check_variables, parse_script, write_script

pytestmark = pytest.mark.browser

PAYMENT_FIELDS = get_args(PaymentField)


@pytest.fixture
def shop() -> Iterator[CornerShop]:
    with open_shop() as opened:
        yield opened


class Brain:
    """Records with one model, and notes what it is asked during a replay."""

    def __init__(self) -> None:
        self.decide: Callable[[Task, Observation, Sequence[Step]], Decision] = scout
        self.asked: list[str] = []
        self.is_replaying = False

    def __call__(self, task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
        if self.is_replaying:
            self.asked.append(task.text)
        return self.decide(task, observation, history)


@pytest.fixture
def brain() -> Brain:
    return Brain()


@pytest.fixture
async def worker(opened: Open, brain: Brain) -> AsyncIterator[Worker]:
    opening: AbstractAsyncContextManager[Worker] = opened(brain)
    async with opening as ready:
        yield ready


class Recorded:
    """A task that was done, and its script as a file."""

    def __init__(self, worker: Worker, brain: Brain, text: str, end: Message) -> None:
        self.worker, self.brain, self.text, self.end = worker, brain, text, end
        self.script = parse_script(text)

    async def again(self, *, ask_model: bool = True, **given: str) -> Message:
        """How the replay ends."""
        self.brain.is_replaying = True
        values = check_variables(self.script, given)
        replay = {"script": self.text, "values": values, "ask_model": ask_model}
        started = await self.worker.say(self.script.task, replay=replay, output_schema=self.script.output_schema)
        return (await self.worker.end(started))[-1]


async def recorded(worker: Worker, brain: Brain, task: str, shop: CornerShop, **body: Any) -> Recorded:
    started = await worker.say(task, start_url=f"{shop.url}/", **body)
    end = (await worker.end(started - 1))[-1]
    assert end.type is MessageType.DONE, end
    log = await worker.store.messages(worker.session_id)
    return Recorded(worker, brain, write_script(record(log, started)), end)


def index_of(observation: Observation, name: str) -> int:
    return next(element.index for element in observation.elements if element.name == name)


def do(*steps: Callable[[Observation], Action], finish: Finish | None = None) -> Any:
    """A model that takes these steps after the first page was opened."""

    def decide(task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
        taken = len(history) - bool(task.start_url)
        if taken < len(steps):
            return Act(steps[taken](observation), "Going on")
        return finish or Finish("Done")

    return decide


def click(name: str) -> Callable[[Observation], Action]:
    return lambda seen: Click(index_of(seen, name))


ORDER = (
    click("Order"),
    lambda seen: Fill(index_of(seen, "Name"), "Ann Lee"),
    lambda seen: Fill(index_of(seen, "E-mail"), "ann@example.org"),
    lambda seen: Fill(index_of(seen, "Password"), "right horse 7"),
    lambda seen: Select(index_of(seen, "Colour"), "Blue"),
    lambda seen: Check(index_of(seen, "Gift")),
    click("Send order"),
)

PRICE = "Go to Pots, open 'Clay pot' and report its price and weight as JSON"


async def test_a_replay_needs_no_model_and_says_what_the_page_says_now(
    worker: Worker, brain: Brain, shop: CornerShop
) -> None:
    done = await recorded(worker, brain, PRICE, shop)
    assert done.end.content == {"price": "£9.50", "weight": "2 kg"}

    shop.goods = (("Clay pot", "£11.00"), *shop.goods[1:])
    end = await done.again()

    assert (end.type, end.content) == (MessageType.DONE, {"price": "£11.00", "weight": "2 kg"})
    assert brain.asked == []
    assert [(row["field"], row["verified"], row["current"]) for row in end.metadata["evidence"]] == [
        ("price", True, True),
        ("weight", True, True),
    ]


async def test_what_has_moved_or_is_called_otherwise_is_found_again(
    worker: Worker, brain: Brain, shop: CornerShop
) -> None:
    done = await recorded(worker, brain, PRICE, shop)
    shop.is_moved, shop.pots = True, "Crockery"
    end = await done.again(ask_model=False)
    assert (end.type, end.content) == (MessageType.DONE, {"price": "£9.50", "weight": "2 kg"}), end
    thoughts = [m.content for m in await worker.store.messages(worker.session_id) if m.type is MessageType.THOUGHT]
    assert any("link “Pots” is link “Crockery” by now" in str(thought) for thought in thoughts)


async def test_a_form_is_filled_in_again_with_other_values_and_no_password_is_written_down(
    worker: Worker, brain: Brain, shop: CornerShop
) -> None:
    brain.decide = do(*ORDER)
    done = await recorded(worker, brain, "Order a pot for Ann Lee", shop)
    assert "right horse" not in done.text
    assert done.script.task == "Order a pot for ${name}"
    assert done.script.variables["password"].secret

    shop.is_moved, shop.email, shop.send = True, "Electronic mail", "Submit order"
    end = await done.again(ask_model=False, name="Bob Ray", password="wrong cow 8")

    assert end.type is MessageType.DONE, end
    first, second = (body for path, body in shop.posted if path == "/order")
    assert second == first | {"name": "Bob Ray", "word": "wrong cow 8"}
    assert first == {
        "name": "Ann Lee",
        "email": "ann@example.org",
        "word": "right horse 7",
        "colour": "Blue",
        "gift": "on",
    }
    log = await worker.store.messages(worker.session_id)
    assert not [m for m in log if "wrong cow" in str((m.content, m.metadata))]
    (row,) = end.metadata["evidence"]
    assert (row["field"], row["quote"], row["verified"]) == ("confirmation", shop.thanks, True)


async def test_what_is_gone_ends_the_replay_or_is_asked_about_once(
    worker: Worker, brain: Brain, shop: CornerShop
) -> None:
    brain.decide = do(*ORDER)
    done = await recorded(worker, brain, "Order a pot", shop)
    shop.send = "Off it goes"

    end = await done.again(ask_model=False, password="x1")
    assert (end.type, end.metadata["code"]) == (MessageType.ERROR, "SCRIPT_TARGET_NOT_FOUND")
    assert "Step 8 of the script, “click “Send order””, finds nothing on the page that is button “Send order”" in str(
        end.content
    )

    brain.decide = lambda task, seen, history: Act(Click(index_of(seen, "Off it goes")), "The only button")
    end = await done.again(password="x1")
    assert end.type is MessageType.DONE, end
    assert brain.asked == ["Click 'Send order'"]

    shop.has_button = False
    brain.decide = scout
    end = await done.again(password="x1")
    assert end.metadata["code"] == "SCRIPT_TARGET_NOT_FOUND"
    assert "“scripted” found nothing either" in end.metadata["cause"]
    assert len(shop.posted) == 2


async def test_the_wrong_one_of_several_equals_is_never_taken(worker: Worker, brain: Brain, shop: CornerShop) -> None:
    def add(seen: Observation) -> Action:
        return Click(next(e.index for e in seen.elements if e.name == "Add to basket" and "Tin" in e.context))

    brain.decide = do(click("Pots"), add)
    done = await recorded(worker, brain, "Add the tin pot to the basket", shop)

    shop.goods, shop.add = tuple(reversed(shop.goods)), "Add to cart"
    assert (await done.again(ask_model=False)).type is MessageType.DONE
    assert [path for path, _ in shop.posted] == ["/basket/Tin pot"] * 2

    for left in (shop.goods[:1], shop.goods[:1] + shop.goods[2:]):
        shop.goods = left
        assert (await done.again(ask_model=False)).metadata["code"] == "SCRIPT_TARGET_NOT_FOUND"
    assert len(shop.posted) == 2


async def test_a_step_that_the_page_refuses_is_not_tried_otherwise(
    worker: Worker, brain: Brain, shop: CornerShop
) -> None:
    brain.decide = do(click("Order"), click("Send order"))
    done = await recorded(worker, brain, "Send an empty order", shop)
    document = done.script.model_dump(exclude_defaults=True) | {"version": 1, "task": "x"}
    document["steps"][2]["expect"] = "download"
    done.text, shop.refusal = write_script(Script.model_validate(document)), "The name is required."
    shop.posted.clear()

    end = await done.again()
    assert end.metadata["code"] == "SCRIPT_STEP_FAILED"
    assert "nothing was downloaded, and the page says “The name is required.”" in str(end.content)
    assert brain.asked == []


async def test_a_banner_may_come_and_go(worker: Worker, brain: Brain, shop: CornerShop) -> None:
    shop.has_banner = True
    brain.decide = do(click("Accept all"), lambda seen: Navigate(f"{shop.url}/pots"))
    with_banner = await recorded(worker, brain, "Go to the pots", shop)
    assert [step.optional for step in with_banner.script.steps] == [False, True, False]
    shop.has_banner = False
    assert (await with_banner.again(ask_model=False)).type is MessageType.DONE

    brain.is_replaying = False
    brain.decide = do(click("Pots"))
    without = await recorded(worker, brain, "Go to the pots", shop)
    shop.has_banner = True
    brain.decide = scout
    end = await without.again()
    assert end.type is MessageType.DONE, end
    assert set(brain.asked) == {"Click 'Pots'"}


async def test_a_list_is_read_as_it_is_now(worker: Worker, brain: Brain, shop: CornerShop) -> None:
    task = "Go to Pots and list all pots with name and price as JSON"
    done = await recorded(worker, brain, task, shop)
    assert done.end.content == [{"name": name, "price": price} for name, price in shop.goods]

    shop.goods = (*shop.goods[1:], ("Glass pot", "£7.00"), ("Wood pot", "£2.00"))
    end = await done.again()

    assert end.content == [{"name": name, "price": price} for name, price in shop.goods]
    assert end.metadata["missing"] == []


@pytest.mark.parametrize("count", [7, 5, 4, 2, 1])
async def test_a_list_is_read_to_its_last_page_however_many_it_has_now(
    worker: Worker, brain: Brain, shop: CornerShop, count: int
) -> None:
    shop.per_page = 2
    shop.goods = tuple((f"Pot {name}", f"£{at}.50") for at, name in enumerate("ABCDE"))
    task = "Go to Pots and list all pots with name and price as JSON"
    done = await recorded(worker, brain, task, shop)
    assert [step.action for step in done.script.steps] == ["navigate", "click", "extract"]
    assert done.end.content == [{"name": name, "price": price} for name, price in shop.goods]

    shop.goods = tuple((f"Pot {name}", f"£{at}.75") for at, name in enumerate("ABCDEFG"[:count]))
    end = await done.again(ask_model=False)

    assert end.type is MessageType.DONE, end
    assert end.content == [{"name": name, "price": price} for name, price in shop.goods]
    assert end.metadata["missing"] == []


@pytest.mark.parametrize(("further", "kind", "told"), [("dead", "ERROR", "next page"), ("wall", "DONE", "list under")])
async def test_a_list_whose_next_page_is_none_is_not_called_whole(
    worker: Worker, brain: Brain, shop: CornerShop, further: str, kind: str, told: str
) -> None:
    shop.per_page = 2
    done = await recorded(worker, brain, "Go to Pots and list all pots with name and price as JSON", shop)

    shop.further = further
    end = await done.again(ask_model=False)

    assert end.type == kind, end
    assert told in (str(end.content) if kind == "ERROR" else str(end.metadata["missing"]))


async def test_a_task_that_read_nothing_says_where_it_ended(worker: Worker, brain: Brain, shop: CornerShop) -> None:
    done = await recorded(worker, brain, "Go to Pots", shop)
    end = await done.again()
    assert end.content == done.end.content == f"Done. The page is “All pots” ({shop.url}/pots)."
    assert end.metadata["missing"] == []

    brain.is_replaying = False
    brain.decide = do(click("Pots"), finish=Finish("There are three pots."))
    done = await recorded(worker, brain, "How many?", shop)
    end = await done.again()
    assert (end.content, end.metadata["missing"]) == (f"Done. The page is “All pots” ({shop.url}/pots).", ["answer"])


async def test_only_what_was_read_anew_is_in_the_answer(worker: Worker, brain: Brain, shop: CornerShop) -> None:
    """What a model said is not repeated: what stands in a sentence is read from there, the rest is missing."""
    page = f"{shop.url}/pot/Clay%20pot"
    claims = (Evidence("price", page, "Now £9.50"), Evidence("heading", page, "Clay pot"))
    answer = {"price": 9.5, "heading": "Clay pot", "verdict": "a bargain"}
    brain.decide = do(lambda seen: Navigate(page), finish=Finish(answer, claims))
    done = await recorded(worker, brain, "Is it a bargain?", shop)
    shop.goods = (("Clay pot", "£8.00"),)

    end = await done.again()

    assert end.content == {"price": 8, "heading": "Clay pot"}
    assert end.metadata["missing"] == ["verdict"]

    shop.goods = ()
    end = await done.again()
    assert (end.content, end.metadata["missing"]) == ({"heading": "Clay pot"}, ["price", "verdict"])


async def test_a_schema_is_kept_and_an_answer_that_does_not_fit_is_a_failure(
    worker: Worker, brain: Brain, shop: CornerShop
) -> None:
    schema = {"type": "object", "properties": {"price": {"type": "number"}}, "required": ["price"]}
    done = await recorded(worker, brain, "Go to Pots, open 'Clay pot' and report its price", shop, output_schema=schema)
    assert done.end.content == {"price": 9.5}
    done.script = done.script.model_copy(update={"output_schema": schema})  # as the API keeps it with the message
    shop.goods = (("Clay pot", "£10.25"),)
    assert (await done.again()).content == {"price": 10.25}
    shop.goods = (("Clay pot", "on request"),)
    end = await done.again()
    assert end.metadata["code"] in ("RESULT_NOT_FOUND", "OUTPUT_INVALID")


def test_scripts_do_what_actions_do() -> None:
    assert set(ARGUMENTS) == set(ACTIONS)
    for name, kind in ACTIONS.items():
        known = {argument.rstrip("?") for argument in ARGUMENTS[name]} - {"target", "fields"}
        assert known == {each.name for each in fields(kind)} - ({*PAYMENT_FIELDS} if kind is Pay else {"index"})
