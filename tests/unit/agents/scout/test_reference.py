"""The reference page says what is so: its examples parse, and those marked as refused don't."""

import re
from pathlib import Path

import pytest

from outrider.agents.scout.steps.paging import MOST_PAGES
from outrider.agents.scout.tasks.plan import parse
from outrider.problems import OutriderError

PAGE = (Path(__file__).parents[4] / "docs" / "reference" / "scout.md").read_text("utf-8")


def section(heading: str) -> str:
    return PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]


UNDERSTOOD = re.findall(r"`([^`]+)`", "\n".join(re.findall(r"^\| [^|]+\|(.+)\|$", section("Verbs"), re.MULTILINE)))
REFUSED = re.findall(r"✗ `([^`]+)`", section("What it refuses"))


def test_there_are_examples() -> None:
    assert len(UNDERSTOOD) > 30
    assert len(REFUSED) > 4


@pytest.mark.parametrize("text", UNDERSTOOD)
def test_an_example_is_understood(text: str) -> None:
    assert parse(text).intentions


@pytest.mark.parametrize("text", REFUSED)
def test_an_example_of_what_is_refused_is_refused(text: str) -> None:
    with pytest.raises(OutriderError) as caught:
        parse(text)
    assert caught.value.code == "TASK_NOT_UNDERSTOOD"


def test_the_bounds_are_those_of_the_code() -> None:
    assert f"at most {MOST_PAGES}." in section("How it picks")
