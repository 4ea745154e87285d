"""The store of webhooks: each method is one transaction of ``webhook_endpoints`` or ``webhook_deliveries``."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from outrider.interfaces.webhooks import Attempt, Delivery, DeliveryFilter, Endpoint, Outgoing, Secret, Verdict
from outrider.protocol.conditional import Precondition
from outrider.storage import webhook_deliveries as ledger
from outrider.storage import webhook_endpoints as receivers
from outrider.storage.database import Database

__all__ = ["SqlWebhookStore"]


class SqlWebhookStore:
    """``interfaces.webhooks.WebhookStore`` on a ``Database``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- endpoints and secrets

    async def add_endpoint(self, endpoint: Endpoint, secret: Secret, *, limit: int) -> None:
        await self._database.write(lambda within: receivers.add_endpoint(within, endpoint, secret, limit))

    async def endpoints(self, organisation_id: str, *, after: str, limit: int) -> tuple[Endpoint, ...]:
        return await self._database.read(lambda within: receivers.list_endpoints(within, organisation_id, after, limit))

    async def endpoint(self, organisation_id: str, endpoint_id: str) -> Endpoint:
        return await self._database.read(lambda within: receivers.get_endpoint(within, organisation_id, endpoint_id))

    async def change_endpoint(
        self, organisation_id: str, endpoint_id: str, changes: Mapping[str, Any], expected: Precondition
    ) -> Endpoint:
        return await self._database.write(
            lambda within: receivers.change_endpoint(within, organisation_id, endpoint_id, changes, expected)
        )

    async def remove_endpoint(self, organisation_id: str, endpoint_id: str, expected: Precondition) -> None:
        await self._database.write(
            lambda within: receivers.remove_endpoint(within, organisation_id, endpoint_id, expected)
        )

    async def ensure_secret(self, signer: str, secret: Secret) -> tuple[Secret, ...]:
        return await self._database.write(lambda within: receivers.ensure_secret(within, signer, secret))

    async def add_secret(self, signer: str, secret: Secret, *, previous_until: datetime, limit: int) -> None:
        await self._database.write(lambda within: receivers.add_secret(within, signer, secret, previous_until, limit))

    # --- deliveries

    async def due(self, limit: int) -> tuple[tuple[str, datetime], ...]:
        return await self._database.read(lambda within: ledger.due_endpoints(within, limit))

    async def next_delivery(self, endpoint_id: str) -> Outgoing | None:
        return await self._database.read(lambda within: ledger.next_delivery(within, endpoint_id))

    async def settle(self, outgoing: Outgoing, attempt: Attempt, verdict: Verdict) -> None:
        await self._database.write(lambda within: ledger.settle_delivery(within, outgoing, attempt, verdict))

    async def deliveries(self, organisation_id: str, wanted: DeliveryFilter, limit: int) -> tuple[Delivery, ...]:
        return await self._database.read(lambda within: ledger.find_deliveries(within, organisation_id, wanted, limit))

    async def delivery(self, organisation_id: str, delivery_id: int) -> Delivery:
        return await self._database.read(lambda within: ledger.get_delivery(within, organisation_id, delivery_id))

    async def replay(self, organisation_id: str, delivery_id: int) -> Delivery:
        return await self._database.write(lambda within: ledger.replay_delivery(within, organisation_id, delivery_id))

    async def purge_deliveries(self, before: datetime) -> int:
        removed = 0
        while group := await self._database.write(lambda within: ledger.purge_deliveries(within, before)):
            removed += group
        return removed
