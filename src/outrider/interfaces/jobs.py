"""Work that is due at a time: webhooks, idle expiry, clean-up."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

#: Carries out one kind of job. It may be called again for a job that it had carried out; raising means: try later.
JobHandler = Callable[[Mapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Job:
    """A stored job."""

    #: Never used twice, also when ``key`` is.
    id: int
    key: str
    kind: str
    body: Mapping[str, Any]
    run_at: datetime
    #: How often it has failed.
    attempts: int


class JobStore(Protocol):
    """The record of jobs. Every method is one transaction, durable when it returns. Raises STORAGE_FAILED."""

    async def put(self, kind: str, body: Mapping[str, Any], *, at: datetime, key: str) -> None:
        """Store a job in place of any earlier one with this key."""
        ...

    async def upcoming(self, limit: int) -> tuple[Job, ...]:
        """The jobs to be done first, earliest first, due or not."""
        ...

    async def postpone(self, job_id: int, at: datetime) -> None:
        """It failed: count that, and try again at ``at``. Nothing happens if it was replaced."""
        ...

    async def finish(self, job_id: int) -> None:
        """It is done. Nothing happens if it was replaced."""
        ...
