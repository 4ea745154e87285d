"""What becomes of credits by itself: holds expire, and the ledger is proved once a day."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from outrider.interfaces.credits import CreditStore
from outrider.interfaces.sessions import Engine
from outrider.telemetry import get_logger

__all__ = ["EXPIRE_CREDITS", "PROVE_CREDITS", "CreditJobs"]

#: Kinds, and keys, of the engine's jobs.
EXPIRE_CREDITS: Final = "expire_credits"
PROVE_CREDITS: Final = "prove_credits"

_EXPIRY_INTERVAL: Final = timedelta(seconds=30)
_PROOF_INTERVAL: Final = timedelta(hours=24)

log = get_logger(__name__)


class CreditJobs:
    """Handlers of two kinds of job, each of which schedules its own next run."""

    def __init__(self, engine: Engine, store: CreditStore, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._store = store
        self._now = now

    async def expire(self, body: Mapping[str, Any]) -> None:
        """Give back what was held for longer than it may be."""
        del body
        expired = await self._store.expire(self._now())
        if expired:
            log.info("holds of credits expired", count=expired)
        await self._engine.enqueue(EXPIRE_CREDITS, {}, at=self._now() + _EXPIRY_INTERVAL, key=EXPIRE_CREDITS)

    async def prove(self, body: Mapping[str, Any]) -> None:
        """Say so if balances are not the sums of their entries."""
        del body
        faults = await self._store.faults()
        if faults:
            log.error("the ledger of credits does not add up", count=len(faults), first=faults[0])
        await self._engine.enqueue(PROVE_CREDITS, {}, at=self._now() + _PROOF_INTERVAL, key=PROVE_CREDITS)
