"""The verbs for things that are dragged, as a table."""

import re
from typing import Final

from outrider.agents.scout.amounts import count_word, ordinal
from outrider.agents.scout.tasks.deeds import DragTo
from outrider.agents.scout.tasks.grammar import Verb
from outrider.agents.scout.tasks.intentions import Intention
from outrider.agents.scout.tasks.language import Utterance
from outrider.agents.scout.tasks.phrases import Q, target

__all__ = ["DRAG_VERBS"]

_WHAT: Final = rf"(?P<what>{Q}|.+?)"
_WAY: Final = r"(?P<way>left|right|up|down|upwards|downwards)"
_MIDDLE: Final = "cent(?:er|re)|middle"
_CORNER: Final = rf"(?P<corner>(?:top|bottom|upper|lower|{_MIDDLE})[ -](?:left|right|{_MIDDLE})|{_MIDDLE})"
_PLACES: Final = r"(?P<count>\w+)(?: positions?| places?| steps?| rows?| columns?)?"


def _by(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    utterance.worded.append(found["way"])
    steps = count_word(found["count"]) if found["count"] else 0
    way = found["way"].lower().removesuffix("wards")
    return None if steps is None else (DragTo(target(found["what"], utterance), way, steps),)


def _to(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    place = ordinal(found["place"])
    utterance.worded.append(found["place"])
    return (DragTo(target(found["what"], utterance), place=place),) if place else None


def _corner(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    utterance.worded.append(found["corner"])
    return (DragTo(target(found["what"], utterance), corner=found["corner"].lower().replace("-", " ")),)


DRAG_VERBS: Final[tuple[Verb, ...]] = (
    Verb("drag", rf"{_WHAT} to the {_CORNER}(?: position| corner)?", _corner),
    Verb(
        "drag|move",
        rf"{_WHAT} (?:to the )?{_WAY}(?: by {_PLACES})?",
        _by,
    ),
    Verb("drag|move", rf"{_WHAT} to (?:the )?(?P<place>\w+) (?:position|place|row)", _to),
)
