"""Which words of a page say that it is at work, and for how long that is believed."""

import pytest
from tests.unit.agents.scout.conftest import MakeElement, MakeObservation

from outrider.agents.scout.steps.at_work import await_end_of_work, unfinished_work
from outrider.interfaces.actions import Click, Extract, Wait
from outrider.interfaces.models import Act, Step
from outrider.interfaces.pages import Effect

CHANGED = Effect("http://shop.test/", "A shop", navigated=False, changed=True)


@pytest.mark.parametrize(
    ("said", "works"),
    [
        ("Saving…", True),
        ("Checking tables...", True),
        ("⏳", True),
        ("Please wait while we look", True),
        ("Loading", True),
        ("Nothing found…", False),
        ("Coming soon…", False),
        ("Loading bay closed. Use the back door.", False),
        ("We are saving a seat for you.", False),
        ("Read more…", False),
    ],
)
def test_what_says_that_a_page_is_at_work(observation: MakeObservation, said: str, works: bool) -> None:
    page = observation([], texts=[("paragraph", said)])
    clicked = Step(Click(1), {"at": 0, "phase": "try"}, CHANGED)
    assert isinstance(await_end_of_work([clicked], page, 0), Act) is works


def test_what_was_there_before_or_is_a_link_is_not_believed(element: MakeElement, observation: MakeObservation) -> None:
    page = observation([element(1, "button", "Saving…"), element(2, "link", "Loading…", href="http://shop.test/x")])
    before = observation([element(1, "button", "Saving…")])
    clicked = Step(Click(1), {"at": 0, "phase": "try"}, CHANGED, seen=before)
    assert await_end_of_work([clicked], page, 0) is None
    assert await_end_of_work([Step(Extract(), {"at": 0, "phase": "read"}, CHANGED)], page, 0) is None


def test_a_button_that_is_switched_off_is_waited_for_twice(element: MakeElement, observation: MakeObservation) -> None:
    before = observation([element(1, "button", "Save")])
    page = observation([element(1, "button", "Save", states=frozenset({"disabled"}))])
    steps = [Step(Click(1), {"at": 0, "phase": "try"}, CHANGED, seen=before)]
    while wait := await_end_of_work(steps, page, 0):
        steps.append(Step(wait.action, wait.memory, CHANGED))
    assert [step.action for step in steps[1:]] == [Wait(at_least=0.4), Wait(at_least=0.8)]


def test_it_is_not_believed_for_ever_nor_again(observation: MakeObservation) -> None:
    page = observation([], texts=[("paragraph", "Saving…")])
    steps = [Step(Click(1), {"at": 0, "phase": "try"}, CHANGED)]
    while wait := await_end_of_work(steps, page, 0):
        assert unfinished_work(steps, page) == ""
        steps.append(Step(wait.action, wait.memory, CHANGED))
    assert 10 < sum(step.action.at_least for step in steps if isinstance(step.action, Wait)) < 12
    assert unfinished_work(steps, page) == "Saving…"
    steps.append(Step(Click(1), {"at": 1, "phase": "try"}, CHANGED))
    assert await_end_of_work(steps, page, 1) is None
