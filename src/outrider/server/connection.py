"""A connection of uvicorn's that waits for no client for ever, and answers even what is not HTTP in our way."""

import asyncio
from collections import deque
from http import HTTPStatus
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from outrider.api.edge import new_request_id
from outrider.api.errors import error_response
from outrider.problems import OutriderError
from outrider.telemetry import get_logger

__all__ = ["connection_type", "refusal"]

#: Room for a request's line and headers, and for anything else between two pieces of a body; the parser itself would
#: collect headers and trailers without end.
MAX_HEAD_BYTES: Final = 65_536
#: What is taken in of a body after its request was answered. Clients that send first and read then get the answer.
MAX_UNREAD_BYTES: Final = 16_777_216

log = get_logger(__name__)


def connection_type(request_seconds: float) -> type["Connection"]:
    """The protocol for uvicorn.

    Clients have so long to send the head of a request, or the rest of an answered one, and to go on reading an answer.
    """
    return type("LimitedConnection", (Connection,), {"request_seconds": request_seconds})


class Connection(HttpToolsProtocol):
    """Speaks HTTP/1.1 to one client. What the parser refuses never becomes a request, so it is answered here."""

    request_seconds: float

    _deadline: asyncio.TimerHandle | None = None
    #: Of a client that has not read what it was sent.
    _reading_deadline: asyncio.TimerHandle | None = None
    _in_head = False
    _bytes_outside_bodies = 0
    _unread_bytes = 0
    _is_upgraded = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as the base class
        """A client has come; it has to say something."""
        super().connection_made(transport)
        #: Requests without a whole answer, the oldest first.
        self._unanswered = deque[RequestResponseCycle]()
        self._set_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._clear_deadline()
        self._clear_reading_deadline()
        for cycle in self._unanswered:  # uvicorn tells the last one only, and others would go on to write
            cycle.disconnected = True
            cycle.message_event.set()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """More waits for the client than it is to be given: whoever reads nothing would hold its request for ever."""
        super().pause_writing()
        self._reading_deadline = self.loop.call_later(self.request_seconds, self._cut_off)

    def resume_writing(self) -> None:
        """The client has read."""
        self._clear_reading_deadline()
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        """Parse what has arrived, unless the head of a request or the trailer of a body never ends."""
        self._bytes_outside_bodies += len(data)
        super().data_received(data)
        if self.transport.is_closing() or self._is_upgraded:
            return
        if self._bytes_outside_bodies > MAX_HEAD_BYTES:
            self._refuse(OutriderError("MALFORMED_REQUEST"))
        elif self.cycle is None or self.cycle.response_complete:
            self._set_deadline()

    def on_message_begin(self) -> None:
        """The parser has seen the start of a request."""
        self._in_head = True
        self._bytes_outside_bodies = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The parser has seen the end of the headers."""
        self._in_head = False
        self._bytes_outside_bodies = 0
        self._clear_deadline()
        before = self.cycle
        super().on_headers_complete()
        if self.cycle is not before:
            self._unanswered.append(self.cycle)

    def on_body(self, body: bytes) -> None:
        """The parser has seen a piece of a body."""
        self._bytes_outside_bodies = 0
        super().on_body(body)
        if self.cycle.response_complete:
            self._unread_bytes += len(body)
            if self._unread_bytes > MAX_UNREAD_BYTES:
                self.transport.close()

    def on_message_complete(self) -> None:
        """The parser has seen the end of a request."""
        self._bytes_outside_bodies = self._unread_bytes = 0
        self._clear_deadline()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The oldest request has its answer."""
        self._unanswered.popleft()
        super().on_response_complete()

    def handle_websocket_upgrade(self) -> None:
        """The connection becomes a WebSocket, which has deadlines of its own."""
        self._is_upgraded = True
        self._clear_deadline()
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        """What uvicorn does with a request that the parser refuses."""
        del msg  # always the same sentence
        self._refuse(OutriderError("MALFORMED_REQUEST"))

    def _set_deadline(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.request_seconds, self._give_up)

    def _clear_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _clear_reading_deadline(self) -> None:
        if self._reading_deadline is not None:
            self._reading_deadline.cancel()
            self._reading_deadline = None

    def _cut_off(self) -> None:
        log.info("connection cut off: its client does not read", client=self.client)
        self.transport.abort()

    def _give_up(self) -> None:
        """Close; with an answer when there is something to be answered."""
        if self._in_head:
            self._refuse(OutriderError("REQUEST_TIMEOUT", seconds=self.request_seconds))
        else:
            self.transport.close()

    def _refuse(self, problem: OutriderError) -> None:
        """Answer with the envelope, unless that would end up in the answer to an earlier request, and close."""
        request_id = new_request_id()
        log.info("request refused", request_id=request_id, code=problem.code, client=self.client)
        if self._is_free_to_answer:
            self.transport.write(refusal(problem, request_id))
        self.transport.close()

    @property
    def _is_free_to_answer(self) -> bool:
        cycle = self.cycle
        return cycle is None or cycle.response_complete or (cycle.more_body and not cycle.response_started)


def refusal(problem: OutriderError, request_id: str) -> bytes:
    """The whole answer with the envelope, for a connection that is closed after it."""
    status = HTTPStatus(problem.problem.status)
    answer = error_response(problem, request_id, "")
    answer.headers["connection"] = "close"
    head = b"".join(b"%b: %b\r\n" % header for header in answer.raw_headers)
    line = f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode("ascii")
    return line + head + b"\r\n" + bytes(answer.body)
