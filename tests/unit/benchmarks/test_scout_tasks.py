"""What the tasks for Scout count as right."""

from decimal import Decimal
from pathlib import Path

import pytest
from benchmarks.scout_tasks.case import ANY_QUESTION, Case, Changes, Check, Ending, judge
from benchmarks.scout_tasks.checks import Amounts, Facts, Members, Rows, Titles
from benchmarks.scout_tasks.docs_cases import DOCS
from benchmarks.scout_tasks.local_cases import LOCAL
from benchmarks.scout_tasks.shop_cases import SHOP
from benchmarks.scout_tasks.truth import Truth

NOWHERE = Truth("http://127.0.0.1", Path("/nonexistent"))
DOABLE = Case("one", "local", "Report the price", "/", lambda _: Facts(("£5.00",)))
IMPOSSIBLE = Case("two", "local", "Open the moon", "/", refusals=frozenset({ANY_QUESTION, "TARGET_NOT_FOUND"}))
NOTHING = Changes()


def test_the_set_has_forty_tasks_with_six_that_cannot_be_done() -> None:
    cases = (*SHOP, *DOCS, *LOCAL)
    assert (len(SHOP), len(DOCS), len(LOCAL)) == (22, 8, 10)
    assert len({case.name for case in cases}) == 40
    assert sum(bool(case.refusals) for case in cases) == 6


@pytest.mark.parametrize(
    ("case", "ending", "changes", "outcome"),
    [
        (DOABLE, Ending("done", "It costs £5.00"), NOTHING, "right"),
        (DOABLE, Ending("done", "It costs £15.00"), NOTHING, "wrong answer"),
        (DOABLE, Ending("done", "£5.00"), Changes(basket={"Kettle": 1}), "wrong answer"),
        (DOABLE, Ending("done", "£5.00", missing=("name",)), NOTHING, "incomplete"),
        (DOABLE, Ending("error", "", "TASK_NOT_UNDERSTOOD"), NOTHING, "refused"),
        (IMPOSSIBLE, Ending("question", "Which one?", ANY_QUESTION), NOTHING, "right refusal"),
        (IMPOSSIBLE, Ending("error", "", "INTERNAL_ERROR"), NOTHING, "wrong refusal"),
        (IMPOSSIBLE, Ending("done", "Done."), NOTHING, "wrong answer"),
        (IMPOSSIBLE, Ending("question", "", ANY_QUESTION), Changes(customers=("a@b.c",)), "wrong answer"),
    ],
)
def test_outcome(case: Case, ending: Ending, changes: Changes, outcome: str) -> None:
    assert judge(case, ending, changes, NOWHERE)[0] == outcome


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (Amounts((Decimal("5.50"),)), "£5.50", "£5.50 or £6.00"),
        (Titles(("Tea pot",), ("Tea pot", "Lamp")), "the tea pot", "Tea pot, Lamp"),
        (Titles(("B", "A"), ("A", "B"), ordered=True), "B\nA", "A\nB"),
        (Rows((("Tea", "£1.00"), ("Cup", "£2.00"))), "Tea – £1.00\nCup – £2.00", "Tea – £2.00\nCup – £1.00"),
        (Rows((("Tea", "£1.00"),), json=True), '[{"name": "Tea", "price": 1}]', "Tea – £1.00"),
        (Members({"price": "£2.50"}), '{"Price": 2.5}', '{"price": "£25.00"}'),
    ],
)
def test_checks_compare_values(check: Check, right: str, wrong: str) -> None:
    assert check.faults(Ending("done", right)) == []
    assert check.faults(Ending("done", wrong)) != []
