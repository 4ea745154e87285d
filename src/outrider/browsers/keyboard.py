"""Keys by name, as ``KeyboardEvent.key`` and Playwright write them, and the events that press them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from outrider.problems import OutriderError


@dataclass(frozen=True, slots=True)
class Key:
    """One key: DOM ``key`` and ``code``, Windows virtual key code, the text that it types."""

    key: str
    code: str
    virtual: int
    text: str = ""


#: DevTools' modifier bits.
MODIFIERS: Final[Mapping[str, int]] = MappingProxyType({"Alt": 1, "Control": 2, "Meta": 4, "Shift": 8})
_ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ctrl": "Control", "cmd": "Meta", "command": "Meta", "option": "Alt", "esc": "Escape", "return": "Enter",
        "del": "Delete", "up": "ArrowUp", "down": "ArrowDown", "left": "ArrowLeft", "right": "ArrowRight",
        "space": "Space", "pgup": "PageUp", "pgdn": "PageDown", "controlormeta": "Control",
    }
)  # fmt: skip
_NAMED: Final = (
    Key("Enter", "Enter", 13, "\r"), Key("Tab", "Tab", 9), Key("Escape", "Escape", 27),
    Key("Backspace", "Backspace", 8), Key("Delete", "Delete", 46), Key("Insert", "Insert", 45),
    Key("ArrowLeft", "ArrowLeft", 37), Key("ArrowUp", "ArrowUp", 38), Key("ArrowRight", "ArrowRight", 39),
    Key("ArrowDown", "ArrowDown", 40), Key("PageUp", "PageUp", 33), Key("PageDown", "PageDown", 34),
    Key("End", "End", 35), Key("Home", "Home", 36), Key("Control", "ControlLeft", 17), Key("Shift", "ShiftLeft", 16),
    Key("Alt", "AltLeft", 18), Key("Meta", "MetaLeft", 91),
    *(Key(f"F{number}", f"F{number}", 111 + number) for number in range(1, 13)),
)  # fmt: skip
_SIGNS: Final[Mapping[str, tuple[str, int]]] = MappingProxyType(
    {
        "-": ("Minus", 189), "=": ("Equal", 187), "[": ("BracketLeft", 219), "]": ("BracketRight", 221),
        "\\": ("Backslash", 220), ";": ("Semicolon", 186), "'": ("Quote", 222), ",": ("Comma", 188),
        ".": ("Period", 190), "/": ("Slash", 191), "`": ("Backquote", 192),
    }
)  # fmt: skip
_BY_NAME: Final[Mapping[str, Key]] = MappingProxyType(
    {key.key.lower(): key for key in _NAMED} | {"space": Key(" ", "Space", 32, " ")}
)
#: Editing commands that Chromium leaves to the platform's key bindings.
_COMMANDS: Final[Mapping[str, str]] = MappingProxyType({"a": "selectAll", "c": "copy", "v": "paste", "x": "cut"})


def parse_chord(keys: str) -> tuple[tuple[Key, ...], Key]:
    """Modifiers and main key of ``Control+Shift+a``. Raises UNPROCESSABLE for a key that is not known."""
    *held, last = _split(keys)
    modifiers = tuple(_key(name) for name in held)
    if any(key.key not in MODIFIERS for key in modifiers):
        raise _unknown(keys)
    return modifiers, _key(last)


def key_events(keys: str) -> list[dict[str, Any]]:
    """Parameters of the ``Input.dispatchKeyEvent`` calls that press and release a chord."""
    held, main = parse_chord(keys)
    events, bits = [], 0
    for key in held:
        bits |= MODIFIERS[key.key]
        events.append(_event("rawKeyDown", key, bits))
    events += _press(main, bits)
    for key in reversed(held):
        bits &= ~MODIFIERS[key.key]
        events.append(_event("keyUp", key, bits))
    return events


def _press(key: Key, bits: int) -> list[dict[str, Any]]:
    shift, command_bits = MODIFIERS["Shift"], MODIFIERS["Control"] | MODIFIERS["Meta"]
    text = "" if bits & ~shift else key.text
    down = _event("keyDown" if text else "rawKeyDown", key, bits)
    if text:
        down |= {"text": text, "unmodifiedText": text}
    if bits & command_bits and (command := _COMMANDS.get(key.key.lower())):
        down["commands"] = [command]
    return [down, _event("keyUp", key, bits)]


def _event(kind: str, key: Key, bits: int) -> dict[str, Any]:
    return {
        "type": kind,
        "modifiers": bits,
        "key": key.key,
        "code": key.code,
        "windowsVirtualKeyCode": key.virtual,
        "nativeVirtualKeyCode": key.virtual,
    }


def _split(keys: str) -> list[str]:
    """``Control++`` presses plus with Control."""
    if keys == "+" or keys.endswith("++"):
        return [*(part for part in keys[:-1].split("+") if part), "+"]
    return keys.split("+")


def _key(name: str) -> Key:
    known = _BY_NAME.get(_ALIASES.get(name.lower(), name).lower())
    if known:
        return known
    if len(name) != 1 or not name.isprintable():
        raise _unknown(name)
    if name.isascii() and name.isalpha():
        return Key(name, f"Key{name.upper()}", ord(name.upper()), name)
    if name.isascii() and name.isdigit():
        return Key(name, f"Digit{name}", ord(name), name)
    code, virtual = _SIGNS.get(name, ("", 0))
    return Key(name, code, virtual, name)


def _unknown(keys: str) -> OutriderError:
    return OutriderError("UNPROCESSABLE", summary=f"“{keys}” is not a key or a chord of keys")
