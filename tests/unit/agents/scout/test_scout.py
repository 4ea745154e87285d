"""Decisions on hand-made observations."""

import json
from dataclasses import replace

import pytest
from msgspec import structs
from tests.unit.agents.scout.conftest import MakeElement, MakeObservation

from outrider.agents.scout import Scout
from outrider.interfaces.actions import Action, Click, Extract, Fill, Navigate, Wait
from outrider.interfaces.models import Act, Ask, Decision, Finish, Step, Task, Turn
from outrider.interfaces.pages import Effect, Observation
from outrider.problems import OutriderError

NOTHING = Effect("http://shop.test/", "A shop", navigated=False, changed=False)
CHANGED = Effect("http://shop.test/", "A shop", navigated=False, changed=True)
NAVIGATED = Effect("http://shop.test/", "A shop", navigated=True, changed=True)


async def decide(task: Task, observation: Observation, *history: Step) -> Decision:
    return await Scout().decide(task, observation, history)


def act(decision: Decision) -> Act:
    assert isinstance(decision, Act)
    return decision


def step(decision: Act, effect: Effect | None = NAVIGATED, problem: tuple[str, str] | None = None) -> Step:
    return Step(decision.action, json.loads(json.dumps(decision.memory)), effect, problem)


async def test_it_is_called_scout() -> None:
    assert Scout().name == "scout"


async def test_the_smoke_message_needs_no_step(observation: MakeObservation) -> None:
    decision = await decide(Task(1, "Reply with 'OK'"), observation([], url="about:blank"))
    assert decision == Finish("OK")


async def test_nothing_is_done_before_everything_is_understood(
    element: MakeElement, observation: MakeObservation
) -> None:
    page = observation([element(1, "searchbox", "Search")])
    with pytest.raises(OutriderError) as caught:
        await decide(Task(1, "Search for tea. Juggle."), page)
    assert caught.value.code == "TASK_NOT_UNDERSTOOD"
    assert "Juggle" in caught.value.message


async def test_a_search_fills_and_sends_the_search_field(element: MakeElement, observation: MakeObservation) -> None:
    page = observation([element(1, "textbox", "Your e-mail"), element(2, "textbox", "", hints=("q",))])
    decision = act(await decide(Task(1, "Search for tea"), page))
    assert decision.action == Fill(2, "tea", submit=True)
    assert decision.thought == "Searching for “tea”"


async def test_the_next_intention_starts_when_the_step_had_an_effect(
    element: MakeElement, observation: MakeObservation
) -> None:
    page = observation([element(1, "searchbox", "Search"), element(2, "link", "Books")])
    task = Task(1, "Search for tea, then click 'Books'")
    first = act(await decide(task, page))
    second = act(await decide(task, page, step(first)))
    assert second.action == Click(2)


async def test_the_next_best_is_tried_once_then_it_is_a_failure(
    element: MakeElement, observation: MakeObservation
) -> None:
    page = observation([element(1, "button", "Save"), element(2, "button", "Save all"), element(3, "button", "Save x")])
    task, steps, actions = Task(1, "Click 'Save'"), list[Step](), list[Action]()
    with pytest.raises(OutriderError) as caught:
        for _ in range(20):
            steps.append(step(one := act(await decide(task, page, *steps)), NOTHING))
            actions.append(one.action)
    assert [one for one in actions if not isinstance(one, Wait)] == [Click(1), Click(2)]
    assert actions[1] == Wait(at_least=0.4), "it is given time first"
    assert caught.value.code == "STEP_WITHOUT_EFFECT"


@pytest.mark.parametrize(
    ("waits", "works"),
    [
        ("", False),
        ("changed", False),  # it may go on
        ("changed nothing", True),
        ("changed changed", False),  # it may go on
        ("changed changed nothing", True),  # "sending", "thank you"
        ("changed changed changed", False),
        ("nothing", False),
        ("nothing nothing", False),
        ("nothing changed", False),
        ("nothing changed nothing", True),
        ("nothing changed changed nothing", True),
        ("nothing changed changed changed", False),
        ("failed changed nothing", True),
        ("told", True),
    ],
)
async def test_what_comes_late_belongs_to_the_step_unless_it_comes_all_the_time(
    element: MakeElement, observation: MakeObservation, waits: str, works: bool
) -> None:
    page = observation([element(1, "button", "Save"), element(2, "button", "Save all")])
    task = Task(1, "Click 'Save'")
    effects = {"changed": CHANGED, "nothing": NOTHING, "failed": None, "told": structs.replace(NOTHING, alerts=("Ok",))}
    steps = [step(act(await decide(task, page)), NOTHING)]
    for wait in waits.split():
        steps.append(step(act(await decide(task, page, *steps)), effects[wait]))
    try:
        decision = await decide(task, page, *steps)
    except OutriderError as problem:
        assert (problem.code, works) == ("STEP_WITHOUT_EFFECT", False)
    else:
        assert isinstance(decision, Finish) is works
        doubtful = works and "told" not in waits
        assert not isinstance(decision, Finish) or bool(decision.missing) is doubtful
        tried = isinstance(decision, Act) and isinstance(decision.action, Click)
        assert tried is (waits == "nothing nothing"), "no other is tried where it may have worked"


async def test_what_covers_the_page_is_closed_before_the_next_try(
    element: MakeElement, observation: MakeObservation
) -> None:
    page = observation([element(1, "button", "Save"), element(2, "button", "Accept all", region="dialog")])
    task = Task(1, "Click 'Save'")
    first = act(await decide(task, page))
    covered = step(first, None, ("ELEMENT_COVERED", "It is covered."))
    closing = act(await decide(task, page, covered))
    again = act(await decide(task, page, covered, step(closing)))
    assert (closing.action, again.action) == (Click(2), Click(1))


async def test_an_ambiguous_description_is_a_question_and_its_answer_is_used(
    element: MakeElement, observation: MakeObservation
) -> None:
    page = observation([element(n, "link", "Details", context=name) for n, name in ((1, "Teapot"), (2, "Kettle"))])
    task = Task(1, "Click 'Details'")
    asked = await decide(task, page)
    assert isinstance(asked, Ask)
    assert asked.question == (
        "Which one do you mean by “Details”: 1) link “Details” (Teapot), 2) link “Details” (Kettle)?"
    )
    for reply, index in (("2", 2), ("the first", 1), ("the kettle", 2)):
        turns = (Turn("question", asked.question), Turn("answer", reply))
        assert act(await decide(replace(task, turns=turns), page)).action == Click(index)
    unclear = replace(task, turns=(Turn("question", asked.question), Turn("answer", "whatever")))
    assert isinstance(await decide(unclear, page), Ask)


async def test_a_task_without_a_page_asks_for_one(observation: MakeObservation) -> None:
    blank, task = observation([], url="about:blank"), Task(1, "Search for tea")
    asked = await decide(task, blank)
    assert isinstance(asked, Ask)
    turns = (Turn("question", asked.question), Turn("answer", "shop.test/start"))
    assert act(await decide(replace(task, turns=turns), blank)).action == Navigate("https://shop.test/start")
    assert act(await decide(replace(task, start_url="http://a.b/"), blank)).action == Navigate("http://a.b/")


async def test_a_password_is_in_no_thought(element: MakeElement, observation: MakeObservation) -> None:
    page = observation(
        [
            element(1, "textbox", "E-mail", region="form", kind="email"),
            element(2, "textbox", "Password", kind="password"),
        ]
    )
    task = Task(1, "Log in as ann with password 'open sesame'")
    first = act(await decide(task, page))
    second = act(await decide(task, page, step(first)))
    assert (first.action, second.action) == (Fill(1, "ann"), Fill(2, "open sesame", submit=True))
    assert "sesame" not in second.thought
    assert "sesame" not in json.dumps(dict(second.memory))


async def test_the_loop_s_own_steps_are_not_mistaken_for_ours(
    element: MakeElement, observation: MakeObservation
) -> None:
    page = observation([element(1, "searchbox", "Search")])
    navigated = Step(Navigate("http://shop.test/"), {}, NAVIGATED)
    assert isinstance(act(await decide(Task(1, "Search for tea"), page, navigated)).action, Fill)


async def test_an_update_is_done_after_the_rest(element: MakeElement, observation: MakeObservation) -> None:
    page = observation([element(1, "searchbox", "Search")])
    task = Task(1, "Search for tea", turns=(Turn("update", "read the heading"),))
    first = act(await decide(task, page))
    assert act(await decide(task, page, step(first))).action == Extract()


async def test_a_page_that_names_itself_so_is_where_we_want_to_be(
    element: MakeElement, observation: MakeObservation
) -> None:
    page = observation([element(1, "link", "Books")], title="Books | A shop", texts=[("heading1", "Books")])
    assert isinstance(await decide(Task(1, "Go to the Books category"), page), Finish)
    elsewhere = observation([element(1, "link", "Books")], title="Books and more | A shop")
    assert act(await decide(Task(1, "Go to the Books category"), elsewhere)).action == Click(1)
