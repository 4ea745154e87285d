"""uvicorn's WebSocket, which holds no more than its path is for and does not wait for a client that reads no more."""

from typing import Final

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from outrider.api.edge import new_request_id
from outrider.problems import OutriderError
from outrider.server.connection import refusal

__all__ = ["MAX_MESSAGE_BYTES", "Socket"]

#: The longest text that a viewer may type in one message, with each character escaped. Who has not shown a token yet
#: can make the server hold as much, and no more.
MAX_MESSAGE_BYTES: Final = 131_072
#: DevTools clients send whole documents. They are let in by their address, before they send anything.
_MAX_DEVTOOLS_BYTES: Final = 16_777_216
_DEVTOOLS_PATH: Final = "/devtools/browser"
#: Time for the last words to reach the client, and for its own.
_LINGER_SECONDS: Final = 5.0


class Socket(WebSocketsSansIOProtocol):
    """Closed for good shortly after the app has finished with it."""

    def data_received(self, data: bytes) -> None:
        """Take what has arrived. uvicorn would leave a client waiting whose handshake can't be read."""
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated and not self.transport.is_closing():
            self.transport.write(refusal(OutriderError("MALFORMED_REQUEST"), new_request_id()))
            self.transport.close()

    def handle_connect(self, event: Request) -> None:
        """The head of the handshake is there; no message is yet."""
        if event.path.partition("?")[0].endswith(_DEVTOOLS_PATH):
            self.conn.max_message_size = _MAX_DEVTOOLS_BYTES
        super().handle_connect(event)

    def handle_ping(self) -> None:
        """Answer, unless earlier answers still wait: they would pile up for a client that asks and does not read."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()

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
