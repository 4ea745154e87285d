"""Which events a change of a session is, and their payloads (reference page ``agi-sessions``, section 7).

Every ``task.started`` is followed by one of ``task.question``, ``task.completed``, ``task.error`` or, when the session
is deleted under the task, ``session.deleted``. So an addition to a running task is no event, and the answer to a
question is ``task.started`` again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from outrider.interfaces.sessions import Message, MessageType, SessionRecord, State
from outrider.protocol.events import text_of
from outrider.protocol.times import milliseconds
from outrider.sessions.lifecycle import ENDED, SESSION_STATUS, UNDER_WAY

__all__ = ["EVENTS", "SessionEvent", "events_of"]

#: Every name that an endpoint may ask for.
EVENTS: Final = (
    "session.created",
    "session.status_changed",
    "session.deleted",
    "task.started",
    "task.completed",
    "task.question",
    "task.error",
)

_GOES_ON: Final = frozenset({State.RUNNING, State.PAUSED})


@dataclass(frozen=True, slots=True)
class SessionEvent:
    """Something that a receiver is told, with its payload but for ``session.vnc_url``."""

    name: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Happening:
    """A change of a session: before, after, and what it added to the log."""

    before: SessionRecord
    after: SessionRecord
    messages: tuple[Message, ...]

    @property
    def shown(self) -> SessionRecord:
        """The session as the event shows it: at its end, as it last was."""
        return self.before if self.after.state in ENDED else self.after


#: Fields that an event adds to every event's; None when it did not happen after all.
_Extras = Callable[[_Happening], dict[str, Any] | None]


def events_of(
    before: SessionRecord, event: str, after: SessionRecord, messages: tuple[Message, ...]
) -> tuple[SessionEvent, ...]:
    """What the lifecycle event ``event`` is to receivers, in order; often nothing."""
    happening = _Happening(before, after, messages)
    created = before.state is State.INITIALIZING and after.state is not State.INITIALIZING
    names = (("session.created",) if created else ()) + _NAMES.get(event, ())
    found = ((name, _EXTRAS[name](happening)) for name in names)
    return tuple(SessionEvent(name, _payload(name, happening, extras)) for name, extras in found if extras is not None)


def _payload(name: str, happening: _Happening, extras: dict[str, Any]) -> dict[str, Any]:
    shown = happening.shown
    return {
        "event": name,
        "timestamp": milliseconds(happening.after.updated_at),
        "session_id": shown.id,
        "session": {
            "id": shown.id,
            "status": extras.pop("status", SESSION_STATUS[shown.state]),
            "agent_name": shown.spec.agent_name,
            "created_at": milliseconds(shown.created_at),
        },
        **extras,
    }


def _nothing(happening: _Happening) -> dict[str, Any]:
    del happening
    return {}


def _status_changed(happening: _Happening) -> dict[str, Any]:
    new = SESSION_STATUS[happening.after.state]
    return {"status": new, "old_status": SESSION_STATUS[happening.before.state], "new_status": new}


def _started(happening: _Happening) -> dict[str, Any] | None:
    if happening.before.state in _GOES_ON:
        return None
    message = _latest(happening, MessageType.USER)
    return None if message is None else {"message": text_of(message.content)}


def _completed(happening: _Happening) -> dict[str, Any] | None:
    message = _latest(happening, MessageType.DONE)
    if message is None:
        return None
    content = message.content
    plain = {"status": "success", "message": text_of(content), "content": content}
    return {"result": content if isinstance(content, dict) else plain}


def _asked(happening: _Happening) -> dict[str, Any] | None:
    message = _latest(happening, MessageType.QUESTION)
    return None if message is None else {"question": text_of(message.content), "context": dict(message.metadata)}


def _failed(happening: _Happening) -> dict[str, Any] | None:
    message = _latest(happening, MessageType.ERROR)
    if message is None or happening.before.state not in UNDER_WAY:
        return None
    return {"error": text_of(message.content), "details": dict(message.metadata)}


def _latest(happening: _Happening, kind: MessageType) -> Message | None:
    return next((message for message in reversed(happening.messages) if message.type is kind), None)


#: Event of the lifecycle -> events of the wire. Any event that ends the start is ``session.created`` before these.
_NAMES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "broke": ("session.status_changed",),
        "message": ("task.started",),
        "asked": ("task.question",),
        "finished": ("task.completed",),
        "failed": ("task.error",),
        "interrupted": ("task.error",),
        "pause": ("session.status_changed",),
        "resume": ("session.status_changed",),
        "cancel": ("task.error", "session.status_changed"),
        "expire": ("task.error", "session.status_changed"),
        "close": ("task.error", "session.status_changed"),
        "delete": ("session.deleted",),
    }
)

_EXTRAS: Final[Mapping[str, _Extras]] = MappingProxyType(
    {
        "session.created": _nothing,
        "session.status_changed": _status_changed,
        "session.deleted": _nothing,
        "task.started": _started,
        "task.completed": _completed,
        "task.question": _asked,
        "task.error": _failed,
    }
)
