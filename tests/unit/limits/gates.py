"""The gate with a clock of its own, and principals for it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from outrider.config import Settings, load_settings
from outrider.identities.authentication import Authentication
from outrider.interfaces.credits import CreditStore
from outrider.interfaces.identities import EVERYTHING, KeyStore, OrganisationLimits, Plan, Principal
from outrider.limits.admission import Admission
from outrider.limits.credits import Credits
from outrider.limits.plans import Plans
from outrider.limits.quotas import Places
from outrider.limits.rates import Rates
from outrider.limits.windows import RollingWindows
from outrider.screening.content import Screener

__all__ = ["Clock", "Gate", "gate", "principal"]

START = datetime(2026, 11, 29, tzinfo=UTC)


@dataclass
class Clock:
    """Stands still until it is set."""

    seconds: float = 1000.0

    def monotonic(self) -> float:
        return self.seconds

    def wall(self) -> float:
        return START.timestamp() + self.seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)


@dataclass
class Gate:
    """A gate whose parts can be looked at."""

    admission: Admission
    clock: Clock
    windows: RollingWindows
    streams: Places = field(default_factory=lambda: Places("STREAM_LIMIT_REACHED"))


def gate(
    authentication: Authentication | None = None,
    *,
    store: CreditStore | None = None,
    audit: object = None,
    clock: Clock | None = None,
    **settings: Any,
) -> Gate:
    """A gate of those settings; parts that are not given are not to be used."""
    given: Settings = load_settings(**settings)
    clock = clock or Clock()
    windows, plans = RollingWindows(given.rate_window_seconds, clock.monotonic), Plans(given)
    rates = Rates(windows, plans, given.rate_window_seconds, clock.wall)
    credit = Credits(cast(CreditStore, store), cast(KeyStore, None), hold_seconds=900, now=clock.now)
    made = Gate(cast(Admission, None), clock, windows)
    made.admission = Admission(
        cast(Authentication, authentication), rates, plans, made.streams, credit, Screener.of(given, cast(Any, audit))
    )
    return made


def principal(
    key: str = "key-1", organisation: str = "org-1", *, plan: Plan = "free", limits: Any = None, **fields: Any
) -> Principal:
    """Somebody on the free plan who may do everything."""
    values = {"scopes": frozenset({EVERYTHING}), "limits": OrganisationLimits(plan=plan, **(limits or {})), **fields}
    return Principal(organisation, key, "abcde", **values)
