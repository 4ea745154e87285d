"""A WebSocket connection of uvicorn's that does not linger when its client has stopped reading."""

from typing import Final

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

__all__ = ["MAX_MESSAGE_BYTES", "Socket"]

#: A DevTools client may send a whole document in one message; the live view takes far smaller ones.
MAX_MESSAGE_BYTES: Final = 16_777_216
#: Time for the last words to reach the client, and for its own.
_LINGER_SECONDS: Final = 5.0


class Socket(WebSocketsSansIOProtocol):
    """Closed for good shortly after the app has finished with it."""

    async def run_asgi(self) -> None:
        """Run the app; afterwards what a client does not take is thrown away."""
        try:
            await super().run_asgi()
        finally:
            self.loop.call_later(_LINGER_SECONDS, self._cut)

    async def send(self, message: ASGISendEvent) -> None:
        """Take a message of the app. A handshake that was answered with a refusal is over, and no fault of the app."""
        await super().send(message)
        if self.close_sent:
            self.handshake_complete = True

    def _cut(self) -> None:
        if not self.disconnected:
            self.transport.abort()
