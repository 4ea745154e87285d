"""Removes entries of the audit log whose retention is over."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from outrider.interfaces.screening import AuditStore
from outrider.interfaces.sessions import Engine
from outrider.telemetry import get_logger

__all__ = ["PURGE_AUDIT", "AuditRetention"]

#: Kind of the engine's job.
PURGE_AUDIT: Final = "purge_audit"

INTERVAL: Final = timedelta(hours=24)

log = get_logger(__name__)


class AuditRetention:
    """Handler of one kind of job, which schedules its own next run."""

    def __init__(self, engine: Engine, store: AuditStore, retention: timedelta, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._store = store
        self._retention = retention
        self._now = now

    async def purge(self, body: Mapping[str, Any]) -> None:
        """Remove what is older."""
        del body
        removed = await self._store.purge(self._now() - self._retention)
        if removed:
            log.info("old audit entries removed", count=removed)
        await self._engine.enqueue(PURGE_AUDIT, {}, at=self._now() + INTERVAL, key=PURGE_AUDIT)
