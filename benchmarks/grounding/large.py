"""How long a decision takes on a page with thousands of elements: at the first look, and when it is looked at again."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle, islice, product
from types import MappingProxyType
from typing import Final

from outrider.agents.scout import Scout
from outrider.interfaces.models import Task
from outrider.interfaces.pages import Box, Element, Observation, Text
from outrider.problems import OutriderError

ELEMENTS: Final = 5000
TASKS: Final = (
    "Click 'Contact us'",
    "Go to the contact page",
    "Put it in the basket",
    "What is the price of the red tea pot 77?",
    "Enter 'x' as name",
    "Log in as ann with password x",
    "Click 'Nothing of the kind'",
)
_COLOURS: Final = ("red", "blue", "green", "brass", "copper", "walnut", "grey", "pale", "dark", "black")
_THINGS: Final = ("tea pot", "lamp", "clock", "pen", "note book", "garden fork", "night light", "travel kettle")


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of a decision, for the slowest task."""

    first: float
    again: float


def measure() -> Times:
    """The slowest decision among ``TASKS`` on a page that has not been seen before, and on the same one again."""
    looks = [_two_looks(number, task) for number, task in enumerate(TASKS)]
    return Times(max(first for first, _ in looks), max(again for _, again in looks))


def _two_looks(number: int, task: str) -> tuple[float, float]:
    page = _page(f"s{number}")
    return _decide(task, page), _decide(task, page)


def _decide(task: str, page: Observation) -> float:
    started = time.perf_counter()
    with suppress(OutriderError):  # not finding anything takes a look at everything, too
        asyncio.run(Scout().decide(Task(1, task), page, ()))
    return (time.perf_counter() - started) * 1000


def _page(salt: str) -> Observation:
    names = islice(cycle(product(_COLOURS, _THINGS)), ELEMENTS - 2)
    elements = [_element(1, "searchbox", "Search", "banner")]
    for index, (colour, thing) in enumerate(names, start=2):
        name = f"{colour} {thing} {salt}{index}"
        button = index % 3 == 0
        elements.append(_element(index, "button" if button else "link", "Add to basket" if button else name, "", name))
    elements.append(_element(ELEMENTS, "link", "Contact us", "contentinfo"))
    texts = tuple(Text("main", "item", element.context) for element in elements if element.context)
    return Observation(f"http://{salt}/", salt, tuple(elements), texts, (), ELEMENTS, None, 0, 9000, 800)


def _element(index: int, role: str, name: str, region: str, context: str = "") -> Element:
    box = Box(0, 20.0 * index, 100, 20)
    return Element(index, role, name, _TAGS[role], "", None, frozenset(), box, True, region, context)


_TAGS: Final[Mapping[str, str]] = MappingProxyType({"link": "a", "button": "button", "searchbox": "input"})
