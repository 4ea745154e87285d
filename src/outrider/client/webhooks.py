"""The webhooks part of the SDK: endpoints, secrets, the ledger of deliveries."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Final

from outrider.client.paging import items_of_pages
from outrider.client.paths import path_of

__all__ = ["WebhookCalls"]

Json = dict[str, Any]

_ENDPOINTS: Final = "/v1/webhooks/endpoints"
_DELIVERIES: Final = "/v1/webhooks/deliveries"


class WebhookCalls:
    """``client.webhooks``. Methods return the wire's JSON objects; failures are those of ``OutriderClient``."""

    def __init__(self, send: Callable[..., Awaitable[Json]]) -> None:
        """``send(method, path, body=…, query=…)`` makes a request that is answered with a JSON object."""
        self._send = send

    # --- endpoints

    async def create_endpoint(
        self, url: str, *, events: Sequence[str] | None = None, description: str = "", enabled: bool = True
    ) -> Json:
        """Register a receiver for the events of all sessions; ``secret`` is in this answer only."""
        body = {"url": url, "events": events, "description": description, "enabled": enabled}
        return await self._send("POST", _ENDPOINTS, body=body)

    async def list_endpoints(self) -> list[Json]:
        """All receivers, those of URLs that sessions named last."""
        found: list[Json] = []
        after: str | None = ""
        while after is not None:
            page = await self._send("GET", _ENDPOINTS, query={"after": after})
            found += page["endpoints"]
            after = page["next_after"]
        return found

    async def get_endpoint(self, endpoint_id: str) -> Json:
        """The receiver as it is now."""
        return await self._send("GET", path_of(_ENDPOINTS, endpoint_id))

    async def update_endpoint(self, endpoint_id: str, **changes: Any) -> Json:
        """Change ``url``, ``events`` (None is all), ``description`` or ``enabled``."""
        return await self._send("PATCH", path_of(_ENDPOINTS, endpoint_id), body=changes)

    async def delete_endpoint(self, endpoint_id: str) -> Json:
        """Remove a receiver with its ledger."""
        return await self._send("DELETE", path_of(_ENDPOINTS, endpoint_id))

    async def rotate_secret(self, endpoint_id: str | None = None, *, overlap_seconds: int | None = None) -> Json:
        """A new secret for an endpoint, or (None) for all URLs that sessions name as their ``webhook_url``."""
        path = "/v1/webhooks/session-secret" if endpoint_id is None else path_of(_ENDPOINTS, endpoint_id)
        body = {} if overlap_seconds is None else {"overlap_seconds": overlap_seconds}
        return await self._send("POST", f"{path}/rotate", body=body)

    # --- deliveries

    async def deliveries(
        self,
        *,
        endpoint: str | None = None,
        session_id: str | None = None,
        event: str | None = None,
        status: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[Json]:
        """The ledger, the newest first: at most ``limit`` deliveries that fit."""
        wanted = {"endpoint": endpoint, "session_id": session_id, "event": event, "status": status}
        query: Json = {name: value for name, value in wanted.items() if value is not None}
        async for delivery in items_of_pages(self._send, _DELIVERIES, "deliveries", query, limit):
            yield delivery

    async def get_delivery(self, delivery_id: int) -> Json:
        """One delivery with its latest attempts."""
        return await self._send("GET", f"{_DELIVERIES}/{delivery_id}")

    async def replay(self, delivery_id: int) -> Json:
        """Make a finished delivery again, with the same ``webhook-id``."""
        return await self._send("POST", f"{_DELIVERIES}/{delivery_id}/replay")
