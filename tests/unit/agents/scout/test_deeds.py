"""What is drawn, named by kind, or told by a date: how it is found, and when it is not."""

from datetime import date

import pytest
from msgspec import structs
from tests.unit.agents.scout.conftest import MakeElement

from outrider.agents.scout.pages.colours import hexadecimal
from outrider.agents.scout.pages.grounding import ambiguous, called, rank, signs
from outrider.agents.scout.pages.kinds import of_kind
from outrider.agents.scout.steps.calendars import day_of
from outrider.agents.scout.steps.unfolding import closed
from outrider.agents.scout.tasks.plan import parse
from outrider.agents.scout.tasks.targets import Target
from outrider.interfaces.pages import Box
from outrider.problems import OutriderError


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("05/20/2030", date(2030, 5, 20)),
        ("20/05/2030", date(2030, 5, 20)),
        ("3/4/2026", date(2026, 3, 4)),  # as the browser's language has it
        ("3.4.2026", date(2026, 4, 3)),
        ("2026-04-03", date(2026, 4, 3)),
        ("13/13/2026", None),
        ("soon", None),
    ],
)
def test_the_day_that_is_to_be_entered(text: str, day: date | None) -> None:
    assert day_of(text) == day


def test_colours_by_name_and_by_code() -> None:
    assert (hexadecimal("Teal"), hexadecimal("#FF8800"), hexadecimal("tealish")) == ("008080", "ff8800", "")


def test_what_is_drawn_is_known_by_its_classes_and_nothing_by_no_words(element: MakeElement) -> None:
    trash, star, both = (
        element(1, "generic", hints=("trash",)),
        element(2, "generic", hints=("icon star",)),
        element(3, "generic", hints=("star",)),
    )
    assert signs((trash, star, both), "star") == (both,)
    assert signs((trash, star), "star") == (star,)
    assert signs((trash, star), "⋯") == ()
    assert signs((trash, star), "") == ()


def test_the_letters_of_a_name_decide_among_those_with_its_words(element: MakeElement) -> None:
    elements = (element(1, "generic", "eget"), element(2, "generic", "Eget"), element(3, "textbox", "Eget"))
    assert called(elements, "Eget") == (elements[1],)
    assert called(elements, "EGET") == elements[:2]
    assert called((element(1, "generic", "+"), element(2, "generic", "-")), "+")[0].index == 1


def test_what_is_only_drawn_around_something_is_the_same_thing(element: MakeElement) -> None:
    outer = structs.replace(element(1, "tab", "Details"), box=Box(0, 0, 100, 40))
    inner = structs.replace(element(2, "link", "Details"), box=Box(10, 10, 50, 20))
    other = element(3, "tab", "Details")
    assert ambiguous(rank((outer, inner), Target("Details"), frozenset({"tab", "link"}))) == ()
    assert len(ambiguous(rank((outer, other), Target("Details"), frozenset({"tab"})))) == 2


def test_kinds_by_their_place_in_reading_order(element: MakeElement) -> None:
    boxes = [element(n, "checkbox") for n in (1, 2, 3)]
    fields = [element(4, "textbox"), element(5, "combobox", options=("a",))]
    elements = (*boxes, *fields)
    third = Target("", frozenset(), 3, "checkbox")
    assert of_kind(elements, third) == (boxes[2],)
    assert of_kind(elements, Target("", cue="textbox")) == (fields[0],)
    assert of_kind(elements, Target("", frozenset(), 4, "checkbox")) == ()


def test_what_is_closed_can_be_opened_and_fields_are_nothing_to_open(element: MakeElement) -> None:
    shut = element(1, "button", "Filters", states=frozenset({"collapsed"}))
    tab, shown = element(2, "tab", "Two"), element(3, "tab", "One", states=frozenset({"selected"}))
    field = element(4, "combobox", "Country", states=frozenset({"collapsed"}))
    branch = element(5, "generic", hints=("hitarea expandable-hitarea",))
    assert closed((shut, tab, shown, field, branch)) == (shut, tab, branch)


@pytest.mark.parametrize(
    "words",
    [
        "Type the text below into the text field",
        "Enter the code shown in the picture",
        "Push the buttons in the order displayed",
        "Paste it into the text field",
        "Click the item with the most votes and juggle the results",
        "Drag the smaller box so that it is inside the larger box",
        "Forward all emails from Ann that are important to Bob",
    ],
)
def test_what_would_have_to_be_guessed_is_refused(words: str) -> None:
    with pytest.raises(OutriderError) as caught:
        parse(words)
    assert caught.value.code == "TASK_NOT_UNDERSTOOD"
