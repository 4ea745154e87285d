"""What an entry of a list has of its own: the button that selects it, the field and button that add one more."""

from collections.abc import Sequence
from typing import Final

from outrider.agents.scout.pages.blocks import block_of
from outrider.agents.scout.pages.grounding import CLICKED, Candidate, describe
from outrider.agents.scout.steps.attempts import attempt, reacted
from outrider.agents.scout.steps.moving import is_fillable
from outrider.agents.scout.steps.progress import Done, Outcome, Situation
from outrider.agents.scout.synonyms import canonical, plain_words
from outrider.agents.scout.tasks.deeds import EnterNew, PressOwn
from outrider.interfaces.actions import Click, Fill
from outrider.interfaces.pages import Element
from outrider.problems import OutriderError

__all__ = ["enter_new", "press_own"]

#: Beside what it does, a button may say what with: "Select train", "Book this room".
_MOST_WORDS: Final = 3


def press_own(wanted: PressOwn, now: Situation) -> Outcome:
    """Press what the chosen entry has by one of the names. Raises TARGET_NOT_FOUND where it has to be there."""
    name = now.known.pick.name if now.known.pick else ""
    found = [Candidate(one, 1.0) for one in _own(wanted.names, name, now)]
    if not found and now.last is None and not wanted.required:
        return Done()
    return attempt(
        now,
        f"{wanted.names[0]} “{name}”",
        lambda: found,
        lambda one: Click(one.index),
        reacted,
        lambda one: f"Clicking {describe(one)} of “{name}”",
    )


def _own(names: Sequence[str], entry: str, now: Situation) -> list[Element]:
    elements = now.observation.elements
    words = set(plain_words(entry))
    block = block_of(elements, entry) or [e for e in elements if words and words <= set(plain_words(e.context))]
    said = [(e, plain_words(e.name)) for e in block if e.role in CLICKED]
    return [e for e, told in said if told[:1] and told[0] in names and len(told) <= _MOST_WORDS]


def enter_new(wanted: EnterNew, now: Situation) -> Outcome:
    """Put the name of a new entry into the field for it: that of the list, or the one before a button that adds."""
    return attempt(
        now,
        f"enter “{wanted.name}” as a new entry",
        lambda: _fields_for_new(wanted.list, now),
        lambda field: Fill(field.index, wanted.name),
        lambda effect: True,
        lambda field: f"Entering “{wanted.name}” into {describe(field)}",
    )


def _fields_for_new(of: str, now: Situation) -> Sequence[Candidate]:
    """Raises TARGET_NOT_FOUND where no field, or more than one, is for new entries."""
    elements = now.observation.elements
    places = {e.index: at for at, e in enumerate(elements)}
    fields = [e for e in elements if is_fillable(e)]
    words = set(canonical(of)) - _PLAIN
    adding = [e for e in fields if _is_followed_by_adding(elements[places[e.index] + 1 :], words)]
    named = [e for e in fields if words and words <= {*canonical(e.name), *canonical(e.context)}]
    for some in ([e for e in adding if e in named], adding, named, fields):
        if len(some) == 1:
            return (Candidate(some[0], 1.0),)
    description = f"a field for a new entry of the {of or 'list'}"
    raise OutriderError("TARGET_NOT_FOUND", description=description, url=now.observation.url)


def _is_followed_by_adding(after: Sequence[Element], words: set[str]) -> bool:
    button = next((e for e in after if e.role in ("button", "textbox", "combobox")), None)
    if button is None or button.role != "button":
        return False
    said = set(canonical(button.name))
    return "+" in button.name or ("add" in said and said <= {"add", *_PLAIN, *words})


_PLAIN: Final = frozenset(canonical("list new item entry task"))
