"""What has changed on a page between two looks, as text for models: what is new, what is different, what is gone.

An element is the same as long as it has its index (``interfaces.pages.Element``). Where things are, whether they are in
view and where the focus is, is no difference.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from outrider.agents.observation import element_line, fenced, fitting, telling_texts, text_lines
from outrider.interfaces.models import Step
from outrider.interfaces.pages import Element, Observation

__all__ = ["goes_on", "render_difference"]

_UNSEEN: Final = frozenset({"focused"})
#: Share of the room that elements may take before text gets its turn.
_ELEMENT_SHARE: Final = 0.7
#: Share of a page that has to be there already. With less, differences soon cost more than the page, cached or not.
_LEAST_KEPT: Final = 1 / 3


def goes_on(step: Step, after: Observation | None) -> bool:
    """Whether the look after a step can be told as a difference to the one before it.

    Not in another document or tab. A document may go to another address by itself (``pushState``): there what it shows
    decides, since it can have been replaced meanwhile.
    """
    before, effect = step.seen, step.effect
    if before is None or after is None or (effect is not None and (effect.replaced or effect.opened_tab)):
        return False
    if _tab_of(before) != _tab_of(after):
        return False
    if before.url.partition("#")[0] == after.url.partition("#")[0]:
        return True
    return effect is not None and effect.navigated and _kept(before, after) >= _LEAST_KEPT


def render_difference(before: Observation, after: Observation, max_characters: int) -> str:
    """What is to be known of ``after`` by somebody who knows ``before``, in the fence, of about ``max_characters``."""
    known = {element.index: element for element in before.elements}
    there = {element.index for element in after.elements}
    changed = [
        f"{'~' if element.index in known else '+'} {element_line(element)}"
        for element in after.elements
        if element.index not in known or _content(known[element.index]) != _content(element)
    ]
    gone = _ranges(index for index in known if index not in there)
    added, removed = _changed_lines(before, after)
    elements, left_elements = fitting(changed, int(max_characters * _ELEMENT_SHARE))
    texts, left_texts = fitting((f"+ {line}" for line in added), max_characters - len(elements))
    lost, left_lost = fitting((f"- {line}" for line in removed), max_characters // 5)
    parts = [_where(before, after), elements, _more(left_elements, "changed elements: read_page shows the whole")]
    parts += [f"- gone: {gone}" if gone else "", texts, _more(left_texts, "new lines of text: read_page shows all")]
    parts += [lost, _more(left_lost, "lines of text are gone")]
    if not any(parts):
        parts = ["Nothing has changed."]
    return fenced(parts, after)


def _tab_of(observation: Observation) -> int | None:
    return next((tab.number for tab in observation.tabs if tab.current), None)


def _kept(before: Observation, after: Observation) -> float:
    """Share of the elements and texts of a page that were there before; 0 where no element was."""
    elements = {element.index for element in before.elements} & {element.index for element in after.elements}
    texts = Counter(before.texts) & Counter(after.texts)
    return (len(elements) + texts.total()) / (len(after.elements) + len(after.texts)) if elements else 0.0


def _content(element: Element) -> tuple[Any, ...]:
    return (
        element.role, element.name, element.kind, element.value, element.states - _UNSEEN, element.region,
        element.context, element.options, element.complaint,
    )  # fmt: skip


def _where(before: Observation, after: Observation) -> str:
    moved = before.url != after.url or before.title != after.title
    return f"{after.title or 'Untitled'} — {after.url}" if moved else ""


def _changed_lines(before: Observation, after: Observation) -> tuple[list[str], list[str]]:
    """The lines of text that have come, and those that have gone."""
    if before.texts == after.texts and _sayings(before) == _sayings(after):
        return [], []
    old, new = text_lines(telling_texts(before)), text_lines(telling_texts(after))
    return _without(new, old), _without(old, new)


def _sayings(observation: Observation) -> list[tuple[str, str, str]]:
    """What of the elements decides which texts need not be told (``telling_texts``)."""
    return [(element.region, element.name, element.context) for element in observation.elements]


def _without(lines: list[str], others: list[str]) -> list[str]:
    """The lines that the others lack, as often as they lack them; where a region begins is told with its lines only."""
    left = Counter(others)
    kept: list[str] = []
    for line in lines:
        if left[line] > 0:
            left[line] -= 1
        elif not line.startswith("-- "):
            kept.append(line)
    return kept


def _more(left: int, of_what: str) -> str:
    return f"… {left} more {of_what}" if left else ""


def _ranges(indexes: Iterable[int]) -> str:
    """``1-4, 7``."""
    spans: list[list[int]] = []
    for index in sorted(indexes):
        if spans and index == spans[-1][1] + 1:
            spans[-1][1] = index
        else:
            spans.append([index, index])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
