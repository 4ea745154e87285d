"""Tasks made to keep a reader busy: long runs of what expressions backtrack on end at once, as a plan or refused."""

import time

import pytest

from outrider.agents.scout.tasks.plan import parse
from outrider.problems import OutriderError

#: Far above what any of them takes, far below what one of them took before.
SECONDS = 5.0

LONGEST_MESSAGE = 10_000


@pytest.mark.parametrize(
    "unit", [" ", "\n", "a ", "and ", ", ", "'", "'a'", "x and y ", "open x. ", "{", "a: ", "name of ", "the ", "to b "]
)
def test_a_long_run_of_anything_is_read_at_once(unit: str) -> None:
    text = ("open the shop " + unit * LONGEST_MESSAGE)[: LONGEST_MESSAGE - 1] + "x"
    started = time.perf_counter()

    try:
        parse(text)
    except OutriderError as problem:
        assert problem.code == "TASK_NOT_UNDERSTOOD"

    assert time.perf_counter() - started < SECONDS


def test_white_space_between_words_means_nothing() -> None:
    assert parse("  Open   the first \t product  ") == parse("Open the first product")
