"""What does not stay for ever: once a day, what is older than its retention is removed."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from outrider.interfaces.sessions import Engine
from outrider.telemetry import get_logger

__all__ = [
    "PURGE_AUDIT",
    "PURGE_IDEMPOTENCY",
    "PURGE_REQUESTS",
    "PURGE_RUNS",
    "PURGE_SNAPSHOTS",
    "PURGE_WEBHOOKS",
    "Retention",
]

#: Kinds, and keys, of the engine's jobs.
PURGE_AUDIT: Final = "purge_audit"
PURGE_IDEMPOTENCY: Final = "purge_idempotency"
PURGE_REQUESTS: Final = "purge_requests"
PURGE_RUNS: Final = "purge_runs"
PURGE_SNAPSHOTS: Final = "purge snapshots"
PURGE_WEBHOOKS: Final = "purge_webhooks"

_INTERVAL: Final = timedelta(hours=24)

log = get_logger(__name__)


class Retention:
    """Handler of one kind of job, which schedules its own next run."""

    def __init__(
        self,
        engine: Engine,
        kind: str,
        remove_before: Callable[[datetime], Awaitable[int]],
        *,
        days: float,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``remove_before`` removes what is older than a moment, and returns how many that were."""
        self._engine = engine
        self._kind = kind
        self._remove_before = remove_before
        self._kept = timedelta(days=days)
        self._now = now

    async def purge(self, body: Mapping[str, Any]) -> None:
        """Remove what is older than the retention."""
        del body
        removed = await self._remove_before(self._now() - self._kept)
        if removed:
            log.info("removed what was too old", job=self._kind, count=removed)
        await self._engine.enqueue(self._kind, {}, at=self._now() + _INTERVAL, key=self._kind)
