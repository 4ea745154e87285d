"""Texts that are not to be shown, found in whatever way a page writes them, and replaced wherever they are."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html.entities import codepoint2name
from typing import Any, Final
from urllib.parse import quote, unquote

import msgspec
from msgspec import structs

from outrider.problems import OutriderError

__all__ = ["Masks"]

#: Shorter ones are masked only where they stand alone: they are parts of too many words and numbers.
_PLAIN_CHARACTERS: Final = 4
#: What pages put between the groups of a number.
_GAP: Final = r"(?:[ \-.+\u00a0\u202f]|%20){0,3}"
#: Fields of what a page shows that hold a word of ours or of a standard: where somebody's password is “button”, a
#: button stays one, and a field for passwords is still known to be one where it is “password”.
_OUR_WORDS: Final = frozenset({"role", "tag", "kind", "states", "region", "rule"})
#: What JSON and JavaScript write with a backslash.
_BACKSLASHED: Final = frozenset("\"'`/\\")
#: What JavaScript also writes with two digits is below.
_LATIN: Final = 0x100
_PIECES: Final = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class _Mask:
    pattern: str
    shown: str
    #: What a text has to have, in small letters and without the encoding of addresses, to be looked through at all.
    piece: str


class Masks:
    """A list of texts, with what is shown for each. Looking through a text costs little until it has one of them."""

    def __init__(self) -> None:
        self._masks: dict[str, _Mask] = {}

    def add(self, secret: str, shown: str, *, in_groups: bool = False) -> None:
        """``in_groups``: pages may part its characters."""
        pattern = (_GAP if in_groups else "").join(map(_character, secret))
        if len(secret) < _PLAIN_CHARACTERS:
            pattern = rf"(?<!\w){pattern}(?!\w)"
        # A “%” may be taken for the encoding of what follows: then nothing tells beforehand.
        pieces = [] if in_groups or "%" in secret else _PIECES.findall(secret)
        self._masks.setdefault(pattern, _Mask(pattern, shown, max(pieces, key=len, default="").lower()))

    def apply(self, value: Any) -> Any:
        """A copy of a text, of JSON, of a struct or of a problem, without them; anything else as it is."""
        return self._applied(value) if self._masks else value

    def _applied(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._masked(value)
        if isinstance(value, Mapping):
            return {name: self._applied(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(map(self._applied, value))
        if isinstance(value, msgspec.Struct):
            return structs.replace(value, **{name: self._applied(item) for name, item in _fields(value)})
        if isinstance(value, OutriderError):
            return OutriderError(value.code, **self._applied(value.facts))
        return value

    def _masked(self, text: str) -> str:
        lower = text.lower()
        plain = f"{lower}\n{unquote(lower)}" if "%" in lower else lower
        found = [mask for mask in self._masks.values() if mask.piece in plain]
        if not found:
            return text
        found.sort(key=lambda mask: len(mask.pattern), reverse=True)
        pattern = re.compile("|".join(f"({mask.pattern})" for mask in found))
        return pattern.sub(lambda place: found[(place.lastindex or 1) - 1].shown, text)


def _fields(value: msgspec.Struct) -> Iterable[tuple[str, Any]]:
    return ((name, getattr(value, name)) for name in value.__struct_fields__ if name not in _OUR_WORDS)


def _character(character: str) -> str:
    """A pattern for one character: as it is, or as addresses, HTML, JSON and JavaScript carry it."""
    encoded = quote(character, safe="", errors="replace")
    if not encoded.startswith("%"):
        encoded = f"%{ord(character):02X}"
    again = encoded.replace("%", "%(?:25)*")  # an address within an address
    ways = [re.escape(character), f"(?i:{again})"]
    if not (character.isascii() and character.isalnum()):
        ways += _escaped(character)
    return f"(?:{'|'.join(ways)})"


def _escaped(character: str) -> Iterable[str]:
    code = ord(character)
    numbers = f"#0*{code};|#[xX]0*(?i:{code:x});"
    name = codepoint2name.get(code, "apos" if character == "'" else "")
    names = f"{name};|{numbers}" if name else numbers
    yield f"&(?:amp;)*(?:{names})"  # escaped twice, as texts of errors are
    units = re.findall("....", character.encode("utf-16-be", "surrogatepass").hex())
    yield "".join(rf"\\+u(?i:{unit})" for unit in units)
    if code < _LATIN:
        yield rf"\\+x(?i:{code:02x})"
    if character == " ":
        yield r"\+"
    if character in _BACKSLASHED:
        yield r"\\+" + re.escape(character)
