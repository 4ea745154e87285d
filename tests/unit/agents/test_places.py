"""Where a quote stands on a page, and what stands there later."""

import pytest

from outrider.agents.places import Place, View, find, group_at, read
from outrider.interfaces.pages import (
    Box,
    Element,
    Extraction,
    Field,
    Observation,
    Pair,
    Record,
    RecordGroup,
    Text,
)


def view(
    price: str = "£3", *, entries: tuple[tuple[str, str], ...] = (("Pot", "£9"), ("Pan", "£7")), moved: bool = False
) -> View:
    texts = [
        Text("main", "heading1", "Tea"),
        Text("main", "paragraph", f"Now only {price} a pound."),
        Text("main", "heading2", "Delivery"),
        Text("main", "paragraph", "Two days."),
        Text("main", "paragraph", "Free."),
    ]
    if moved:
        texts.insert(0, Text("banner", "paragraph", "Sale!"))
        texts.insert(2, Text("main", "paragraph", "New."))
    field = Element(4, "textbox", "Pieces", "input", "text", "12", frozenset(), Box(0, 0, 1, 1), True, "form")
    records = tuple(Record((Field(name, "link"), Field(price_, "text", "price"))) for name, price_ in entries)
    return View(
        Observation("http://x.example/", "Tea shop", (field,), tuple(texts), (), 1, None, 0, 0, 0),
        Extraction(
            "http://x.example/", "Tea shop", (RecordGroup(records, "main", "Pots", 100.0),),
            (Pair("Weight", "1 kg"), Pair("Price", price)), tuple(texts), None,
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("quote", "place"),
    [
        ("Price: £3", Place("value", "Price")),
        ("1  KG", Place("value", "Weight")),
        ("Pan\n£7", Place("entry", "Pan", "main", "Pots", 2, 2, part="price")),
        ("Pot\n£9", Place("entry", "Pot", "main", "Pots", 1, 2, part="price")),
        ("Free.", Place("paragraph", region="main", under="Delivery", nth=2)),
        ("two days", Place("paragraph", region="main", under="Delivery", after=".")),
        ("Tea", Place("heading1", region="main")),
        ("12", Place("textbox", "Pieces", "form", part="value", index=4)),
        ("Tea shop", Place("title")),
        ("nowhere", None),
        (" ", None),
        ("x" * 500, None),
    ],
)
def test_a_quote_has_a_place_that_says_the_same_again(quote: str, place: Place | None) -> None:
    assert find(quote, view()) == place
    if place is not None:
        said = read(place, view()) or ""
        assert said.casefold() in " ".join(quote.casefold().split())


def test_a_place_says_what_stands_there_later() -> None:
    price = find("Price: £3", view())
    worded = find("£3 a", view("£3"))
    assert price and worded
    assert read(price, view("£4.50")) == "£4.50"
    assert (worded.before, worded.after) == ("Now only ", " pound.")
    assert read(worded, view("£4.50")) == "£4.50 a"
    assert read(worded, view("£4.50", moved=True)) == "£4.50 a"  # known by the words around it


def test_what_is_gone_or_not_clear_is_nothing() -> None:
    free, pan = find("Free.", view()), find("Pan\n£7", view())
    assert free and pan
    assert read(pan, view(entries=(("Pot", "£9"),))) is None
    assert read(pan, view(entries=(("Pan", "£1"), ("Pan", "£2")))) is None
    assert read(pan, view(entries=(("Cup", "£1"), ("Pan", "£2")))) == "£2"
    assert read(free, View(view().observation and view("£3").observation)) == "Free."
    assert read(Place("value", "Colour"), view()) is None
    assert read(Place("textbox", "Other", part="value"), view()) is None
    assert group_at(Place("list", region="main", under="Cups"), view()) == ()
    assert [one.name for one in group_at(Place("list", region="main", under="Pots"), view())] == ["Pot", "Pan"]
