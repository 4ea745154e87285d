"""What a replay decides, step by step, and what another model gets to say in it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from outrider.agents.replay.replay import Replay
from outrider.interfaces.actions import Action, Click, Fill, Navigate, Scroll
from outrider.interfaces.models import Act, Ask, Decision, Finish, Step, Task, Turn
from outrider.interfaces.pages import Box, Effect, Element, Observation, Text
from outrider.problems import OutriderError
from outrider.protocol.scripts import Script

TASK = Task(1, "Log in")


def element(index: int, name: str, role: str = "button", region: str = "main", kind: str = "") -> Element:
    return Element(index, role, name, "input", kind, None, frozenset(), Box(0, 0, 1, 1), True, region)


def page(*elements: Element, text: str = "") -> Observation:
    texts = (Text("main", "paragraph", text),)
    return Observation("http://x.example/", "X", elements, texts, (), len(elements), None, 0, 0, 0)


def effect(**given: Any) -> Effect:
    return Effect("http://x.example/", "X", given.pop("navigated", False), given.pop("changed", True), **given)


NOTHING = effect(changed=False)


class Other:
    """The session's model: does what the test says, and notes what it was told."""

    name = "other"
    observed_elements = 300

    def __init__(self, decide: Callable[[], Decision]) -> None:
        self.decision = decide
        self.told: list[Any] = []

    async def decide(self, task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
        self.told.append((task, history))
        return self.decision()


def script(*steps: dict[str, Any], **variables: Any) -> Script:
    return Script.model_validate({"version": 1, "task": "t", "variables": variables, "steps": list(steps)})


def clicking(name: str, **more: Any) -> dict[str, Any]:
    return {"action": "click", "target": {"role": "button", "name": name}, **more}


LOG_IN = script(
    {"action": "fill", "target": {"role": "textbox", "name": "Secret word"}, "text": "${word}"},
    clicking("Enter", expect="navigated"),
    word={"secret": True},
)


async def taken(model: Replay, seen: Observation, history: list[Step], done: Effect | None, problem: str = "") -> Act:
    """The next decision, carried out."""
    decision = await model.decide(TASK, seen, history)
    assert isinstance(decision, Act)
    history.append(Step(decision.action, decision.memory, done, (problem, "no") if problem else None))
    return decision


async def test_another_model_says_where_and_never_sees_a_secret() -> None:
    other = Other(lambda: Act(Fill(7, "made up", submit=True), "there"))
    model = Replay(LOG_IN, {"word": "right horse"}, other)
    history: list[Step] = []
    seen = page(element(7, "Pass phrase", "textbox", kind="password"))

    first = await taken(model, seen, history, effect(value="•"))

    assert first.action == Fill(7, "right horse")
    assert "right horse" not in str((other.told, first.thought, first.memory))
    assert [task.text for task, _ in other.told] == ["Enter '‹word›' into 'Secret word'"]
    assert (await taken(model, page(element(8, "Enter")), history, effect(navigated=True))).action == Click(8)
    end = await model.decide(TASK, page(), history)
    assert (isinstance(end, Finish), len(other.told)) == (True, 1)


async def test_another_model_that_is_asked_again_does_not_see_the_secret_of_the_first_try() -> None:
    other = Other(lambda: Act(Fill(7, "made up"), "there"))
    model = Replay(LOG_IN, {"word": "right horse"}, other)
    history: list[Step] = []
    seen = page(element(7, "Pass phrase", "textbox"))

    assert (await taken(model, seen, history, None, "ELEMENT_COVERED")).action == Fill(7, "right horse")
    assert (await taken(model, seen, history, effect(value="x"))).action == Fill(7, "right horse")

    assert len(other.told) == 2
    assert [step.action for step in other.told[1][1]] == [Fill(7, "‹word›")]
    assert "right horse" not in str(other.told)


@pytest.mark.parametrize("other", [Navigate("http://evil.example/"), Fill(1, "x")])
async def test_another_model_does_nothing_but_the_step(other: Action) -> None:
    model = Replay(script(clicking("Send")), {}, Other(lambda: Act(other, "instead")))
    with pytest.raises(OutriderError) as failed:
        await model.decide(TASK, page(element(1, "Name", "textbox")), ())
    assert failed.value.code == "SCRIPT_TARGET_NOT_FOUND"


async def test_it_may_make_way_first_but_not_for_ever() -> None:
    other = Other(lambda: Act(Scroll(), "further down"))
    model = Replay(script(clicking("Send")), {}, other)
    history: list[Step] = []
    for _ in range(3):
        await taken(model, page(), history, effect())
    assert [len(told) for _, told in other.told] == [0, 1, 2]
    assert (await model.decide(TASK, page(element(4, "Send")), history)).action == Click(4)  # type: ignore[union-attr]
    with pytest.raises(OutriderError) as failed:
        await model.decide(TASK, page(), history)
    assert failed.value.code == "SCRIPT_TARGET_NOT_FOUND"


async def test_its_question_is_the_users_to_answer() -> None:
    model = Replay(script(clicking("Send")), {}, Other(lambda: Ask("Which one?")))
    assert await model.decide(TASK, page(), ()) == Ask("Which one?")


async def test_what_closes_a_banner_is_not_the_step() -> None:
    model = Replay(script(clicking("Send", expect="changed")), {}, Other(lambda: Act(Click(9), "closing it")))
    history: list[Step] = []
    await taken(model, page(element(9, "Accept all", region="dialog")), history, effect())
    assert (await taken(model, page(element(4, "Send")), history, effect())).action == Click(4)


@pytest.mark.parametrize(("problem", "asked"), [("ELEMENT_COVERED", 1), ("ACTION_DECLINED", 0)])
async def test_what_fails_is_tried_again_or_asked_about_unless_somebody_said_no(problem: str, asked: int) -> None:
    other = Other(lambda: Finish("no idea"))
    model = Replay(script(clicking("Send")), {}, other)
    history: list[Step] = []
    seen = page(element(4, "Send"))
    await taken(model, seen, history, None, problem)
    if asked:
        await taken(model, seen, history, None, problem)
    with pytest.raises(OutriderError) as failed:
        await model.decide(TASK, seen, history)
    assert (failed.value.code, len(other.told)) == ("SCRIPT_STEP_FAILED", asked)


async def test_a_step_that_did_something_else_is_not_tried_otherwise() -> None:
    other = Other(lambda: Act(Click(4), "again"))
    model = Replay(script(clicking("Send", expect="navigated")), {}, other)
    history: list[Step] = []
    await taken(model, page(element(4, "Send")), history, effect(alerts=("Too late.",)))
    with pytest.raises(OutriderError) as failed:
        await model.decide(TASK, page(element(4, "Send")), history)
    assert failed.value.facts["reason"] == "it has led to no other page, and the page says “Too late.”."
    assert other.told == []


@pytest.mark.parametrize(
    ("click", "first", "second", "ends"),
    [
        (NOTHING, NOTHING, effect(alerts=("Saved.",)), True),
        (effect(alerts=("Saved.",)), NOTHING, NOTHING, True),  # earlier than when it was recorded
        (NOTHING, effect(), NOTHING, True),
        (NOTHING, NOTHING, NOTHING, False),
    ],
)
async def test_what_a_click_was_confirmed_by_has_to_come_by_the_end_of_the_wait(
    click: Effect, first: Effect, second: Effect, ends: bool
) -> None:
    waits = [{"action": "wait", "at_least": 0.4}, {"action": "wait", "at_least": 1.6, "expect": "changed"}]
    model = Replay(script(clicking("Save"), *waits), {}, None)
    history: list[Step] = []
    for done in (click, first, second):
        await taken(model, page(element(4, "Save")), history, done)
    if ends:
        assert isinstance(await model.decide(TASK, page(element(4, "Save")), history), Finish)
    else:
        with pytest.raises(OutriderError) as failed:
            await model.decide(TASK, page(element(4, "Save")), history)
        assert failed.value.facts["reason"] == "nothing has changed."


async def test_another_total_is_not_paid_and_nobody_is_asked() -> None:
    fields = {"number": {"role": "textbox", "name": "Number"}}
    pay = script({"action": "pay", "amount": "£12.00", "token": "${token}", "fields": fields}, token={"secret": True})
    other = Other(lambda: Finish("paid"))
    model = Replay(pay, {"token": "pt_live_x"}, other)
    card = element(3, "Number", "textbox")
    assert isinstance(await model.decide(TASK, page(card, text="Total: £12.00"), ()), Act)
    with pytest.raises(OutriderError) as failed:
        await model.decide(TASK, page(card, text="Total: £120.00"), ())
    assert (failed.value.facts["description"], other.told) == ("a total of £12.00", [])


async def test_what_may_be_left_out_is() -> None:
    model = Replay(script(clicking("Accept", optional=True), clicking("Send")), {}, None)
    assert (await model.decide(TASK, page(element(4, "Send")), ())).action == Click(4)  # type: ignore[union-attr]
    both = page(element(3, "Accept"), element(4, "Send"))
    assert (await model.decide(TASK, both, ())).action == Click(3)  # type: ignore[union-attr]


async def test_what_the_user_adds_is_told_to_be_left_out() -> None:
    model, history = Replay(script(clicking("Send")), {}, None), list[Step]()
    await taken(model, page(element(4, "Send")), history, effect())
    end = await model.decide(replace(TASK, turns=(Turn("update", "and dance"),)), page(), history)
    assert isinstance(end, Finish)
    assert end.missing == ("“and dance”: scripts take no additions",)
