"""Things listed in lines of their own: "put the following into my basket:" and a line for each."""

import re
from typing import Final

from outrider.agents.scout.amounts import count_word

__all__ = ["in_sentence"]

_BULLET: Final = r"(?:[-*•–]|\d{1,2}[.)])"
_BLOCK: Final = re.compile(
    r"\b(?:the following|these|this)(?: (?:things|items|products|articles|ones))?\b(?P<after>[^\n:]{0,200}): ?\n"
    rf"(?P<lines>(?:{_BULLET} [^\n]+(?:\n|$))+)",
    re.IGNORECASE,
)
_LINE: Final = re.compile(
    rf"{_BULLET} (?:(?P<count>\w+)\s?(?:x|×|pieces? of|cop(?:y|ies) of)\s)?(?P<name>[^\n:=]+?)[.;,]?", re.IGNORECASE
)
_QUOTED: Final = re.compile(r"[“\"'„«‘`].*[”\"'“»’`]")


def in_sentence(text: str) -> str:
    """The single-spaced text with what is listed in the place of "the following".

    Unchanged where a line says more than how many of what: a field with its value, a step. Names are put in quotes.
    """
    found = _BLOCK.search(text)
    lines = [_LINE.fullmatch(line) for line in found["lines"].splitlines()] if found else []
    things = [thing for line in lines if line and (thing := _thing(line))]
    if found is None or len(things) != len(lines):
        return text
    listed = " and ".join(filter(None, (", ".join(things[:-1]), things[-1])))
    return f"{text[: found.start()]}{listed}{found['after']}.\n{text[found.end() :]}".strip()


def _thing(line: re.Match[str]) -> str:
    """How many of what; "" when it is not said how many: such a line may as well be a step."""
    name = line["name"].strip()
    if not line["count"] or count_word(line["count"]) is None:
        return ""
    return f"{line['count']} x {name if _QUOTED.fullmatch(name) else f'“{name}”'}"
