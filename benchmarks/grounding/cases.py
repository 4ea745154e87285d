"""The labelled cases of ``pages.txt``: a description, a page of up to twenty elements, the one that is meant."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from outrider.agents.scout.pages.grounding import CHOSEN, CLICKED, TICKED, TYPED
from outrider.agents.scout.tasks.language import mask
from outrider.agents.scout.tasks.phrases import target
from outrider.agents.scout.tasks.targets import Target
from outrider.interfaces.pages import Box, Element

_FILE: Final = Path(__file__).with_name("pages.txt")
#: Verb of a case -> roles that its action can use.
ROLES: Final = {"click": CLICKED - TICKED, "fill": TYPED, "choose": CHOSEN, "tick": TICKED}


@dataclass(frozen=True, slots=True)
class Case:
    """One description on one page."""

    page: str
    verb: str
    words: str
    elements: tuple[Element, ...]
    #: Index of the element that is meant.
    right: int

    @property
    def target(self) -> Target:
        """The description as Scout reads it from a task."""
        utterance = mask(self.words)
        return target(utterance.masked, utterance)


def load_cases(file: Path = _FILE) -> tuple[Case, ...]:
    """All cases, in the order of the file."""
    return tuple(_cases(file.read_text("utf-8").splitlines()))


def _cases(lines: list[str]) -> Iterator[Case]:
    page, elements = "", list[Element]()
    for line in lines:
        if line.startswith("== "):
            page, elements = line[3:], []
        elif line.startswith("> "):
            verb, _, rest = line[2:].partition(": ")
            words, _, right = rest.rpartition(" => ")
            yield Case(page, verb, words, tuple(elements), int(right))
        elif line and not line.startswith("#"):
            elements.append(_element(line, len(elements) + 1))


def _element(line: str, index: int) -> Element:
    role, name, context, hint, region = (part.strip() for part in line.split("|"))
    typed = role in ("textbox", "searchbox", "spinbutton")
    return Element(
        index=index,
        role=role,
        name=name,
        tag="input" if typed else "a" if role == "link" else role,
        kind="text" if typed else "",
        value="" if typed else None,
        states=frozenset(),
        box=Box(0, 30.0 * index, 200, 24),
        in_view=True,
        region=region,
        context=context,
        hints=(hint,) if hint else (),
        options=("One", "Two") if role == "combobox" else (),
    )
