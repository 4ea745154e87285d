"""What a message of a session's log looks like as an event, and which messages a sanitized view leaves out.

The name of an event is the type of its message in lower case; a LOG is called what its ``metadata["event"]`` says
when that is ``step``, ``paused`` or ``resumed``. The fields follow the reference page ``agi-sessions``, section 5.

A sanitized view (the default on the wire) leaves out the messages whose metadata has ``"internal": true`` (prompts
and notes of the system) or ``"image": true`` (pictures of the page). Steps, pauses and all other entries stay.
"""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

__all__ = ["EVENT_NAMES", "Content", "event_data", "event_name", "is_hidden", "text_of"]

Content = str | dict[str, Any] | list[Any]

#: Every name that a client may ask for; heartbeats come in any case.
EVENT_NAMES: Final = frozenset(
    {"step", "thought", "question", "done", "error", "log", "paused", "resumed", "user", "heartbeat"}
)
_LOG_EVENTS: Final = ("step", "paused", "resumed")
_HIDING_MARKS: Final = ("internal", "image")


def event_name(message_type: str, metadata: Mapping[str, Any]) -> str:
    """``THOUGHT`` -> ``thought``; ``LOG`` -> ``step``, ``paused``, ``resumed`` or ``log``."""
    if message_type == "LOG" and metadata.get("event") in _LOG_EVENTS:
        return str(metadata["event"])
    return message_type.lower()


def is_hidden(metadata: Mapping[str, Any]) -> bool:
    """Whether a sanitized view leaves the message out."""
    return any(metadata.get(mark) is True for mark in _HIDING_MARKS)


def text_of(content: Content) -> str:
    """The content as one string: text as it is, anything else as JSON."""
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)


def event_data(message_id: int, message_type: str, content: Content, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The data of the event: always ``text`` and ``message_id``, and what its type adds."""
    add = _ADDITIONS.get(message_type, _plain)
    return {"text": text_of(content), "message_id": message_id} | add(content, metadata)


def _plain(content: Content, metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {"content": content, "metadata": dict(metadata)}


def _done(content: Content, metadata: Mapping[str, Any]) -> dict[str, Any]:
    result = content if isinstance(content, dict) else {"content": content}
    return {"result": result, "metadata": dict(metadata)}


def _error(content: Content, metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {**metadata, "error": text_of(content), "status_code": metadata.get("status_code", 500)}


_ADDITIONS: Final[Mapping[str, Callable[[Content, Mapping[str, Any]], dict[str, Any]]]] = MappingProxyType(
    {"THOUGHT": lambda _content, _metadata: {}, "QUESTION": _plain, "DONE": _done, "ERROR": _error}
)
