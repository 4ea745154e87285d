"""What clients can do to webhooks: endpoints, secrets, the ledger, and replays.

Every operation takes the principal, and answers WEBHOOK_ENDPOINT_NOT_FOUND or WEBHOOK_DELIVERY_NOT_FOUND for what
belongs to another organisation, as for what does not exist.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from outrider.identities.sealing import Sealer
from outrider.interfaces.identities import Principal
from outrider.interfaces.webhooks import (
    Delivery,
    DeliveryFilter,
    Endpoint,
    Scope,
    Secret,
    WebhookStore,
    session_signer,
)
from outrider.problems import OutriderError
from outrider.protocol.conditional import UNCONDITIONAL, Precondition
from outrider.protocol.urls import url_fault
from outrider.screening.addresses import Lookup, Policy, look_up, resolve
from outrider.webhooks.dispatcher import seal_context
from outrider.webhooks.request import new_secret

__all__ = ["Rotation", "WebhookOperations"]


ENDPOINTS: Final = 50
#: Secrets of one signer that sign at the same time.
SECRETS: Final = 5

_ID_CHARACTERS: Final = 64
#: Whoever names a URL waits no longer for what its name leads to.
_LOOKUP_SECONDS: Final = 2.0
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Rotation:
    """A new signing secret, in the clear for the only time, and until when the others sign as well."""

    secret: str
    previous_expires_at: datetime


class WebhookOperations:
    """The operations of the webhooks API. Stateless; one instance serves all requests."""

    def __init__(
        self,
        store: WebhookStore,
        sealer: Sealer,
        policy: Policy,
        notify: Callable[[], None],
        lookup: Lookup = look_up,
    ) -> None:
        """``notify`` tells the dispatcher that something may have become due."""
        self._store = store
        self._sealer = sealer
        self._policy = policy
        self._notify = notify
        self._lookup = lookup

    # --- endpoints

    async def create(
        self, principal: Principal, url: str, *, events: Sequence[str], description: str, enabled: bool
    ) -> tuple[Endpoint, str]:
        """A new endpoint for the events of all sessions, and its secret, which is never shown again.

        Raises WEBHOOK_URL_REFUSED, WEBHOOK_ENDPOINT_EXISTS, WEBHOOK_ENDPOINT_LIMIT.
        """
        await self.check_url(url)
        endpoint = Endpoint(
            id=f"we_{secrets.token_hex(16)}",
            organisation_id=principal.organisation_id,
            scope=Scope.ORGANISATION,
            url=url,
            events=tuple(dict.fromkeys(events)),
            description=description,
            enabled=enabled,
            disabled_reason="",
            failures=0,
            created_at=datetime.now(UTC),
        )
        secret, sealed = self._new_secret(endpoint.signer)
        await self._store.add_endpoint(endpoint, sealed, limit=ENDPOINTS)
        return endpoint, secret

    async def all(self, principal: Principal, *, after: str, limit: int) -> tuple[Endpoint, ...]:
        """Endpoints with ids above ``after``, ascending; those of scope ``organisation`` come first."""
        return await self._store.endpoints(principal.organisation_id, after=after, limit=limit)

    async def get(self, principal: Principal, endpoint_id: str) -> Endpoint:
        """The endpoint as it is now."""
        if len(endpoint_id) > _ID_CHARACTERS:  # an error repeats it
            raise OutriderError("WEBHOOK_ENDPOINT_NOT_FOUND", endpoint=f"{endpoint_id[:_ID_CHARACTERS]}…")
        return await self._store.endpoint(principal.organisation_id, endpoint_id)

    async def change(
        self,
        principal: Principal,
        endpoint_id: str,
        changes: Mapping[str, Any],
        expected: Precondition = UNCONDITIONAL,
    ) -> Endpoint:
        """Set ``url``, ``events``, ``description`` or ``enabled``; enabling has what waits tried at once.

        Raises WEBHOOK_URL_REFUSED, WEBHOOK_ENDPOINT_EXISTS, WEBHOOK_ENDPOINT_FIXED, VERSION_CONFLICT.
        """
        endpoint = await self.get(principal, endpoint_id)
        if endpoint.scope is Scope.SESSION and changes.keys() - {"enabled"}:
            raise OutriderError("WEBHOOK_ENDPOINT_FIXED", endpoint=endpoint_id)
        if "url" in changes:
            await self.check_url(changes["url"])
        changed = await self._store.change_endpoint(principal.organisation_id, endpoint_id, changes, expected)
        self._notify()
        return changed

    async def delete(self, principal: Principal, endpoint_id: str, expected: Precondition = UNCONDITIONAL) -> None:
        """Remove an endpoint with its secrets and its ledger; what is pending is not sent any more.

        Raises VERSION_CONFLICT.
        """
        await self.get(principal, endpoint_id)
        await self._store.remove_endpoint(principal.organisation_id, endpoint_id, expected)

    async def rotate(self, principal: Principal, endpoint_id: str | None, *, overlap_seconds: float) -> Rotation:
        """A new secret for an endpoint; None is for all URLs that sessions name.

        Until the overlap is over, deliveries bear the signatures of the secrets before as well. Raises
        WEBHOOK_SECRETS_LIMIT.
        """
        if endpoint_id is None:
            signer = session_signer(principal.organisation_id)
        else:
            signer = (await self.get(principal, endpoint_id)).signer
        until = datetime.now(UTC) + timedelta(seconds=overlap_seconds)
        secret, sealed = self._new_secret(signer)
        await self._store.add_secret(signer, sealed, previous_until=until, limit=SECRETS)
        return Rotation(secret, until)

    async def check_url(self, url: str) -> None:
        """Raise WEBHOOK_URL_REFUSED. A name that is not known yet, or hangs, passes: each attempt looks again."""
        fault = url_fault(url)
        if fault:
            raise OutriderError("WEBHOOK_URL_REFUSED", reason=fault)
        parts = urlsplit(url)
        if parts.username or parts.password:
            raise OutriderError("WEBHOOK_URL_REFUSED", reason="It contains a user or a password.")
        try:
            async with asyncio.timeout(_LOOKUP_SECONDS):
                await resolve(parts.hostname or "", parts.port or _PORTS[parts.scheme], self._policy, self._lookup)
        except TimeoutError:
            return
        except OutriderError as problem:
            if problem.code != "NAME_NOT_RESOLVED":
                raise OutriderError("WEBHOOK_URL_REFUSED", reason=problem.message) from problem

    # --- the ledger

    async def deliveries(self, principal: Principal, wanted: DeliveryFilter, limit: int) -> tuple[Delivery, ...]:
        """Deliveries that fit, the newest first."""
        return await self._store.deliveries(principal.organisation_id, wanted, limit)

    async def delivery(self, principal: Principal, delivery_id: int) -> Delivery:
        """A delivery with its latest attempts."""
        return await self._store.delivery(principal.organisation_id, delivery_id)

    async def replay(self, principal: Principal, delivery_id: int) -> Delivery:
        """Make a finished delivery again, with the same ``webhook-id``.

        Raises WEBHOOK_DELIVERY_PENDING, WEBHOOK_ENDPOINT_DISABLED.
        """
        delivery = await self._store.replay(principal.organisation_id, delivery_id)
        self._notify()
        return delivery

    # --- parts

    def _new_secret(self, signer: str) -> tuple[str, Secret]:
        secret = new_secret()
        return secret, Secret(self._sealer.seal(secret.encode(), seal_context(signer)))
