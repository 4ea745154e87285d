"""What is new in sessions, for those who read along.

The store is the truth; a feed only says that it has changed, and holds the latest messages so that many live readers
don't each ask the store for the same ones. A feed lives as long as somebody reads it. Nothing waits for a reader: a
slow one falls back to the store.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Final

from outrider.engine.bell import Bell
from outrider.interfaces.sessions import Message, State

__all__ = ["Feed", "Feeds"]

#: Latest messages that a feed holds.
RECENT: Final = 64


class Feed:
    """The news of one session."""

    def __init__(self) -> None:
        self.bell = Bell()
        self.closed = False
        self.readers = 0
        #: The session's, since its last change; None before one was told of.
        self.state: State | None = None
        self._last_id = 0
        self._recent: deque[Message] = deque(maxlen=RECENT)

    def publish(self, state: State, messages: Sequence[Message]) -> None:
        """Tell readers of a change: the state after it, and the messages that it appended, if any."""
        self.state = state
        for message in messages:
            if self._recent and message.id != self._recent[-1].id + 1:
                self._recent.clear()
            self._recent.append(message)
            self._last_id = max(self._last_id, message.id)
        self.bell.ring()

    def close(self) -> None:
        """No more news will come."""
        self.closed = True
        self.bell.ring()

    def since(self, after: int) -> tuple[Message, ...] | None:
        """Messages above ``after``, or None when the store has to be asked."""
        if self._last_id and after >= self._last_id:
            return ()
        if not self._recent or self._recent[0].id > after + 1:
            return None
        return tuple(islice(self._recent, after + 1 - self._recent[0].id, None)) or None

    async def changed(self, seen: int) -> bool:
        """Wait until the bell has rung more often than ``seen``; False at once when no more news will come."""
        if self.closed and self.bell.rings == seen:
            return False
        await self.bell.wait(seen)
        return True


class Feeds:
    """The feeds that somebody reads, by session."""

    def __init__(self) -> None:
        self._feeds: dict[str, Feed] = {}
        self._closed = False

    @contextmanager
    def join(self, session_id: str) -> Iterator[Feed]:
        """The session's feed, kept for as long as the block runs."""
        feed = self._feeds.setdefault(session_id, Feed())
        feed.closed = self._closed
        feed.readers += 1
        try:
            yield feed
        finally:
            feed.readers -= 1
            if not feed.readers:
                self._feeds.pop(session_id, None)

    def publish(self, session_id: str, state: State, messages: Sequence[Message]) -> None:
        """Tell the session's readers, if it has any."""
        feed = self._feeds.get(session_id)
        if feed is not None:
            feed.publish(state, messages)

    def close(self) -> None:
        """Let all readers come to the end of what is stored."""
        self._closed = True
        for feed in self._feeds.values():
            feed.close()
