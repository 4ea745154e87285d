"""Things are compared by what their values mean, not by their digits."""

import pytest
from tests.unit.agents.scout.conftest import MakeObservation

from outrider.agents.scout.pages.choosing import choose
from outrider.agents.scout.pages.records import Item
from outrider.agents.scout.scout import unrolled
from outrider.agents.scout.steps.noting import pick_noted
from outrider.agents.scout.steps.progress import Done, Known, Situation
from outrider.agents.scout.tasks.criteria import Condition, Order, Selection
from outrider.agents.scout.tasks.intentions import ClickOn
from outrider.agents.scout.tasks.plan import parse
from outrider.agents.scout.tasks.targets import Target
from outrider.agents.scout.tasks.undertakings import Each, Gather, PickNoted, Take, When
from outrider.interfaces.models import Task
from outrider.problems import OutriderError

LONGEST = PickNoted(Order("length", descending=True), told=True)


def situation(observation: MakeObservation, **lengths: str) -> Situation:
    noted = tuple(Item(name, columns={"length": length}) for name, length in lengths.items())
    return Situation(Task(1, "Compare"), observation([]), 0, (), (), Known(noted=noted))


@pytest.mark.parametrize(
    ("a", "b"), [("1.2 km", "900 m"), ("2 h", "95 min"), ("12", "7")], ids=["metres", "minutes", "numbers"]
)
def test_the_longer_one_whatever_its_unit(observation: MakeObservation, a: str, b: str) -> None:
    outcome = pick_noted(LONGEST, situation(observation, first=a, second=b))
    assert isinstance(outcome, Done)
    assert outcome.learned["values"][0][1] == "first"


def test_a_number_without_a_unit_is_not_compared_with_one_that_has_it(observation: MakeObservation) -> None:
    with pytest.raises(OutriderError) as caught:
        pick_noted(LONGEST, situation(observation, first="1.2 km", second="900"))
    assert caught.value.code == "RESULT_NOT_FOUND"
    assert "second with its unit" in caught.value.message


def test_what_is_done_with_each_is_unrolled_where_a_verdict_leads_to_it_and_every_time() -> None:
    look, click = Gather(Selection("tasks")), ClickOn(Target("close"))
    each = Each((click,))
    when = When(Condition("state", "is", "open"), (look, each))
    known = Known(batches=((Item("a"),), (Item("b"), Item("c"))), verdicts=(True,))
    plan = unrolled((look, each, when), known)
    assert plan == (look, Take(0), click, when, look, Take(0, 1), click, Take(1, 1), click)
    assert unrolled((look, each, when), Known(batches=known.batches[:1])) == plan[:4]


def test_what_is_handed_over_is_not_what_was_only_reported() -> None:
    plan = parse("Hand all tasks of ann to ben.").intentions
    selection = next(one.selection for one in plan if isinstance(one, Gather))
    assert choose([Item("Gate", columns={"Creator": "ann"})], selection) == ()
    assert choose([Item("Gate", columns={"Creator": "ben", "Assigned to": "ann"})], selection) != ()
