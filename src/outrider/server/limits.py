"""The parts that limits are made of, opened together."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from outrider.config import Settings
from outrider.engine import EmbeddedEngine
from outrider.identities.authentication import Authentication
from outrider.limits.admission import Admission
from outrider.limits.credit_jobs import EXPIRE_CREDITS, PROVE_CREDITS, CreditJobs
from outrider.limits.credits import Credits
from outrider.limits.plans import Plans
from outrider.limits.quotas import Places
from outrider.limits.rates import Rates
from outrider.limits.shared import SharedWindows
from outrider.limits.window_file import kept_in
from outrider.limits.windows import RollingWindows, Windows
from outrider.screening.content import Screener
from outrider.storage import Database, SqlCreditStore, SqlKeyStore

__all__ = ["CREDIT_JOBS", "Limits", "open_limits"]

#: Jobs that schedule their own next run.
CREDIT_JOBS = (EXPIRE_CREDITS, PROVE_CREDITS)


@dataclass(frozen=True, slots=True)
class Limits:
    """Open limits: windows are counted, and kept."""

    plans: Plans
    rates: Rates
    streams: Places
    credits: Credits
    _store: SqlCreditStore

    def admission(self, authentication: Authentication, screener: Screener) -> Admission:
        """The gate."""
        return Admission(authentication, self.rates, self.plans, self.streams, self.credits, screener)

    def expire_with(self, engine: EmbeddedEngine) -> None:
        """Have the engine free what was held for too long. To be called before the engine is entered."""
        jobs = CreditJobs(engine, self._store, _now)
        engine.handle(EXPIRE_CREDITS, jobs.expire)
        engine.handle(PROVE_CREDITS, jobs.prove)


@asynccontextmanager
async def open_limits(database: Database, settings: Settings) -> AsyncIterator[Limits]:
    """Limits on an open database.

    Raises CONFIG_INVALID for an address that is none, DEPENDENCY_MISSING, LIMITS_STORE_UNREACHABLE.
    """
    async with AsyncExitStack() as stack:
        windows = await stack.enter_async_context(_open_windows(settings))
        plans, store = Plans(settings), SqlCreditStore(database)
        yield Limits(
            plans,
            Rates(windows, plans, settings.rate_window_seconds),
            Places("STREAM_LIMIT_REACHED"),
            Credits(store, SqlKeyStore(database), hold_seconds=settings.credit_hold_seconds, now=_now),
            store,
        )


@asynccontextmanager
async def _open_windows(settings: Settings) -> AsyncIterator[Windows]:
    """Those of the shared store, which keeps them itself, or this process's own, which a file keeps."""
    uri = settings.limits_store.get_secret_value()
    if uri:
        async with SharedWindows.at(uri, settings.rate_window_seconds) as shared:
            await shared.check()
            yield shared
    else:
        windows = RollingWindows(settings.rate_window_seconds)
        async with kept_in(settings.windows_file, windows):
            yield windows


def _now() -> datetime:
    return datetime.now(UTC)
