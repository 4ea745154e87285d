"""When a request is tried again, and after which pause."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from outrider.client.errors import ServerError
from outrider.problems import OutriderError
from outrider.protocol.times import time_of_retry

__all__ = ["ATTEMPTS", "Retries"]

ATTEMPTS: Final = 5

#: Statuses that may be another one the next time (reference page ``agent-platforms``, row X36).
_TRANSIENT: Final = frozenset({408, 429, 500, 502, 503, 504})
#: Rows that say so themselves.
_PASSING: Final = frozenset({"IDEMPOTENCY_IN_FLIGHT"})
_RATE_LIMITED: Final = 429

_FIRST_SECONDS: Final = 0.5
_LONGEST_SECONDS: Final = 60.0
#: That ``Retry-After`` may ask for; more is for people to decide.
_PATIENCE_SECONDS: Final = 300.0
#: Of a 429 that says nothing: rows X32 and, for client data, A20.
_RATE_SECONDS: Final = 1.0
_CLIENT_DATA_SECONDS: Final = 60.0
_CLIENT_DATA: Final = "/v4/"


@dataclass(frozen=True, slots=True)
class Retries:
    """How often, and how long between: pauses double, and each is by chance between its half and its whole."""

    attempts: int = ATTEMPTS
    chance: Callable[[], float] = field(default=random.random)
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    sleep: Callable[[float], Awaitable[None]] = field(default=asyncio.sleep)

    def pause_after(self, attempt: int, problem: OutriderError, path: str) -> float | None:
        """Seconds to wait after a failed attempt, the first of which is 1; None to give up.

        What ``Retry-After`` says wins.
        """
        if attempt >= self.attempts or not _may_pass(problem):
            return None
        said = self._said(problem)
        if said is not None:
            return said if said <= _PATIENCE_SECONDS else None
        if isinstance(problem, ServerError) and problem.status == _RATE_LIMITED:
            return _CLIENT_DATA_SECONDS if path.startswith(_CLIENT_DATA) else _RATE_SECONDS
        whole: float = min(_FIRST_SECONDS * 2.0 ** (attempt - 1), _LONGEST_SECONDS)
        return whole * (1 + self.chance()) / 2

    def _said(self, problem: OutriderError) -> float | None:
        """The seconds of ``Retry-After``; None without any that can be read."""
        moment = time_of_retry(problem.retry_after, now := self.now()) if isinstance(problem, ServerError) else None
        return None if moment is None else max(0.0, (moment - now).total_seconds())


def _may_pass(problem: OutriderError) -> bool:
    if isinstance(problem, ServerError):
        return problem.status in _TRANSIENT or problem.code in _PASSING
    return problem.code == "SERVER_UNREACHABLE" and problem.facts.get("sent") is True
