"""A person's mouse and keyboard as trusted input of a page."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from outrider.browsers.keyboard import key_events
from outrider.protocol.live import Input, Keys, Pointer, Wheel, Write

__all__ = ["Call", "input_calls"]

#: A DevTools method and the parameters of each call, in order.
Call = tuple[str, list[dict[str, Any]]]

_MOUSE: Final = "Input.dispatchMouseEvent"
_POINTER_TYPES: Final = MappingProxyType({"move": "mouseMoved", "down": "mousePressed", "up": "mouseReleased"})
_BUTTON_BITS: Final = MappingProxyType({"none": 0, "left": 1, "right": 2, "middle": 4})


def input_calls(event: Input, width: float, height: float) -> Call:
    """What the event is on a page of that size in CSS pixels. Raises UNPROCESSABLE for a key that is not known."""
    return _CALLS[type(event)](event, width, height)


def _pointer(event: Pointer, width: float, height: float) -> Call:
    call = {
        "type": _POINTER_TYPES[event.action],
        "x": event.x * width,
        "y": event.y * height,
        "button": event.button,
        "buttons": 0 if event.action == "up" else _BUTTON_BITS[event.button],
        "clickCount": event.clicks,
        "modifiers": event.modifiers,
    }
    return _MOUSE, [call]


def _wheel(event: Wheel, width: float, height: float) -> Call:
    place = {"x": event.x * width, "y": event.y * height, "modifiers": event.modifiers}
    return _MOUSE, [{"type": "mouseWheel", "deltaX": event.dx, "deltaY": event.dy, **place}]


def _keys(event: Keys, width: float, height: float) -> Call:
    del width, height
    return "Input.dispatchKeyEvent", key_events(event.keys)


def _write(event: Write, width: float, height: float) -> Call:
    del width, height
    return "Input.insertText", [{"text": event.text}]


_CALLS: Final[Mapping[type[Input], Callable[[Any, float, float], Call]]] = MappingProxyType(
    {Pointer: _pointer, Wheel: _wheel, Keys: _keys, Write: _write}
)
