import pytest

from outrider.agents.scout.tasks.criteria import Condition, Order, Selection, fields_of, select
from outrider.agents.scout.tasks.language import mask


def price(test: str, value: str) -> Condition:
    return Condition("price", test, value)


def stars(test: str, value: str) -> Condition:
    return Condition("rating", test, value)


UP, DOWN = (Order("price", descending=down) for down in (False, True))
SELECTIONS = [
    ("the cheapest match", Selection(order=UP)),
    ("lowest price", Selection(order=UP)),
    ("the least expensive laptop", Selection("laptop", UP)),
    ("most expensive item", Selection(order=DOWN)),
    ("book with the highest rating", Selection("book", Order("rating", descending=True))),
    ("the worst rated one", Selection(order=Order("rating", descending=False))),
    ("product with the most reviews", Selection(order=Order("reviews", descending=True))),
    ("the newest article", Selection(order=Order("date", descending=True))),
    ("country with the smallest population", Selection("country", Order("population", descending=False))),
    ("first result", Selection(position=1)),
    ("the third one", Selection(position=3)),
    ("the 2nd product", Selection(position=2)),
    ("the last one", Selection(position=-1)),
    ("the first 5 products", Selection(position=1, count=5)),
    ("top 3", Selection(position=1, count=3)),
    ("three cheapest teas", Selection("teas", UP, count=3)),
    ("all products", Selection()),
    ("search results on this page", Selection()),
    ("products under £20", Selection(conditions=(price("below", "£20"),))),
    ("products that cost at most 30 euros", Selection(conditions=(price("at most", "30 euros"),))),
    ("all items with a price over $5", Selection(conditions=(price("above", "$5"),))),
    ("items between £10 and £20", Selection(conditions=(price("at least", "£10"), price("at most", "£20")))),
    ("books rated 4 or higher", Selection("books", conditions=(stars("at least", "4"),))),
    ("4+ star hotels", Selection("hotels", conditions=(stars("at least", "4"),))),
    ("any product with at least 4 stars", Selection(conditions=(stars("at least", "4 stars"),))),
    ("all five star books", Selection("books", conditions=(stars("is", "5"),))),
    ("parcels with a weight of at least 3", Selection("parcels", conditions=(Condition("weight", "at least", "3"),))),
    ("products in stock", Selection(conditions=(Condition("availability", "is", "in stock"),))),
    ("products out of stock", Selection(conditions=(Condition("availability", "lacks", "in stock"),))),
    (
        "the first product whose name contains 'green tea'",
        Selection(position=1, conditions=(Condition("name", "contains", "green tea"),)),
    ),
    ("first one that starts with The", Selection("one that starts with The", position=1)),
    ("result whose title starts with The", Selection(conditions=(Condition("name", "starts", "The"),))),
    ("the product named 'Tea pot'", Selection(conditions=(Condition("name", "contains", "Tea pot"),))),
]


@pytest.mark.parametrize(("phrase", "selection"), SELECTIONS, ids=[phrase for phrase, _ in SELECTIONS])
def test_a_phrase_selects(phrase: str, selection: Selection) -> None:
    utterance = mask(phrase)
    assert select(utterance.masked, utterance) == selection


def test_names_of_values_in_an_enumeration() -> None:
    utterance = mask("its name, the price and a link to it")
    assert fields_of(utterance.masked, utterance) == ("name", "price", "link")
