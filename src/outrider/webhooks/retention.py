"""Removes deliveries whose retention is over."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from outrider.interfaces.sessions import Engine
from outrider.interfaces.webhooks import WebhookStore
from outrider.telemetry import get_logger

__all__ = ["PURGE_WEBHOOKS", "Retention"]

#: Kind of the engine's job.
PURGE_WEBHOOKS: Final = "purge_webhooks"

INTERVAL: Final = timedelta(hours=24)

log = get_logger(__name__)


class Retention:
    """Handler of one kind of job, which schedules its own next run."""

    def __init__(self, engine: Engine, store: WebhookStore, retention: timedelta, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._store = store
        self._retention = retention
        self._now = now

    async def purge(self, body: Mapping[str, Any]) -> None:
        """Remove what is older, but for what still waits for an enabled endpoint."""
        del body
        removed = await self._store.purge_deliveries(self._now() - self._retention)
        if removed:
            log.info("old webhook deliveries removed", count=removed)
        await self._engine.enqueue(PURGE_WEBHOOKS, {}, at=self._now() + INTERVAL, key=PURGE_WEBHOOKS)
