"""What a page asks before it removes something, and whether it has taken a form."""

import json

import pytest
from tests.unit.agents.scout.conftest import MakeElement, MakeObservation

from outrider.agents.scout.pages.grounding import Candidate
from outrider.agents.scout.steps.mending import marked
from outrider.agents.scout.steps.progress import Done, Known, Move, Situation
from outrider.agents.scout.steps.removing import confirm_removal
from outrider.agents.scout.steps.sending import press
from outrider.agents.scout.tasks.undertakings import ConfirmRemoval
from outrider.interfaces.actions import Click, Fill
from outrider.interfaces.models import Step, Task
from outrider.interfaces.pages import Effect, Observation
from outrider.problems import OutriderError

GATE = ConfirmRemoval("Gate")


def situation(page: Observation, *steps: Step) -> Situation:
    return Situation(Task(1, "Delete the page 'Gate'."), page, 0, steps, steps, Known())


@pytest.mark.parametrize(
    "said",
    [
        ("status", "Gate was permanently deleted."),
        ("paragraph", "Gate was deleted. This cannot be undone."),
        ("status", "The removal of Gate is confirmed."),
        ("heading1", "Delete things"),
    ],
)
def test_what_was_done_is_not_asked_about_and_the_next_row_is_left_alone(
    element: MakeElement, observation: MakeObservation, said: tuple[str, str]
) -> None:
    page = observation([element(1, "button", "Delete", context="Fence")], texts=[said, ("item", "Fence")])
    assert confirm_removal(GATE, situation(page)) == Done()


@pytest.mark.parametrize(
    ("heading", "region"),
    [("Delete Gate?", "main"), ("Delete this page?", "main"), ("Are you sure that Gate is to go?", "dialog")],
)
def test_what_is_asked_about_it_is_agreed_to(
    element: MakeElement, observation: MakeObservation, heading: str, region: str
) -> None:
    buttons = [element(1, "button", "Delete", region=region), element(2, "link", "Cancel", region=region)]
    move = confirm_removal(GATE, situation(observation(buttons, texts=[("heading1", heading)])))
    assert isinstance(move, Move)
    assert move.action == Click(1)


@pytest.mark.parametrize("asked", ["All its 4 comments go with it. Proceed?", "Deletion is irreversible."])
def test_what_is_not_understood_is_not_said_to_be_done(
    element: MakeElement, observation: MakeObservation, asked: str
) -> None:
    page = observation([element(1, "button", "Delete"), element(2, "link", "Cancel")], texts=[("paragraph", asked)])
    with pytest.raises(OutriderError) as caught:
        confirm_removal(GATE, situation(page))
    assert caught.value.code == "TARGET_NOT_FOUND"


MARKED = frozenset({"invalid"})
#: Name, value, whether it is marked.
Fields = tuple[tuple[str, str, bool], ...]


@pytest.mark.parametrize(
    ("sent", "after", "replaced", "refused"),
    [
        ((("Name", "Ann", False),), (("Name", "Ann", True),), False, True),
        ((("Name", "abc", True),), (("Name", "abc", True),), False, True),  # it was marked when it was left
        ((("Name", "Ann", False), ("Word", "••", False)), (("Name", "Ann", False), ("Word", "", True)), True, True),
        ((("Name", "1,000", False),), (("Name", "1000", True),), True, True),
        ((("Name", "Ann", False), ("News", "", True)), (("Name", "Ann", False), ("News", "", True)), False, False),
        ((("Name", "Ann", False),), (("Town", "", True),), True, False),  # the next form
        ((("Name", "Ann", False),), (("Name", "", True),), True, False),  # an empty one for the next of the kind
    ],
)
def test_what_a_page_marks_of_the_form_that_was_sent(
    element: MakeElement, observation: MakeObservation, sent: Fields, after: Fields, replaced: bool, refused: bool
) -> None:
    def page(fields: Fields) -> Observation:
        boxes = [
            element(at, "textbox", name, value=value, states=MARKED if marked else frozenset())
            for at, (name, value, marked) in enumerate(fields, 1)
        ]
        return observation([*boxes, element(9, "button", "Send")])

    filled = Step(Fill(1, "x"), {"notes": {"element": "textbox|Name|||1"}}, None)
    before = situation(page(sent), filled)
    move = press(before, "send", [Candidate(before.observation.elements[-1], 1.0)], "Sending")
    assert isinstance(move, Move)
    effect = Effect("", "", navigated=replaced, changed=True, replaced=replaced)
    step = Step(move.action, json.loads(json.dumps({"phase": "try", "notes": dict(move.notes)})), effect)
    assert bool(marked(situation(page(after), filled, step))) is refused
