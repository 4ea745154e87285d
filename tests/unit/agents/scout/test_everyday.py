"""What people write in their own words comes to the steps that they mean."""

from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from tests.unit.agents.scout.everyday import FAMILIES, REFUSED

from outrider.agents.scout.tasks.intentions import Intention
from outrider.agents.scout.tasks.plan import parse
from outrider.problems import OutriderError

SENTENCES = [(text, steps) for family in FAMILIES.values() for text, steps in family]


def gist(step: Intention) -> str:
    """A step by its name and its values: ``Enter(name, Ann)``."""
    return f"{type(step).__name__}({', '.join(values(step))})"


def values(part: Any) -> list[str]:
    if part is None or part in ("", 0) or isinstance(part, bool):
        return []
    if isinstance(part, tuple):
        return [value for one in part for value in values(one)]
    if is_dataclass(part):
        return values(tuple(getattr(part, one.name) for one in fields(part) if one.name not in ("roles", "cue")))
    return [str(part)]


@pytest.mark.parametrize(("text", "steps"), SENTENCES, ids=[text for text, _ in SENTENCES])
def test_a_sentence_comes_to_its_steps(text: str, steps: str) -> None:
    assert " ".join(map(gist, parse(text).intentions)) == steps


@pytest.mark.parametrize("text", REFUSED)
def test_what_would_have_to_be_guessed_at_is_refused(text: str) -> None:
    with pytest.raises(OutriderError) as caught:
        parse(text)
    assert caught.value.code == "TASK_NOT_UNDERSTOOD"


POLITE = [
    ("Enter Ann as name, thanks", "Enter Ann as name"),
    ("List the products, thank you very much!", "List the products"),
    ("Change the quantity to 3, cheers mate", "Change the quantity to 3"),
    ("Open the cart please", "Open the cart"),
    ("Open the cart, will you?", "Open the cart"),
    ("Could you please open the cart, if you can?", "Open the cart"),
]


@pytest.mark.parametrize(("polite", "plain"), POLITE)
def test_politeness_is_no_part_of_a_value(polite: str, plain: str) -> None:
    assert parse(polite) == parse(plain)


@pytest.mark.parametrize(
    "text", ["Reply with OK", "Say thanks", "Click 'Thank you'", "Write 'thanks' in the message box"]
)
def test_politeness_that_is_the_value_stays(text: str) -> None:
    assert any(word in " ".join(map(gist, parse(text).intentions)) for word in ("OK", "thanks", "Thank you"))


def test_a_full_stop_belongs_to_the_text_of_a_message_and_to_no_other_value() -> None:
    plan = parse("Title: Great for winter. Body: Every recipe worked. Name: Nora.")
    assert [gist(step) for step in plan.intentions] == [
        "Enter(Title, Great for winter)",
        "Enter(Body, Every recipe worked.)",
        "Enter(Name, Nora)",
    ]
