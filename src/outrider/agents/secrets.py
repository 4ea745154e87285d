"""Passwords, kept out of everything that a task writes."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

__all__ = ["MASK", "Secrets"]

MASK: Final = "••••••"

#: Shorter ones are masked only where they stand alone: they are parts of too many words and numbers.
_PLAIN_CHARACTERS: Final = 4
_LONGEST_CHARACTERS: Final = 200

_WORD: Final = r"(?:pass(?:word|code|phrase|wort)|pin|secret)"
_QUOTED: Final = "|".join(f"{left}([^{right}]{{1,200}}){right}" for left, right in ('""', "''", "“”", "‘’"))
#: Unquoted only what is no word of a language: “the password field” names none.
_ODD: Final = r"(?=\S{0,200}(?:\d|[^\w\s.,;:]\w))(\S{1,200}?)(?=[.,;:]?(?:\s|$))"
#: “password 'x'”, “password: x1”, “enter 'x' as the password”.
_SAID: Final = re.compile(
    rf"\b{_WORD}(?:\s*[:=]\s*|\s+(?:(?:is|of|as|to|with)\s+)?)(?:{_QUOTED}|{_ODD})"
    rf"|(?:{_QUOTED})\s+(?:in|into|as|for)\s+(?:(?:the|my|its)\s+)?{_WORD}\b",
    re.IGNORECASE,
)


class Secrets:
    """The passwords that a session has met."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def add(self, secret: str) -> None:
        """Something that was typed into a password field."""
        if 0 < len(secret) <= _LONGEST_CHARACTERS and secret not in self._known:
            self._known.add(secret)
            longest_first = sorted(self._known, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(_in_any_form, longest_first)))

    def learn(self, text: str) -> None:
        """Add what a user's text calls a password, as far as that can be told."""
        for said in _SAID.finditer(text):
            self.add(next(filter(None, said.groups())))

    def mask(self, value: Any) -> Any:
        """A copy of a text, or of JSON, without the secrets."""
        if self._pattern is None:
            return value
        if isinstance(value, str):
            return self._pattern.sub(MASK, value)
        if isinstance(value, Mapping):
            return {name: self.mask(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.mask(item) for item in value]
        return value


def _in_any_form(secret: str) -> str:
    """A pattern for the secret as it is and as an address carries it, where each character may be encoded or not."""
    pattern = "".join(map(_character, secret))
    return pattern if len(secret) >= _PLAIN_CHARACTERS else rf"(?<!\w){pattern}(?!\w)"


def _character(character: str) -> str:
    encoded = quote(character, safe="", errors="replace")
    if not encoded.startswith("%"):
        encoded = f"%{ord(character):02X}"
    plus = r"|\+" if character == " " else ""
    return f"(?:{re.escape(character)}|(?i:{encoded}){plus})"
