"""What a command prints: JSON for programs, lines for people; no text of a page steers the terminal."""

import json
import re
from collections.abc import Iterable
from typing import Any, Final

__all__ = ["as_json_text", "print_result", "printable"]

#: Control codes of both kinds, but for new lines and tabs, and what turns around how a line reads.
_STEERING: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """The text with “�” for what a terminal obeys: it could set its title, or what is pasted from it."""
    return _STEERING.sub("�", text)


def as_json_text(value: Any, indent: int | None = None) -> str:
    """JSON that says the same and can be shown."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def print_result(value: Any, as_json: bool, lines: Iterable[str]) -> None:
    """Print the value as JSON, or its lines."""
    if as_json:
        print(as_json_text(value, indent=2))
        return
    for line in lines:
        print(printable(line))
