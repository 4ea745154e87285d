"""The record of requests, and the switch for maintenance, in the SDK."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

from outrider.client.paging import items_of_pages
from outrider.client.paths import path_of

__all__ = ["RequestCalls"]

Json = dict[str, Any]

_REQUESTS: Final = "/v1/requests"
_MAINTENANCE: Final = "/v1/admin/maintenance"


class RequestCalls:
    """``client.requests``. Methods return the wire's JSON objects; failures are those of ``OutriderClient``."""

    def __init__(self, send: Callable[..., Awaitable[Json]]) -> None:
        """``send(method, path, body=…, query=…)`` makes a request that is answered with a JSON object."""
        self._send = send

    async def get(self, request_id: str) -> Json:
        """One request of the organisation, by the id that its answer had."""
        return await self._send("GET", path_of(_REQUESTS, request_id))

    async def find(
        self,
        *,
        status: int | None = None,
        code: str | None = None,
        method: str | None = None,
        failed: bool | None = None,
        since: str | None = None,
        until: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[Json]:
        """The organisation's requests, the newest first: at most ``limit`` that fit; times are ISO 8601 with zone."""
        wanted = {"status": status, "code": code, "method": method, "failed": failed, "since": since, "until": until}
        query: Json = {name: value for name, value in wanted.items() if value is not None}
        async for request in items_of_pages(self._send, _REQUESTS, "requests", query, limit):
            yield request

    async def maintenance(self) -> Json:
        """Whether the server is closed: ``active``, ``note``, ``retry_after_seconds``."""
        return await self._send("GET", _MAINTENANCE)

    async def switch_maintenance(self, active: bool, *, note: str = "", retry_after_seconds: int = 60) -> Json:
        """Close the server for everybody, or open it again. For its operator."""
        body = {"active": active, "note": note, "retry_after_seconds": retry_after_seconds}
        return await self._send("PUT", _MAINTENANCE, body=body)
