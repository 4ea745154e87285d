"""Which elements of a page belong to the thing of a name, among others whose names begin like it."""

from collections.abc import Sequence

from outrider.agents.scout.synonyms import canonical
from outrider.interfaces.pages import Element

__all__ = ["block_of"]


def block_of(elements: Sequence[Element], name: str) -> list[Element]:
    """The elements of the blocks with a link of that name, or that begin with it: "Pen" is not "Pen Deluxe"."""
    words = canonical(name)
    if not words:
        return []
    blocks = {
        e.context for e in elements if e.context and (canonical(e.name) == words or _is_headed(e, elements, words))
    }
    return [e for e in elements if e.context in blocks]


def _is_headed(element: Element, elements: Sequence[Element], words: tuple[str, ...]) -> bool:
    """Whether its context is the name, followed by nothing, a figure, or what an element in it is called."""
    said = canonical(element.context)
    after = said[len(words) :]
    if said[: len(words)] != words:
        return False
    names = (canonical(one.name) for one in elements if one.context == element.context)
    return not after or after[0][0].isdigit() or any(named and after[: len(named)] == named for named in names)
