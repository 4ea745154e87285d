"""Elements by what kind of thing they are, where a description has no name: "the third checkbox", "the text field"."""

from collections.abc import Sequence
from typing import Final

from outrider.agents.scout.synonyms import ROLE_CUES
from outrider.agents.scout.tasks.targets import Target
from outrider.interfaces.pages import Element

__all__ = ["of_kind"]

_TEXT_FIELDS: Final = frozenset({"textbox", "searchbox", "spinbutton", "combobox"})
#: What a word for a kind means beyond its roles.
_TAGS: Final = {"textarea": "textarea"}
_NOT_SELECTS: Final = frozenset({"field", "box", "input", "textbox"})


def of_kind(elements: Sequence[Element], target: Target) -> tuple[Element, ...]:
    """The elements of the kind that a nameless description speaks of, in reading order; the one at its position."""
    roles = ROLE_CUES.get(target.cue, frozenset())
    if target.cue in _NOT_SELECTS:
        roles &= _TEXT_FIELDS
    found = [
        one
        for one in elements
        if one.role in roles
        and _TAGS.get(target.cue, one.tag) == one.tag
        and not (target.cue in _NOT_SELECTS and one.options)
    ]
    if not target.position:
        return tuple(found)
    place = target.position - 1 if target.position > 0 else target.position
    return (found[place],) if -len(found) <= place < len(found) else ()
