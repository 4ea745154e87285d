"""Looking at a session's browser, and reaching into it, while its agent works with it."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from outrider.protocol.live import Input, Pick, Picker


class LiveView(Protocol):
    """The current page of a browser, for people. Any number of viewers share one screencast."""

    @property
    def url(self) -> str:
        """Address of the current page."""
        ...

    def pictures(self) -> AsyncGenerator[bytes, None]:
        """The page as JPEG each time it has changed, beginning with how it is now; older ones are left out.

        The browser draws for viewers only while somebody iterates. Close the iterator (``aclosing``). Raises
        BROWSER_CRASHED when the browser ends or is closed.
        """
        ...

    async def enter(self, event: Input) -> None:
        """Mouse and keyboard, as trusted input of the current page. Raises PAGE_UNRESPONSIVE, PAGE_CRASHED."""
        ...

    async def picker(self) -> Picker | None:
        """The field that has the focus, if the browser would draw a window of its own for it.

        That window is closed, since nobody can see it: then the picker is ``asked`` for. Raises as ``enter`` does.
        """
        ...

    async def pick(self, choice: Pick) -> None:
        """Set such a field. Raises ELEMENT_GONE, ELEMENT_NOT_ACTIONABLE."""
        ...


class DevTools(Protocol):
    """One client's own DevTools connection to a browser: JSON messages as on a browser's WebSocket."""

    async def send(self, message: str) -> None:
        """Carry out one command of the client, or answer it with a refusal. Raises SOCKET_MESSAGE_INVALID."""
        ...

    async def receive(self) -> bytes:
        """The next message for the client. Raises SOCKET_TOO_SLOW when too many wait, BROWSER_CRASHED at the end."""
        ...


class Inspectable(Protocol):
    """A browser, as people and their tools see it."""

    @property
    def live_view(self) -> LiveView: ...

    def devtools(self) -> AbstractAsyncContextManager[DevTools]:
        """A connection for one DevTools client; what it attached to is let go at the end."""
        ...

    async def version(self) -> dict[str, str]:
        """What ``/json/version`` says: ``Browser``, ``Protocol-Version``, ``User-Agent``, ``V8-Version``."""
        ...
