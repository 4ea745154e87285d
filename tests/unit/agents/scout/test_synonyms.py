"""Plurals of the words of tasks and pages."""

import pytest

from outrider.agents.scout.synonyms import stem


@pytest.mark.parametrize(
    "word",
    ["course", "house", "size", "class", "bus", "box", "match", "dish", "category", "status", "price", "purchase"],
)
def test_a_plural_is_the_same_word(word: str) -> None:
    plural = {"category": "categories"}.get(word) or word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")
    assert stem(plural) == stem(word) == word
