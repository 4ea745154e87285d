"""Every word of a task becomes part of its plan, or is named as not understood."""

import re

import pytest

from outrider.agents.scout.tasks.accounting import left_over
from outrider.agents.scout.tasks.intentions import AddToBasket, GoTo, Intention, LogIn
from outrider.agents.scout.tasks.language import mask
from outrider.agents.scout.tasks.plan import parse
from outrider.agents.scout.tasks.targets import Target
from outrider.problems import OutriderError

ACCOUNTS: list[tuple[str, Intention, tuple[str, ...], tuple[str, ...]]] = [
    ("the Books category", GoTo(Target("Books")), ("the category",), ()),
    ("the Books category", GoTo(Target("Books")), (), ("category",)),
    ("the Books category but not now", GoTo(Target("Books")), ("category",), ("but not",)),
    ("three of them", AddToBasket(3), (), ()),
    ("three of them as a gift", AddToBasket(3), (), ("gift",)),
    ("as ann with password x tomorrow, from Berlin", LogIn("ann", "x"), ("password",), ("tomorrow, from Berlin",)),
]


@pytest.mark.parametrize(("said", "intention", "worded", "left"), ACCOUNTS)
def test_words_that_neither_a_value_nor_a_pattern_takes_up_are_left_over(
    said: str, intention: Intention, worded: tuple[str, ...], left: tuple[str, ...]
) -> None:
    assert left_over(said, [intention], worded) == left


def test_a_pattern_takes_up_what_is_in_none_of_its_groups() -> None:
    utterance = mask("open the book 'Emma' in the list")
    found = re.fullmatch(r"open the book (?P<name>\S) in the list(?P<more>.*)", utterance.masked)
    assert found is not None
    utterance.take(found)
    assert " ".join("".join(utterance.worded).split()) == "open the book in the list"
    assert utterance.afresh().worded == []


#: What a sentence says beyond what can be done, in its own words.
NAMED = [
    ("Open the first product that is made of chocolate", "made of chocolate"),
    ("Open the first product which isn't a lamp", "isn't a lamp"),
    ("Report the name of the cheapest product that was added by Ann last week", "added by Ann last week"),
    ("Tell me the name of the product that Ann recommends", "Ann recommends"),
    ("Tell me the description of the first product in your own words", "own words"),
    ("Report the price of the second product excluding VAT", "excluding VAT"),
    ("What is the price of the first product in euros?", "euros"),
    ("List all products on sale", "sale"),
    ("List all lamps without a price", "without a price"),
    ("List all red or blue products", "or blue"),
    ("Find a lamp for under £30 with good reviews", "good reviews"),
    ("Find the cheapest book written before 1990", "written before 1990"),
    ("Tell me the name of the cheapest and the most expensive product", "most expensive"),
    ("Open the first and third product", "third"),
    ("Report the price of every second product", "second"),
    ("List the three cheapest products not in the Books category", "not"),
    ("Open the page http://x.test/a in a new tab", "new tab"),
    ("Log in as ann with password x within 5 seconds", "5 seconds"),
    ("Scroll down slowly", "slowly"),
    ("Take a screenshot of the chart", "chart"),
    ("Go back to the search for tea", "tea"),
    ("When the results are empty, open the cart", "When the results are empty"),
    ("List all teas under £5 or biscuits", "or biscuits"),
    ("I need a lamp. Open the cart", "lamp"),
]


@pytest.mark.parametrize(("text", "words"), NAMED, ids=[text for text, _ in NAMED])
def test_a_qualifier_that_can_t_be_honoured_is_named(text: str, words: str) -> None:
    with pytest.raises(OutriderError) as caught:
        parse(text)
    assert caught.value.code == "TASK_NOT_UNDERSTOOD"
    assert f"“{words}”" in caught.value.message
