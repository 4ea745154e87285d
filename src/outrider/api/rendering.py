"""From the values of the house to the bodies of the wire."""

import base64
from collections.abc import Mapping
from typing import Any

from outrider.interfaces.pages import Screenshot
from outrider.interfaces.sessions import Message, SessionRecord
from outrider.protocol.events import event_data, event_name
from outrider.protocol.schemas import MessageBody, ScreenshotBody, SessionBody
from outrider.protocol.sse import encode
from outrider.sessions.lifecycle import SESSION_STATUS
from outrider.sessions.links import Links

__all__ = ["message_body", "message_frame", "screenshot_body", "session_body"]


def session_body(
    record: SessionRecord, links: Links, base_url: str, restore: Mapping[str, Any] | None = None
) -> SessionBody:
    """A session; ``vnc_url`` is the page of this server that shows its browser. ``restore``: only of a new one."""
    spec = record.spec
    return SessionBody.model_validate(
        {
            "session_id": spec.id,
            "agent_name": spec.agent_name,
            "agent_session_type": spec.agent_session_type,
            "status": SESSION_STATUS[record.state],
            "created_at": record.created_at,
            "environment_id": spec.environment_id,
            "vnc_url": links.vnc_url(record, base_url),
            "goal": spec.goal,
            "restore": restore,
        }
    )


def message_body(message: Message) -> MessageBody:
    """An entry of the log."""
    return MessageBody(
        id=message.id,
        type=message.type.value,
        content=message.content,
        timestamp=message.timestamp,
        metadata=dict(message.metadata),
    )


def message_frame(message: Message) -> bytes:
    """An entry of the log as an event."""
    name = event_name(message.type, message.metadata)
    return encode(name, event_data(message.id, message.type, message.content, message.metadata), message.id)


def screenshot_body(screenshot: Screenshot) -> ScreenshotBody:
    """A picture as a data URL."""
    picture = base64.b64encode(screenshot.jpeg).decode("ascii")
    return ScreenshotBody(screenshot=f"data:image/jpeg;base64,{picture}", url=screenshot.url, title=screenshot.title)
