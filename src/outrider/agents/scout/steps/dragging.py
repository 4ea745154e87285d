"""Dragging: some way in a direction, to another place of a list, to a place of a grid."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from outrider.agents.scout.pages.grounding import CHOSEN, TYPED, called, describe, signs
from outrider.agents.scout.steps.attempts import failure, spoken
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import LIST_NOUNS, canonical
from outrider.agents.scout.tasks.deeds import DragTo
from outrider.agents.scout.tasks.targets import Target
from outrider.interfaces.actions import Drag
from outrider.interfaces.pages import Element
from outrider.problems import OutriderError

__all__ = ["drag_to"]

#: What "to the left" means without a distance, in pixels.
_SOME_WAY: Final = 40.0
#: As far beyond the middle of an entry, another takes its place.
_BEYOND: Final = 4.0
_WAYS: Final = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
_THINGS: Final = LIST_NOUNS | {"shape", "object", "element", "figure", "block"}


def drag_to(wanted: DragTo, now: Situation) -> Outcome:
    """One drag. Raises TARGET_NOT_FOUND when it is not clear what, or where to."""
    if now.last is not None:
        if now.last.problem:
            raise failure(now.last, f"drag {spoken(wanted.target)}", now)
        return Done()
    thing = _thing(wanted.target, now)
    right, down = _WAYS.get(wanted.direction, (0, 0))
    if wanted.direction and not wanted.steps:
        action = Drag(thing.index, None, right * _SOME_WAY, down * _SOME_WAY)
        return Move(action, f"Dragging {describe(thing)} {wanted.direction}")
    rows = _rows([one for one in now.observation.elements if one.role == thing.role and one.tag == thing.tag])
    goal = _goal(wanted, thing, rows)
    if goal is None:
        description = f"a place to drag {spoken(wanted.target)} to"
        raise OutriderError("TARGET_NOT_FOUND", description=description, url=now.observation.url)
    beyond = _beyond(goal.box.x - thing.box.x), _beyond(goal.box.y - thing.box.y)
    thought = f"Dragging {describe(thing)} to the place of {describe(goal)}"
    return Move(Drag(thing.index, goal.index, *beyond), thought)


def _beyond(distance: float) -> float:
    return 0.0 if abs(distance) < _BEYOND else _BEYOND if distance > 0 else -_BEYOND


def _thing(target: Target, now: Situation) -> Element:
    """What is called so, or drawn so; the only thing without a name for "the shape"."""
    elements = [one for one in now.observation.elements if one.role not in TYPED | CHOSEN | {"button", "link"}]
    found = called(elements, target.text) or signs(elements, target.text)
    found = found or tuple(one for one in elements if not one.name and one.tag == target.text.lower())
    if not found and set(canonical(target.text)) <= _THINGS:
        found = tuple(one for one in elements if not one.name)
    if len(found) != 1:
        raise OutriderError("TARGET_NOT_FOUND", description=spoken(target), url=now.observation.url)
    return found[0]


def _rows(elements: Sequence[Element]) -> list[list[Element]]:
    """The elements row by row, from left to right."""
    ordered = sorted(elements, key=lambda one: (round(one.box.y), one.box.x))
    return [list(row) for _, row in groupby(ordered, key=lambda one: round(one.box.y))]


def _goal(wanted: DragTo, thing: Element, rows: Sequence[Sequence[Element]]) -> Element | None:
    """The element whose place is meant; None when there is none."""
    flat = [one for row in rows for one in row]
    if wanted.place:
        place = wanted.place - 1 if wanted.place > 0 else wanted.place
        return flat[place] if -len(flat) <= place < len(flat) else None
    at = next((y, x) for y, row in enumerate(rows) for x, one in enumerate(row) if one == thing)
    if wanted.direction:
        right, down = _WAYS[wanted.direction]
        y, x = at[0] + down * wanted.steps, at[1] + right * wanted.steps
    else:
        last_y, last_x = len(rows) - 1, len(rows[0]) - 1
        words = set(wanted.corner.split())
        y = 0 if words & {"top", "upper"} else last_y if words & {"bottom", "lower"} else last_y // 2
        x = 0 if "left" in words else last_x if "right" in words else last_x // 2
    return rows[y][x] if 0 <= y < len(rows) and 0 <= x < len(rows[y]) else None
