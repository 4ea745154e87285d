"""Who watches which session, and which of them has mouse and keyboard."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from outrider.limits.quotas import Places

__all__ = ["Place", "Viewers"]


@dataclass(eq=False, slots=True)
class Place:
    """One viewer. ``lost`` is called when somebody else takes mouse and keyboard."""

    lost: Callable[[], None]


@dataclass(slots=True)
class _Room:
    places: set[Place] = field(default_factory=set)
    holder: Place | None = None


class Viewers:
    """At most one viewer of a session holds mouse and keyboard: the one who took them last."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._places = Places("SOCKET_LIMIT_REACHED")
        self._rooms: dict[str, _Room] = {}

    @contextmanager
    def joined(self, session_id: str, lost: Callable[[], None]) -> Iterator[Place]:
        """A viewer's place for as long as the block runs. Raises SOCKET_LIMIT_REACHED."""
        with self._places.taken(session_id, self._limit):
            room = self._rooms.setdefault(session_id, _Room())
            place = Place(lost)
            room.places.add(place)
            try:
                yield place
            finally:
                self.release(session_id, place)
                room.places.discard(place)
                if not room.places:
                    del self._rooms[session_id]

    def take(self, session_id: str, place: Place) -> None:
        """Give a viewer mouse and keyboard, and tell whoever had them."""
        room = self._rooms[session_id]
        before, room.holder = room.holder, place
        if before not in (None, place):
            before.lost()

    def release(self, session_id: str, place: Place) -> None:
        """Take them from a viewer, if it has them."""
        room = self._rooms[session_id]
        if room.holder is place:
            room.holder = None

    def holds(self, session_id: str, place: Place) -> bool:
        """Whether this viewer has them."""
        return self._rooms[session_id].holder is place

    def is_held(self, session_id: str) -> bool:
        """Whether any viewer of the session has them."""
        room = self._rooms.get(session_id)
        return room is not None and room.holder is not None
