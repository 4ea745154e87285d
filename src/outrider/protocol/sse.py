"""Frames of an event stream, out and in (WHATWG server-sent events).

A frame always names its event and carries one line of JSON: some clients glue the data of a frame without a name to
the next one, or join several data lines in their own way. The JSON is ASCII, because clients that split lines as
Python's ``str.splitlines`` does would cut it at U+0085, U+2028 and U+2029, and some take text without a charset for
Latin-1.
"""

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

__all__ = ["AFTER_ID_HEADER", "Frame", "FrameParser", "encode", "heartbeat"]

#: Of the answer that carries a stream: the id after which it begins, for clients that ask for new messages only and
#: have to connect again before the first one came.
AFTER_ID_HEADER: Final = "X-After-Id"

_LINE_END: Final = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Frame:
    """One event of a stream. ``data`` is the JSON text of an object."""

    event: str
    data: str
    #: Message id; None for frames that are no message (heartbeat, error of the stream itself).
    id: int | None = None

    def json(self) -> dict[str, Any]:
        """The data as an object; another JSON value stands under ``content``. Raises ValueError for no JSON."""
        value = json.loads(self.data)
        return value if isinstance(value, dict) else {"content": value}


def encode(event: str, data: Mapping[str, Any], message_id: int | None = None) -> bytes:
    """A frame as bytes, blank line included."""
    text = json.dumps(data, separators=(",", ":"), default=str)
    head = "" if message_id is None else f"id: {message_id}\n"
    return f"{head}event: {event}\ndata: {text}\n\n".encode("ascii")


def heartbeat(now: datetime) -> bytes:
    """A frame that only says that the stream is alive; it has no id."""
    return encode("heartbeat", {"timestamp": now.strftime("%Y-%m-%dT%H:%M:%SZ")})


class FrameParser:
    """Turns the bytes of a stream into frames, wherever they are cut.

    Lines may end with LF, CR or CRLF; comments, ``retry`` and unknown fields are skipped; a frame without data is
    none; the last frame counts only when its blank line arrived.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._buffer = ""
        self._event = ""
        self._data: list[str] = []
        self._id: int | None = None

    def feed(self, chunk: bytes) -> Iterator[Frame]:
        """The frames that are complete with this chunk."""
        self._buffer += self._decoder.decode(chunk)
        while (end := self._line_end()) is not None:
            line, self._buffer = self._buffer[: end.start()], self._buffer[end.end() :]
            if line:
                self._field(line)
            elif (frame := self._finish()) is not None:
                yield frame

    def _line_end(self) -> re.Match[str] | None:
        """The next end of a line; a CR at the very end may be half of a CRLF, so it has to wait."""
        found = _LINE_END.search(self._buffer)
        return None if found and found.group() == "\r" and found.end() == len(self._buffer) else found

    def _field(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._event = value
        elif name == "data":
            self._data.append(value)
        elif name == "id" and value.isdecimal():
            self._id = int(value)

    def _finish(self) -> Frame | None:
        event, data, message_id = self._event or "message", self._data, self._id
        self._event, self._data, self._id = "", [], None
        return Frame(event, "\n".join(data), message_id) if data else None
