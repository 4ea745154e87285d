"""Whether the server takes requests at all: not during maintenance, and not more than it can have under way."""

from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from outrider.problems import OutriderError

__all__ = ["SWITCH_PATH", "Maintenance", "Traffic", "TrafficMiddleware"]

#: Where maintenance is switched.
SWITCH_PATH: Final = "/v1/admin/maintenance"
#: Answered whatever happens.
_ALWAYS_OPEN: Final = frozenset({"/healthz", "/readyz", SWITCH_PATH})

RETRY_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Maintenance:
    """What clients are told while the server is closed."""

    note: str = ""
    retry_after_seconds: int = RETRY_SECONDS


class Traffic:
    """What is under way, and whether more may come."""

    def __init__(self, limit: int, *, closed: bool = False) -> None:
        self._limit = limit
        self.under_way = 0
        #: None while the server is open.
        self.maintenance: Maintenance | None = Maintenance() if closed else None

    def check(self) -> None:
        """Raise MAINTENANCE or OVERLOADED."""
        if self.maintenance is not None:
            closed = self.maintenance
            raise OutriderError("MAINTENANCE", note=closed.note, retry_after_seconds=closed.retry_after_seconds)
        if self.under_way >= self._limit:
            raise OutriderError("OVERLOADED", limit=self._limit)


class TrafficMiddleware:
    """Counts requests while they are worked on. WebSockets and begun event streams may stay as long as they like."""

    def __init__(self, app: ASGIApp, traffic: Traffic) -> None:
        self._app = app
        self._traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _ALWAYS_OPEN:
            await self._app(scope, receive, send)
            return
        self._traffic.check()
        counted = 1

        def leave() -> None:
            nonlocal counted
            self._traffic.under_way -= counted
            counted = 0

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_stream(message):
                leave()
            await send(message)

        self._traffic.under_way += 1
        try:
            await self._app(scope, receive, send_on)
        finally:
            leave()


def _is_stream(start: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/event-stream")
        for name, value in start.get("headers", ())
    )
