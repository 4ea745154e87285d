"""What a language model was sent, read as it would read it: the words, and the elements that they list."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

__all__ = ["NotShownError", "find", "read", "shown", "words_of"]

#: ``12 textbox email "E-mail" = "" …``, also where a difference begins with ``+`` or ``~``.
_ELEMENT: Final = re.compile(r'(?:[+~] )?(\d+) (\w+)(?: ([\w-]+))? "([^"]*)"(.*)')
_REGION: Final = re.compile(r"@(\w+)")
#: Differences tell it with the element.
_OWN_REGION: Final = re.compile(r" @(\w+)(?: \||$)")
#: The place of an element is that of the line before.
_AS_BEFORE: Final = " ^"
_WORDS: Final = re.compile(r"\w+")


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


@dataclass(frozen=True)
class Shown:
    """An element as it was shown; ``place`` is all that was told of it and of those at the same place."""

    index: int
    role: str
    kind: str
    name: str
    region: str
    place: str

    def is_at(self, context: str) -> bool:
        """Whether its line says just that of where it is."""
        return bool(context) and self.place.endswith(f"| {context}")

    def is_beside(self, words: str) -> bool:
        """Whether its place has all of the words."""
        return set(_WORDS.findall(words)) <= set(_WORDS.findall(self.place))


def find(words: str, role: str, name: str, beside: str = "") -> int:
    """The index of the element of that role and name (in any case) that was shown last, and of that place, if any."""
    wanted = role, name.replace('"', "'").casefold()
    found = [one.index for one in shown(words) if (one.role, one.name.casefold()) == wanted and one.is_beside(beside)]
    if not found:
        raise NotShownError(f"no {role} “{name}” {beside}".strip())
    return found[-1]


def shown(words: str) -> Iterator[Shown]:
    """The elements in the order in which they were shown, those that were shown again among them."""
    region = ""
    rows: list[list[Shown]] = []
    for line in words.splitlines():
        if heading := _REGION.fullmatch(line):
            region = heading[1]
        elif said := _ELEMENT.match(line):
            index, role, kind, name, rest = said.groups("")
            own = _OWN_REGION.search(rest)
            one = Shown(int(index), role, kind, name, own[1] if own else region, f"{name}{rest}")
            if rows and rest.endswith(_AS_BEFORE):
                rows[-1].append(one)
            else:
                rows.append([one])
    for row in rows:
        place = " ".join(one.place for one in row)
        yield from (replace(one, place=place) for one in row)


def read(words: str, pattern: str) -> str:
    """The first group of the last place that fits, as a model would copy it from the page."""
    places = list(re.finditer(pattern, words))
    if not places:
        raise NotShownError(f"nothing like {pattern}")
    return places[-1][1]
