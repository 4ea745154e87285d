"""What a language model was sent, read as it would read it: the words, and the elements that they list."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

__all__ = ["NotShownError", "find", "read", "words_of"]

#: ``[12] textbox email "E-mail" = "" …``, also where a difference begins with ``+`` or ``~``.
_ELEMENT: Final = re.compile(r'\[(\d+)\] (\w+)(?: [\w-]+)? "([^"\n]*)"(.*)')
#: The place of an element is that of the line before.
_AS_BEFORE: Final = " ^"


class NotShownError(LookupError):
    """The model was not shown what its script is about."""


def words_of(body: Mapping[str, Any]) -> str:
    """All text of a request's messages, in order."""
    return "\n".join(_texts(body.get("messages") or body["contents"]))


def _texts(messages: list[dict[str, Any]]) -> Iterator[str]:
    for message in messages:
        content = message.get("content") or message.get("parts") or ""
        if isinstance(content, str):
            yield content
        else:
            yield from (part["text"] for part in content if "text" in part)


def find(words: str, role: str, name: str, beside: str = "") -> int:
    """The index of the element of that role and name (in any case) that was shown last.

    ``beside`` is in its line, or in one of those that are at the same place.
    """
    wanted = role, name.replace('"', "'").casefold()
    found = [
        index
        for index, its_role, its_name, place in _elements(words)
        if (its_role, its_name.casefold()) == wanted and beside in place
    ]
    if not found:
        raise NotShownError(f"no {role} “{name}” {beside}".strip())
    return found[-1]


def _elements(words: str) -> Iterator[tuple[int, str, str, str]]:
    """Index, role and name of each element, with all that is told of its place."""
    rows: list[list[tuple[str, str, str, str]]] = []
    for element in _ELEMENT.findall(words):
        if rows and element[3].endswith(_AS_BEFORE):
            rows[-1].append(element)
        else:
            rows.append([element])
    for row in rows:
        place = " ".join(f"{name}{rest}" for _, _, name, rest in row)
        yield from ((int(index), role, name, place) for index, role, name, _ in row)


def read(words: str, pattern: str) -> str:
    """The first group of the last place that fits, as a model would copy it from the page."""
    places = list(re.finditer(pattern, words))
    if not places:
        raise NotShownError(f"nothing like {pattern}")
    return places[-1][1]
