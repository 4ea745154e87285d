"""Secrets, kept out of everything that a task writes; those of the vault out of what its model reads, too."""

import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from outrider.agents.masks import Masks
from outrider.redaction import cards_in, without_keys

__all__ = ["MASK", "Secrets"]

MASK: Final = "••••••"

_LONGEST_CHARACTERS: Final = 200

T = TypeVar("T")

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
    """What a session has met that is not to be told: passwords, one-time codes, numbers of cards."""

    def __init__(self) -> None:
        self._learned = Masks()
        self._put_in = Masks()

    def add(self, secret: str) -> None:
        """Something that was typed into a password field."""
        if 0 < len(secret) <= _LONGEST_CHARACTERS:
            self._learned.add(secret, MASK)

    def learn(self, text: str) -> None:
        """Add what a user's text calls a password, as far as that can be told, and the numbers of cards in it."""
        for number in cards_in(text):
            self.add(number)
        for said in _SAID.finditer(text):
            self.add(next(filter(None, said.groups())))

    def put(self, secret: str, name: str, *, in_groups: bool = False) -> None:
        """Something of the vault is about to be put into a page; ``in_groups``: pages may part its characters."""
        self._put_in.add(secret, f"‹{name}›", in_groups=in_groups)

    def hide(self, value: T) -> T:
        """A copy of a text, of JSON, of a struct or of a problem, without what came from the vault.

        What a user's task says stays: whoever carries that out has to know it.
        """
        hidden: T = self._put_in.apply(value)
        return hidden

    def mask(self, value: Any) -> Any:
        """A copy of a text, or of JSON, without any secret, and with the public part of keys and tokens only."""
        return _without_keys(self._learned.apply(self.hide(value)))


def _without_keys(value: Any) -> Any:
    if isinstance(value, str):
        return without_keys(value)
    if isinstance(value, Mapping):
        return {name: _without_keys(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_keys(item) for item in value]
    return value
