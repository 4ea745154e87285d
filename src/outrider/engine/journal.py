"""Changes of sessions: made durable by the store, then told to the readers."""

from outrider.engine.background import Background
from outrider.engine.feeds import Feeds
from outrider.interfaces.sessions import Change, Message, SessionRecord, SessionStore

__all__ = ["Journal"]


class Journal:
    """The one way in which this engine changes a session, so that no change escapes the readers."""

    def __init__(self, store: SessionStore, feeds: Feeds, background: Background) -> None:
        self._store = store
        self._feeds = feeds
        self._background = background

    async def apply(self, session_id: str, change: Change) -> tuple[SessionRecord, tuple[Message, ...]]:
        """Apply and publish. A caller who is cancelled meanwhile undoes neither."""
        return await self._background.finish(self._apply(session_id, change))

    async def _apply(self, session_id: str, change: Change) -> tuple[SessionRecord, tuple[Message, ...]]:
        record, messages = await self._store.apply(session_id, change)
        self._feeds.publish(session_id, record.state, messages)
        return record, messages
