"""Secrets, kept out of everything that a task writes; those of the vault out of what its model reads, too."""

import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar
from urllib.parse import quote

import msgspec

from outrider.problems import OutriderError
from outrider.telemetry import without_keys

__all__ = ["MASK", "Secrets"]

MASK: Final = "••••••"

#: Shorter ones are masked only where they stand alone: they are parts of too many words and numbers.
_PLAIN_CHARACTERS: Final = 4
_LONGEST_CHARACTERS: Final = 200

#: What pages put between the groups of a number.
_GAP: Final = r"(?:[ \-.+\u00a0\u202f]|%20){0,3}"

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


class _Masks:
    """Texts that are not to be shown, and what is shown for them."""

    def __init__(self) -> None:
        #: What is shown, by the pattern that finds the text.
        self._known: dict[str, str] = {}
        self._shown: list[str] = []
        self._pattern: re.Pattern[str] | None = None

    def add(self, pattern: str, shown: str) -> None:
        if pattern in self._known:
            return
        self._known[pattern] = shown
        longest_first = sorted(self._known, key=len, reverse=True)
        self._shown = [self._known[one] for one in longest_first]
        self._pattern = re.compile("|".join(f"({one})" for one in longest_first))

    def apply(self, value: Any) -> Any:
        """A copy of a text, of JSON, of a struct or of a problem, without them; anything else as it is."""
        if self._pattern is None:
            return value
        if isinstance(value, str):
            return self._pattern.sub(lambda found: self._shown[(found.lastindex or 1) - 1], value)
        if isinstance(value, Mapping):
            return {name: self.apply(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.apply(item) for item in value]
        if isinstance(value, msgspec.Struct):
            plain = msgspec.to_builtins(value, builtin_types=(bytes,))
            return msgspec.convert(self.apply(plain), type(value), builtin_types=(bytes,))
        if isinstance(value, OutriderError):
            return OutriderError(value.code, **self.apply(value.facts))
        return value


class Secrets:
    """What a session has met that is not to be told: passwords, one-time codes, numbers of cards."""

    def __init__(self) -> None:
        self._learned = _Masks()
        self._put_in = _Masks()

    def add(self, secret: str) -> None:
        """Something that was typed into a password field."""
        if 0 < len(secret) <= _LONGEST_CHARACTERS:
            self._learned.add(_in_any_form(secret), MASK)

    def learn(self, text: str) -> None:
        """Add what a user's text calls a password, as far as that can be told."""
        for said in _SAID.finditer(text):
            self.add(next(filter(None, said.groups())))

    def put(self, secret: str, name: str, *, in_groups: bool = False) -> None:
        """Something of the vault is about to be put into a page; ``in_groups``: pages may part its characters."""
        pattern = _GAP.join(map(_character, secret)) if in_groups else _in_any_form(secret)
        self._put_in.add(pattern, f"‹{name}›")

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
