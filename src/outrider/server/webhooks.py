"""The parts that webhooks are made of, opened together."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from outrider.config import Settings
from outrider.engine import EmbeddedEngine
from outrider.identities.sealing import open_sealer
from outrider.screening.addresses import Policy
from outrider.storage import Database, SqlWebhookStore
from outrider.webhooks.dispatcher import Dispatcher
from outrider.webhooks.operations import WebhookOperations
from outrider.webhooks.retention import PURGE_WEBHOOKS, Retention
from outrider.webhooks.sending import Sender

__all__ = ["Webhooks", "open_webhooks"]


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Open webhooks: deliveries are being sent."""

    operations: WebhookOperations
    #: To be called when an event was recorded.
    notify: Callable[[], None]
    _store: SqlWebhookStore

    def purge_with(self, engine: EmbeddedEngine, settings: Settings) -> None:
        """Have the engine remove what is old. To be called before the engine is entered."""
        kept = timedelta(days=settings.retention_days)
        engine.handle(PURGE_WEBHOOKS, Retention(engine, self._store, kept, lambda: datetime.now(UTC)).purge)


@asynccontextmanager
async def open_webhooks(database: Database, settings: Settings, policy: Policy, url: str) -> AsyncIterator[Webhooks]:
    """Webhooks on an open database; ``url`` is where the server listens, ``policy`` which receivers may be reached.

    Raises CONFIG_INVALID and STORAGE_FAILED for the sealing keys.
    """
    sealer = await asyncio.to_thread(open_sealer, settings.sealing_keys.get_secret_value(), settings.sealing_key_file)
    store, base_url = SqlWebhookStore(database), settings.public_url.rstrip("/") or url
    async with (
        Sender(policy, settings.webhook_timeout_seconds) as sender,
        Dispatcher(
            store,
            sealer,
            sender,
            schedule=settings.webhook_retry_seconds,
            vnc_url=lambda session_id: f"{base_url}/live/{session_id}",
        ) as dispatcher,
    ):
        operations = WebhookOperations(store, sealer, policy, dispatcher.notify)
        yield Webhooks(operations, dispatcher.notify, store)
