"""The parts that webhooks are made of, opened together."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from outrider.config import Settings
from outrider.engine import EmbeddedEngine
from outrider.identities.sealing import Sealer
from outrider.interfaces.webhooks import Outgoing
from outrider.screening.addresses import Policy
from outrider.server.retention import PURGE_WEBHOOKS, Retention
from outrider.sessions.links import Links
from outrider.storage import Database, SqlWebhookStore
from outrider.webhooks.dispatcher import Dispatcher
from outrider.webhooks.operations import WebhookOperations
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
        remove = self._store.purge_deliveries
        engine.handle(PURGE_WEBHOOKS, Retention(engine, PURGE_WEBHOOKS, remove, days=settings.retention_days).purge)


@asynccontextmanager
async def open_webhooks(
    database: Database, sealer: Sealer, settings: Settings, policy: Policy, links: Links, url: str
) -> AsyncIterator[Webhooks]:
    """Webhooks on an open database; ``url`` is where the server listens, ``policy`` which receivers may be reached."""
    store = SqlWebhookStore(database)
    async with (
        Sender(policy, settings.webhook_timeout_seconds) as sender,
        Dispatcher(
            store,
            sealer,
            sender,
            schedule=settings.webhook_retry_seconds,
            vnc_url=_watch_link(links, settings.public_url.rstrip("/") or url),
        ) as dispatcher,
    ):
        operations = WebhookOperations(store, sealer, policy, dispatcher.notify)
        yield Webhooks(operations, dispatcher.notify, store)


def _watch_link(links: Links, base_url: str) -> Callable[[Outgoing], str]:
    def vnc_url(outgoing: Outgoing) -> str:
        session = outgoing.delivery.payload["session"]
        created_at = datetime.fromisoformat(session["created_at"])
        return links.watch_url(outgoing.endpoint.organisation_id, session["id"], created_at, base_url)

    return vnc_url
