"""A connection of uvicorn's that answers even what is not HTTP in our way."""

from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from outrider.api.edge import new_request_id
from outrider.api.errors import error_response
from outrider.problems import OutriderError
from outrider.telemetry import get_logger

__all__ = ["Connection"]

#: Room for a request's line and headers; the parser itself would collect them without end.
MAX_HEAD_BYTES: Final = 65_536

log = get_logger(__name__)


class Connection(HttpToolsProtocol):
    """Speaks HTTP/1.1 to one client. What the parser refuses never becomes a request, so it is answered here."""

    _head_bytes: int | None = None

    def data_received(self, data: bytes) -> None:
        """Parse what has arrived, unless the head of a request never ends."""
        if self._head_bytes is not None:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self.send_400_response("")
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """The parser has seen the start of a request."""
        self._head_bytes = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The parser has seen the end of the headers."""
        self._head_bytes = None
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer with the envelope, and close."""
        del msg  # always the same sentence
        request_id = new_request_id()
        log.info("request refused by the parser", request_id=request_id, client=self.client)
        answer = error_response(OutriderError("MALFORMED_REQUEST"), request_id, "")
        headers = [*answer.raw_headers, (b"x-request-id", request_id.encode("ascii")), (b"connection", b"close")]
        head = b"".join(b"%b: %b\r\n" % header for header in headers)
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + head + b"\r\n" + bytes(answer.body))
        self.transport.close()
