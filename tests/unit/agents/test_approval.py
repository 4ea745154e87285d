"""What counts as a yes to a question of screening."""

import pytest

from outrider.agents.approval import agrees, is_plain_no


@pytest.mark.parametrize(
    "answer", ["yes", "Yes!", "YES, please.", "ok", "go ahead", "yes, go ahead", "Yes. Do it, please!", "“yes”", "y"]
)
def test_a_plain_yes(answer: str) -> None:
    assert agrees(answer)
    assert not is_plain_no(answer)


@pytest.mark.parametrize("answer", ["no", "No, thanks.", "no, stop", "nope!", "Don't.", "no. never"])
def test_a_plain_no(answer: str) -> None:
    assert is_plain_no(answer)
    assert not agrees(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        " ,. ",
        "yes, but the other one",
        "yes and no",
        "yes, no",
        "no, yes",
        "yes yes",
        "not yes",
        "is it ok",
        "ok?",
        "yes\u200b",
        "yes if it is cheap",
        "maybe",
        "yes, " * 2000 + "but not now",
    ],
)
def test_anything_else_is_neither(answer: str) -> None:
    assert not agrees(answer)
    assert not is_plain_no(answer)
