"""What sentences say about a deed, and which of them are not to be believed."""

import pytest

from outrider.agents.scout.pages.prose import sentences_on
from outrider.interfaces.pages import Extraction, Text


def read(text: str, deed: str = "mending the roof of the shed") -> list[tuple[str | None, str | None]]:
    page = Extraction("http://club.test/", "Minutes", (), (), (Text("", "item", text),), None)
    return [(one.value("cost"), one.value("company")) for one in sentences_on(deed, page)]


@pytest.mark.parametrize(
    ("text", "cost", "company"),
    [
        ("The roof of the shed is mended for €3,850 by Orme Roofing.", "€3,850", "Orme Roofing"),
        ("Tea was had. Mending the roof of the shed cost £90. It was late.", "£90", None),
        ("The roof of the shed was mended by Orme & Sons, for 90 EUR", "90 EUR", "Orme & Sons"),
        ("Orme mended the roof of the shed for £90.", "£90", None),
        ("The roof of the shed was mended by J. Orme for £90.", "£90", None),
        ("The roof of the shed was mended by Orme by noon for £90, and £4 of tea.", None, None),
        ("The roof of the shed was mended by Monday for £90.", "£90", None),
        ("Mending the roof of the shed costs £50 a month.", None, None),
        ("The roof of the shed was mended for £50–70.", None, None),
        ("The roof of the shed was mended, with £90 left.", None, None),
    ],
)
def test_a_deed_has_its_cost_and_who_did_it(text: str, cost: str | None, company: str | None) -> None:
    assert read(text) == [(cost, company)]


@pytest.mark.parametrize(
    "text",
    [
        "The roof of the shed is not mended for £90.",
        "Orme offers: the roof of the shed is mended for £90.",
        "The roof of the shed would be mended for £90 by Orme.",
        "The roof of the hut is mended for £90, says the man from the shed.",
        "The roof of the shed and the jetty were painted for £90.",
        "The roof of the shed. The jetty is mended for £90.",
    ],
)
def test_what_is_in_doubt_or_about_something_else_says_nothing(text: str) -> None:
    assert read(text) == []
