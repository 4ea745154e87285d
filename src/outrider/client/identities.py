"""The administration part of the SDK: organisations, and keys with their rights."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any, Final

from outrider.client.paging import items_of_pages
from outrider.client.paths import path_of

__all__ = ["KeyCalls", "OrganisationCalls"]

Json = dict[str, Any]
Send = Callable[..., Awaitable[Any]]

_KEYS: Final = "/v1/admin/keys"
_ORGANISATIONS: Final = "/v1/admin/organisations"
_LARGE_PAGES: Final[Json] = {"limit": 100}


class KeyCalls:
    """``client.keys``. Methods return the wire's JSON objects; failures are those of ``OutriderClient``."""

    def __init__(self, send: Send) -> None:
        """``send(method, path, body=…, query=…)`` makes a request and returns the JSON of its answer."""
        self._send = send

    async def create(self, *, scopes: Iterable[str] = (), tiers: Iterable[str] = (), **fields: Any) -> Json:
        """A new key; its text, ``key``, is in this answer only. It can't do more than the key that makes it.

        ``fields`` are those of the wire: name, kind, agents, requests_per_minute, expires_at, organisation_id.
        """
        body: Json = await self._send("POST", _KEYS, body={"scopes": list(scopes), "tiers": list(tiers), **fields})
        return body

    async def list(self, *, organisation_id: str | None = None, limit: int | None = None) -> AsyncIterator[Json]:
        """Keys of the organisation, the newest first: at most ``limit``. Another one's are the operator's to see."""
        query = {} if organisation_id is None else {"organisation_id": organisation_id}
        async for key in items_of_pages(self._send, _KEYS, "keys", _LARGE_PAGES | query, limit):
            yield key

    async def get(self, key_id: str) -> Json:
        """The key as it is now."""
        found: Json = await self._send("GET", path_of(_KEYS, key_id))
        return found

    async def update(self, key_id: str, **changes: Any) -> Json:
        """Replace name, scopes, tiers, agents, requests_per_minute, expires_at or disabled."""
        changed: Json = await self._send("PATCH", path_of(_KEYS, key_id), body=changes)
        return changed

    async def revoke(self, key_id: str) -> None:
        """End a key for ever, at once."""
        await self._send("DELETE", path_of(_KEYS, key_id))

    async def own_organisation(self) -> Json:
        """The organisation that the client's own key belongs to."""
        found: Json = await self._send("GET", "/v1/admin/organisation")
        return found


class OrganisationCalls:
    """``client.organisations``, for the operator. As with ``client.keys``."""

    def __init__(self, send: Send) -> None:
        """As with ``KeyCalls``."""
        self._send = send

    async def create(self, short_name: str, **fields: Any) -> Json:
        """A new organisation; ``fields``: name, plan, requests_per_minute, max_sessions, max_streams, models, …"""
        made: Json = await self._send("POST", _ORGANISATIONS, body={"short_name": short_name, **fields})
        return made

    async def list(self, *, limit: int | None = None) -> AsyncIterator[Json]:
        """All organisations, the newest first: at most ``limit``."""
        async for organisation in items_of_pages(self._send, _ORGANISATIONS, "organisations", _LARGE_PAGES, limit):
            yield organisation

    async def get(self, organisation_id: str) -> Json:
        """The organisation as it is now."""
        found: Json = await self._send("GET", path_of(_ORGANISATIONS, organisation_id))
        return found

    async def update(self, organisation_id: str, **changes: Any) -> Json:
        """Replace fields; None takes a limit of its own away. One that is ``disabled`` has its sessions end."""
        changed: Json = await self._send("PATCH", path_of(_ORGANISATIONS, organisation_id), body=changes)
        return changed

    async def remove(self, organisation_id: str) -> None:
        """Remove it; its keys, jobs and sessions end at once."""
        await self._send("DELETE", path_of(_ORGANISATIONS, organisation_id))
