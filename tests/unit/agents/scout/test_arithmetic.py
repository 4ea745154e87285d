"""Sums and equations as pages write them; what is none has no answer."""

import pytest

from outrider.agents.scout.pages.arithmetic import solution, total


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("12 + 7 =", "19"),
        ("3 - 10 = ?", "-7"),
        ("2 × 3 + 4", "10"),
        ("2 x 3", "6"),
        ("7 ÷ 2", "3.5"),
        ("(1 + 2) * 4 =", "12"),
        ("-3 − -4", "1"),
        # None, or none that a person would write down.
        ("1 ÷ 3", ""),
        ("5 / 0", ""),
        ("12", ""),
        ("10 / 10sec", ""),
        ("2 + = 3", ""),
        ("", ""),
    ],
)
def test_what_a_sum_comes_to(text: str, result: str) -> None:
    assert total(text) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("x + 8 = 11", "3"),
        ("4 - x = 9", "-5"),
        ("3 x - 4 = 11", "5"),
        ("2 (x + 1) = 7", "2.5"),
        ("x = x", ""),
        ("x x = 9", ""),
        ("0 x = 3", ""),
        ("max = 3", ""),
        ("x + 1", ""),
    ],
)
def test_the_unknown_of_an_equation(text: str, result: str) -> None:
    assert solution(text, "x") == result
