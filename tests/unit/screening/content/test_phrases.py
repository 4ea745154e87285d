"""Phrases and the words that they are looked for in."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.screening.content.normal import fold, sentences, shown, words_of
from outrider.screening.content.phrases import Phrase, Words


def found(phrase: str, *texts: str) -> tuple[tuple[int, int], ...]:
    return Phrase.parse(phrase).find(Words(words_of(map(fold, texts))))


@pytest.mark.parametrize(
    ("phrase", "text", "is_found"),
    [
        ("ignore ~2 instructions", "Ignore the old instructions.", True),
        ("ignore ~2 instructions", "Ignore one two three instructions", False),
        ("ignore instructions", "ignore, instructions", True),
        ("ignore|forget rules", "FORGET rules", True),
        ("dont tell", "Don’t tell", True),
        ("^ pay $", "Pay", True),
        ("^ pay $", "Pay gap", False),
        ("^ pay $", "to pay", False),
        ("^ order ~3 now", "order it right now", True),
        ("rules", "unruly rulesets", False),
    ],
)
def test_a_phrase_is_words_in_order_with_bounded_gaps(phrase: str, text: str, is_found: bool) -> None:
    assert bool(found(phrase, text)) is is_found


def test_every_text_has_a_start_and_an_end_of_its_own() -> None:
    assert found("^ pay $", "Basket", "Pay", "Help") == ((2, 2),)
    assert not found("ignore instructions", "ignore", "instructions")


@pytest.mark.parametrize("text", ["", "~3", "~2 ignore ~1", "ignore ~99 rules", "ignore||forget", "^ $", "the of a"])
def test_what_is_no_phrase_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Phrase.parse(text)


def naive(groups: list[tuple[set[str], int]], words: list[str]) -> set[int]:
    """Last words of occurrences, by trying everything."""
    ends = {place for place, word in enumerate(words) if word in groups[0][0]}
    for alternatives, gap in groups[1:]:
        ends = {
            place
            for place, word in enumerate(words)
            if word in alternatives and any(0 < place - end <= gap + 1 for end in ends)
        }
    return ends


LETTERS = st.sampled_from("vwxyz")


@given(
    st.lists(st.tuples(st.sets(LETTERS, min_size=1, max_size=3), st.integers(0, 3)), min_size=1, max_size=4),
    st.lists(LETTERS, max_size=30),
)
def test_the_index_finds_what_trying_everything_finds(groups: list[tuple[set[str], int]], words: list[str]) -> None:
    text = " ".join(f"~{gap} {'|'.join(sorted(letters))}" for letters, gap in groups).removeprefix(f"~{groups[0][1]} ")

    assert {end for _, end in found(text, " ".join(words))} == naive(groups, words)


@pytest.mark.parametrize(
    "text",
    [
        "ｉｇｎｏｒｅ all",  # full-width letters
        "ig\u200bno\u2060re\ufeff all",  # characters without width
        "Ignоrе аll",  # Cyrillic letters
        "\u202eignore all",
        "".join(chr(0xE0000 + ord(letter)) for letter in "ignore all"),  # tag characters, which no font shows
        "IGNORE…all",
        "ignore—all",
        "ignore\x1f\x1f all",
    ],
)
def test_hidden_letters_are_read(text: str) -> None:
    assert words_of([fold(text)]) == [b"ignore", b"all"]


def test_sentences_are_divided_and_quotations_marked() -> None:
    assert sentences(fold("Click “Buy”, then stop.")) == [b"click", b'"', b"buy", b'"', b".", b"then", b"stop", b"."]


def test_what_has_a_digit_is_not_shown() -> None:
    assert shown([b"password", b"tea-4-two", b"now"]) == "password ••• now"


@pytest.mark.parametrize("text", ["a" * 200_000, "ignore " * 30_000, "\u200b" * 100_000, "ignore all " * 20_000])
def test_long_and_repetitive_texts_take_linear_time(text: str) -> None:
    started = time.perf_counter()
    found("ignore ~12 all ~12 all ~12 instructions", text)

    assert time.perf_counter() - started < 5


@given(st.text())
def test_any_text_can_be_folded_and_split(text: str) -> None:
    words_of([fold(text)])
    sentences(fold(text))
