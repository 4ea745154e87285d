"""Which part of a session's log a reader sees."""

from dataclasses import dataclass

from outrider.interfaces.sessions import Message
from outrider.protocol.events import event_name, is_hidden

__all__ = ["View"]


@dataclass(frozen=True, slots=True)
class View:
    """Which messages a reader wants: sanitized ones only, and of these kinds of event (None: all)."""

    sanitize: bool = True
    event_names: frozenset[str] | None = None

    def shows(self, message: Message) -> bool:
        """Whether the message is part of the view."""
        if self.sanitize and is_hidden(message.metadata):
            return False
        return self.event_names is None or event_name(message.type, message.metadata) in self.event_names
