"""Patterns of the rules: as those of the standard library, and compiled when they are first used."""

import re

import pytest

from outrider.agents.scout.tasks.language import Wording


def test_it_reads_as_a_pattern_that_ignores_case() -> None:
    wording, pattern = Wording("(te)a"), re.compile("(te)a", re.IGNORECASE)
    text = "Tea for two, tEA for one"

    assert [found.span() for found in wording.finditer(text)] == [found.span() for found in pattern.finditer(text)]
    assert wording.split(text) == pattern.split(text)
    assert wording.sub(r"\1d", text) == pattern.sub(r"\1d", text)
    assert wording.match(text) and not wording.match(text, 1)
    assert wording.search(text[1:]) and not wording.search(text[:2])
    assert wording.fullmatch("TEA") and not wording.fullmatch(text)


def test_it_is_compiled_when_it_is_first_used() -> None:
    wording = Wording("(")

    with pytest.raises(re.error):
        wording.match("(")
