"""Colours by their names: what CSS calls them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["hexadecimal"]

_NAMED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "aqua": "00ffff", "black": "000000", "blue": "0000ff", "brown": "a52a2a", "cyan": "00ffff", "fuchsia": "ff00ff",
        "gold": "ffd700", "gray": "808080", "green": "008000", "grey": "808080", "lime": "00ff00", "magenta": "ff00ff",
        "maroon": "800000", "navy": "000080", "olive": "808000", "orange": "ffa500", "pink": "ffc0cb",
        "purple": "800080", "red": "ff0000", "silver": "c0c0c0", "teal": "008080", "turquoise": "40e0d0",
        "violet": "ee82ee", "white": "ffffff", "yellow": "ffff00",
    }
)  # fmt: skip


def hexadecimal(name: str) -> str:
    """``ff0000`` for "red", and for "#FF0000"; "" for what is no colour."""
    plain = name.strip().lower().removeprefix("#")
    is_code = len(plain) == 6 and all(sign in "0123456789abcdef" for sign in plain)
    return plain if is_code else _NAMED.get(plain, "")
