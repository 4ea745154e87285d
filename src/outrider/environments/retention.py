"""Snapshots do not stay for ever: once a day, those that are too old are removed."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from outrider.environments.environments import Environments
from outrider.interfaces.sessions import Engine
from outrider.telemetry import get_logger

__all__ = ["PURGE_SNAPSHOTS", "Retention"]

#: Kind, and key, of the engine's job.
PURGE_SNAPSHOTS: Final = "purge snapshots"
_INTERVAL: Final = timedelta(hours=24)

log = get_logger(__name__)


class Retention:
    """Handler of a job that schedules its own next run."""

    def __init__(
        self, engine: Engine, environments: Environments, *, retention: timedelta, now: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._environments = environments
        self._retention = retention
        self._now = now

    async def purge(self, body: Mapping[str, Any]) -> None:
        """Remove the snapshots whose retention is over."""
        del body
        removed = await self._environments.remove_before(self._now() - self._retention)
        if removed:
            log.info("old snapshots removed", count=removed)
        await self._engine.enqueue(PURGE_SNAPSHOTS, {}, at=self._now() + _INTERVAL, key=PURGE_SNAPSHOTS)
