"""Which lists become one step for all of their pages, and where reading on ends."""

from collections.abc import Sequence
from typing import Any

import pytest
from tests.unit.agents.test_observation import PAGE

from outrider.agents.replay.pages import after_page, whole_lists
from outrider.agents.replay.reading import Found
from outrider.agents.scout.steps.paging import MOST_PAGES
from outrider.interfaces.actions import Action, Click, Extract
from outrider.interfaces.models import Step
from outrider.interfaces.pages import Effect, Extraction

READ = [{"field": "", "role": "list", "under": "Pots"}]
OTHER = [{"field": "", "role": "list", "under": "Cups"}]
Taken = tuple[str, Any, list[dict[str, Any]] | None]


def steps(*taken: Taken) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Written steps and what the log has of them: name, next page or element, what was read."""
    written = [{"action": name} | ({"read": read} if read else {}) for name, _, read in taken]
    logged = [
        {"action": {"name": name} | ({} if name == "extract" else {"index": number}), "effect": {}}
        | ({"effect": {"next_page": number}} if name == "extract" and number != "unknown" else {})
        for name, number, _ in taken
    ]
    return written, logged


@pytest.mark.parametrize(
    ("taken", "actions"),
    [
        ([("extract", None, READ)], ["extract*"]),
        ([("extract", 7, READ), ("click", 7, None), ("extract", None, READ)], ["extract*"]),
        ([("extract", 7, READ), ("click", 7, None), ("extract", None, None), ("back", 0, None)], ["extract*", "back"]),
        # not to the last page, or nothing says so
        ([("extract", 7, READ)], ["extract"]),
        ([("extract", 7, READ), ("click", 7, None), ("extract", 8, READ)], ["extract", "click", "extract"]),
        ([("extract", "unknown", READ)], ["extract"]),
        # something else was clicked, or read; the second is a whole list of its own
        ([("extract", 7, READ), ("click", 9, None), ("extract", None, OTHER)], ["extract", "click", "extract*"]),
        ([("extract", 7, READ), ("click", 7, None), ("extract", None, OTHER)], ["extract", "click", "extract*"]),
        ([("extract", None, None)], ["extract"]),
    ],
)
def test_what_was_read_to_its_last_page_is_one_step(taken: list[Taken], actions: list[str]) -> None:
    assert [step["action"] + "*" * step.get("pages", False) for step in whole_lists(*steps(*taken))] == actions


def tries(turned: int, next_page: int | None = 7) -> Sequence[Step]:
    read = Effect(PAGE.url, "", False, False, extraction=Extraction(PAGE.url, "", (), (), (), next_page))
    actions: list[Action] = [Extract()]
    for _ in range(turned):
        actions += [Click(7), Extract()]
    return [Step(action, {}, read) for action in actions]


def test_reading_on_ends_with_the_list() -> None:
    first, second = Found({"0": "Clay"}), Found({"1": "Tin"})

    assert after_page(tries(0), PAGE, Found(), first) == (Click(7), first)
    assert after_page(tries(1, None), PAGE, first, second) == (None, second)


def test_reading_on_ends_with_a_page_that_has_nothing_new() -> None:
    assert after_page(tries(1), PAGE, Found({"0": "Clay"}), Found({"1": "Clay"})) == (None, Found())


def test_a_page_without_the_list_is_no_end_of_it() -> None:
    wall = Found(missing=["answer: the list under “Pots”"])
    assert after_page(tries(1), PAGE, Found({"0": "Clay"}), wall) == (None, wall)


def test_reading_on_ends_after_many_pages_and_says_so() -> None:
    turn, news = after_page(tries(MOST_PAGES - 1), PAGE, Found({"0": "Clay"}), Found({"1": "Tin"}))

    assert (turn, news.missing) == (None, [f"the entries after page {MOST_PAGES} of the list"])
