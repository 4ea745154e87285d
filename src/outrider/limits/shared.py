"""Rolling windows that all processes share, in Redis or Valkey: the same rules, carried out there in one step.

The package “limits” has a moving window, too, but it holds a slot for longer than the window's length when both are
equal, and takes one window at a time, so that a request which the second one refuses has used a slot of the first.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from importlib import resources
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, cast

from outrider.limits.windows import PATIENCE, Limit, Outcome, RollingWindows, Verdict
from outrider.problems import OutriderError
from outrider.protocol.rate_limits import Window
from outrider.telemetry import get_logger

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["SharedWindows"]

#: For one answer of the store: longer would be felt by every request.
_ANSWER_SECONDS: Final = 0.5
#: Without the store, until it is asked again.
_PAUSE_SECONDS: Final = 5.0
_MICROSECONDS: Final = 1_000_000
#: Of all names in the store; the braces keep them on one node of a cluster.
_PREFIX: Final = "{outrider}:"

log = get_logger(__name__)


class SharedWindows:
    """``Windows`` in a store. While that can't be reached, this process counts for itself, and says so in the log."""

    def __init__(
        self, redis: "Redis", length_seconds: float, unreachable: type[Exception], clock: Callable[[], float] | None
    ) -> None:
        """``clock`` is in seconds, for tests; by default it is the store's own, which all processes share."""
        self._redis = redis
        self._script = redis.register_script(resources.files(__package__).joinpath("windows.lua").read_text("utf-8"))
        self._length = length_seconds
        self._unreachable = unreachable
        self._clock = clock
        self._alone = RollingWindows(length_seconds)
        self._ask_again_at = 0.0

    @classmethod
    def at(cls, uri: str, length_seconds: float, clock: Callable[[], float] | None = None) -> Self:
        """Windows in the store at that address, which is not spoken to yet.

        Raises DEPENDENCY_MISSING, and CONFIG_INVALID for an address that is none.
        """
        try:
            from redis.asyncio import Redis  # noqa: PLC0415 - of the extra “shared”
            from redis.asyncio.retry import Retry  # noqa: PLC0415
            from redis.backoff import NoBackoff  # noqa: PLC0415
            from redis.exceptions import RedisError  # noqa: PLC0415
        except ImportError as error:
            feature = "The setting “limits_store”"
            raise OutriderError("DEPENDENCY_MISSING", feature=feature, package="redis", extra="shared") from error
        try:
            redis = Redis.from_url(
                uri,
                socket_timeout=_ANSWER_SECONDS,
                socket_connect_timeout=_ANSWER_SECONDS,
                retry=Retry(NoBackoff(), 1),  # a connection may have become stale; by default it would try for seconds
            )
        except ValueError as error:
            summary = "limits_store: begins with none of redis://, rediss:// and unix://, or has a wrong part"
            raise OutriderError("CONFIG_INVALID", summary=summary, source="“limits_store”") from error
        return cls(redis, length_seconds, RedisError, clock)

    async def check(self) -> None:
        """Raises LIMITS_STORE_UNREACHABLE."""
        try:
            await self._redis.ping()
        except (self._unreachable, OSError, TimeoutError) as error:
            raise OutriderError("LIMITS_STORE_UNREACHABLE", reason=type(error).__name__) from error

    async def take(self, caller: str, limits: Sequence[Limit]) -> Outcome:
        answer = await self._run(caller, limits, take=True)
        if answer is None:
            return await self._alone.take(caller, limits)
        verdict, wait, *numbers = answer
        return Outcome(Verdict(verdict.decode()), _windows(limits, numbers), int(wait) / _MICROSECONDS)

    async def look(self, limits: Sequence[Limit]) -> tuple[Window, ...]:
        answer = await self._run("", limits, take=False)
        return await self._alone.look(limits) if answer is None else _windows(limits, answer[2:])

    async def _run(self, caller: str, limits: Sequence[Limit], *, take: bool) -> list[Any] | None:
        """What the script says; None if the store can't be reached."""
        if time.monotonic() < self._ask_again_at:
            return None
        keys = [f"{_PREFIX}refusals:{caller}", *(f"{_PREFIX}{limit.subject}" for limit in limits)]
        now = -1 if self._clock is None else round(self._clock() * _MICROSECONDS)
        length = round(self._length * _MICROSECONDS)
        arguments = [now, length, PATIENCE, int(take), *(limit.requests for limit in limits)]
        try:
            return cast("list[Any]", await self._script(keys, arguments))
        except (self._unreachable, OSError, TimeoutError) as error:
            log.warning("the store of limits can't be reached", reason=type(error).__name__)
            self._ask_again_at = time.monotonic() + _PAUSE_SECONDS
            return None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        async with asyncio.timeout(_PAUSE_SECONDS):
            await self._redis.aclose()


def _windows(limits: Sequence[Limit], numbers: Sequence[Any]) -> tuple[Window, ...]:
    """``numbers`` are, for each limit, what remains and the microseconds until the next slot returns."""
    pairs = zip(limits, numbers[::2], numbers[1::2], strict=True)
    return tuple(
        Window(limit.name, limit.requests, int(remaining), int(wait) / _MICROSECONDS)
        for limit, remaining, wait in pairs
    )
