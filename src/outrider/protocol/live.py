"""What the live view's page and the server say to each other over the WebSocket; pictures go as binary messages.

Every text message is one JSON object with a ``type``. Positions are shares of the picture's width and height, so that
neither side has to know the other's pixels.
"""

from typing import Annotated, Any, Final, Literal

import msgspec
import orjson
from msgspec import Meta, Struct

from outrider.problems import OutriderError

__all__ = [
    "MAX_VIEWER_MESSAGE_BYTES",
    "Bye",
    "Control",
    "GiveBack",
    "Input",
    "Keys",
    "Notice",
    "PageState",
    "Pick",
    "Picker",
    "PickerOption",
    "PickerState",
    "Pointer",
    "SessionState",
    "Shown",
    "TakeOver",
    "Token",
    "ViewerMessage",
    "Wheel",
    "Write",
    "parse_viewer_message",
    "to_json",
]

MAX_VIEWER_MESSAGE_BYTES: Final = 65_536

_Share = Annotated[float, Meta(ge=0, le=1)]
_Pixels = Annotated[float, Meta(ge=-10_000, le=10_000)]
_Modifiers = Annotated[int, Meta(ge=0, le=15)]


class _FromViewer(Struct, frozen=True, tag_field="type", tag=lambda name: name.lower()):
    pass


class Token(_FromViewer, frozen=True):
    """The first message: who the viewer is."""

    token: Annotated[str, Meta(max_length=2000)]


class Shown(_FromViewer, frozen=True):
    """The last picture has been drawn: the next one may come."""


class TakeOver(_FromViewer, frozen=True, tag="take_over"):
    """Hold the agent, and give this viewer mouse and keyboard."""


class GiveBack(_FromViewer, frozen=True, tag="give_back"):
    """Let the agent go on."""


class Pointer(_FromViewer, frozen=True):
    """The mouse, or a finger."""

    action: Literal["move", "down", "up"]
    x: _Share
    y: _Share
    button: Literal["none", "left", "middle", "right"] = "none"
    #: How many presses in quick succession: 2 is a double click.
    clicks: Annotated[int, Meta(ge=0, le=3)] = 0
    #: DevTools' bits: Alt 1, Control 2, Meta 4, Shift 8.
    modifiers: _Modifiers = 0


class Wheel(_FromViewer, frozen=True):
    """The mouse wheel, in CSS pixels."""

    x: _Share
    y: _Share
    dx: _Pixels = 0
    dy: _Pixels = 0
    modifiers: _Modifiers = 0


class Keys(_FromViewer, frozen=True):
    """A key or a chord, pressed and released: ``a``, ``Enter``, ``Control+c``."""

    keys: Annotated[str, Meta(min_length=1, max_length=40)]


class Write(_FromViewer, frozen=True):
    """Text as from an input method or the clipboard."""

    text: Annotated[str, Meta(min_length=1, max_length=10_000)]


class Pick(_FromViewer, frozen=True):
    """What was chosen for a field that a ``Picker`` told of: the number of an option, or a text."""

    index: Annotated[int, Meta(ge=0)]
    value: Annotated[str, Meta(max_length=200)]


Input = Pointer | Wheel | Keys | Write
ViewerMessage = Token | Shown | TakeOver | GiveBack | Pick | Input

_decoder: Final = msgspec.json.Decoder[ViewerMessage](ViewerMessage)


class _ToViewer(Struct, frozen=True, tag_field="type", tag=lambda name: name.lower()):
    pass


class SessionState(_ToViewer, frozen=True, tag="session"):
    """Where the session's task is, and what its log said last."""

    status: str
    step: str


class PageState(_ToViewer, frozen=True, tag="page"):
    """The address of the page that is shown."""

    url: str


class Control(_ToViewer, frozen=True):
    """Whether this viewer may take over, and whether it has."""

    allowed: bool
    held: bool


class PickerOption(Struct, frozen=True):
    """One of a list."""

    label: str
    #: Of the group that it is in, or nothing.
    group: str = ""
    disabled: bool = False


class Picker(Struct, frozen=True):
    """A field whose list, calendar or palette a browser draws in a window of its own, which no picture shows."""

    #: Of the element, as in observations.
    index: int
    #: ``select``, or the type of an input: ``date``, ``time``, ``datetime-local``, ``month``, ``week``, ``color``.
    kind: str
    label: str
    #: The number of the chosen option (-1: none), or the input's value.
    value: str
    options: tuple[PickerOption, ...] = ()
    #: The viewer has just asked for the browser's window.
    asked: bool = False


class PickerState(_ToViewer, frozen=True, tag="picker"):
    """The field of that kind that has the focus; for the viewer who has mouse and keyboard."""

    picker: Picker | None


class Notice(_ToViewer, frozen=True):
    """Something did not work; the view goes on."""

    error: dict[str, Any]


class Bye(_ToViewer, frozen=True):
    """The last message: why the view ends. ``again``: connecting once more may help."""

    error: dict[str, Any]
    again: bool


def parse_viewer_message(text: str | bytes | None) -> ViewerMessage:
    """What a viewer said. Raises SOCKET_MESSAGE_INVALID."""
    if text is None or isinstance(text, bytes):
        raise OutriderError("SOCKET_MESSAGE_INVALID", reason="it is binary, and no text.")
    if len(text.encode("utf-8", "replace")) > MAX_VIEWER_MESSAGE_BYTES:
        raise OutriderError("SOCKET_MESSAGE_INVALID", reason=f"it is longer than {MAX_VIEWER_MESSAGE_BYTES} bytes.")
    try:
        message: ViewerMessage = _decoder.decode(text)
    except msgspec.ValidationError as error:
        raise OutriderError("SOCKET_MESSAGE_INVALID", reason=f"{error}.") from error
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise OutriderError("SOCKET_MESSAGE_INVALID", reason="it is not JSON.") from error
    return message


def to_json(message: SessionState | PageState | Control | PickerState | Notice | Bye) -> str:
    """A message to the viewer as it travels."""
    return orjson.dumps(msgspec.to_builtins(message)).decode()
