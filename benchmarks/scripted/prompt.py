"""What a language model was sent, read as it would read it: the words, and the elements that they list."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

__all__ = ["NotShownError", "find", "read", "words_of"]

#: ``[12] textbox email "E-mail" = "" …``, also where a difference begins with ``+`` or ``~``.
_ELEMENT: Final = re.compile(r'\[(\d+)\] (\w+)(?: [\w-]+)? "([^"\n]*)"(.*)')
#: The place of an element is that of the line before.
_AS_BEFORE: Final = re.compile(r" \^(?: ↓)?$")


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
    """The index of the element of that role and name (in any case) that was shown last; ``beside`` is in its line."""
    found = None
    place = ""
    for index, its_role, its_name, rest in _ELEMENT.findall(words):
        if not _AS_BEFORE.search(rest):
            place = rest
        if (
            its_role == role
            and its_name.casefold() == name.replace('"', "'").casefold()
            and (beside in rest or beside in place)
        ):
            found = int(index)
    if found is None:
        raise NotShownError(f"no {role} “{name}” {beside}".strip())
    return found


def read(words: str, pattern: str) -> str:
    """The first group of the last place that fits, as a model would copy it from the page."""
    places = list(re.finditer(pattern, words))
    if not places:
        raise NotShownError(f"nothing like {pattern}")
    return places[-1][1]
