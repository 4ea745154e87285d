"""The frames of one tab, wherever they run, and the isolated world of each.

A frame of another site runs in a process of its own and has a DevTools session of its own (an OOPIF). Which session
a frame answers on, and in which execution context, is kept here from events alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from outrider.browsers.cdp import Session
from outrider.browsers.script import WORLD

#: Indices of elements are unique per tab: frame ordinal times this, plus the element's number in its frame.
NUMBERS_PER_FRAME: Final = 100_000


@dataclass(slots=True)
class Frame:
    """One frame. ``context`` is the unique id of its isolated world, "" while it has none."""

    id: str
    parent: str
    ordinal: int
    session: Session
    context: str = ""
    #: The same as a number, which is only unique per process.
    context_number: int = 0
    #: Context of the parent in which the owning element knows this frame's ordinal.
    bound_in: str = ""
    #: Highest number that an element of this frame ever got.
    numbered: int = 0


class Frames:
    """All frames of a tab; the main frame's id is the id of the target."""

    def __init__(self, main: str, session: Session) -> None:
        self._by_id: dict[str, Frame] = {}
        self._ordinals: dict[str, int] = {}
        self._main = main
        self.add(main, "", session)

    @property
    def main(self) -> Frame:
        """The top frame."""
        return self._by_id[self._main]

    def __iter__(self) -> Iterator[Frame]:
        return iter(list(self._by_id.values()))

    def get(self, frame_id: str) -> Frame | None:
        """The frame with this id, if the tab has it."""
        return self._by_id.get(frame_id)

    def locate(self, index: int) -> tuple[Frame | None, int]:
        """Frame of an element's index, if the tab still has it, and the element's number there."""
        ordinal, number = divmod(index, NUMBERS_PER_FRAME)
        return next((frame for frame in self._by_id.values() if frame.ordinal == ordinal), None), number

    def add(self, frame_id: str, parent: str, session: Session) -> Frame:
        """A frame appeared, or moved to another session."""
        frame = self._by_id.get(frame_id)
        if frame is None:
            ordinal = self._ordinals.setdefault(frame_id, len(self._ordinals))
            frame = self._by_id[frame_id] = Frame(frame_id, parent, ordinal, session)
        elif frame.session is not session:
            frame.session, frame.context = session, ""
        return frame

    def remove(self, frame_id: str) -> None:
        """A frame is gone, and the frames in it. The main frame stays."""
        for child in [frame.id for frame in self._by_id.values() if frame.parent == frame_id]:
            self.remove(child)
        if frame_id != self._main:
            self._by_id.pop(frame_id, None)

    def drop_session(self, session: Session) -> None:
        """A session ended: its frames answer no more."""
        for frame in self._by_id.values():
            if frame.session is session:
                frame.context = ""

    def handle(self, session: Session, method: str, params: dict[str, Any]) -> None:
        """One event of a session of the tab."""
        match method:
            case "Page.frameAttached":
                self.add(params["frameId"], params["parentFrameId"], session)
            case "Page.frameNavigated":
                self.add(params["frame"]["id"], params["frame"].get("parentId", ""), session)
            case "Page.frameDetached" if params.get("reason") != "swap":
                self.remove(params["frameId"])
            case "Runtime.executionContextCreated":
                self._context_created(session, params["context"])
            case "Runtime.executionContextDestroyed":
                self._context_destroyed(params["executionContextUniqueId"])
            case "Runtime.executionContextsCleared":
                self.drop_session(session)
            case _:
                pass

    def _context_created(self, session: Session, context: dict[str, Any]) -> None:
        if context["name"] == WORLD:
            frame_id = context["auxData"]["frameId"]
            known = self._by_id.get(frame_id)
            frame = self.add(frame_id, known.parent if known else "", session)
            frame.context, frame.context_number = context["uniqueId"], context["id"]

    def _context_destroyed(self, unique_id: str) -> None:
        for frame in self._by_id.values():
            if frame.context == unique_id:
                frame.context = ""
