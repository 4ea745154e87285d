"""Requests as such: the record that is kept of each, and the answers that are kept to be given again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

__all__ = ["IdempotencyStore", "RequestEntry", "RequestFilter", "RequestStore"]


@dataclass(frozen=True, slots=True)
class RequestEntry:
    """One answered request. Nothing in it is secret: see ``redaction``."""

    id: str
    organisation_id: str
    key_id: str
    #: Last five characters of the key.
    key_tail: str
    method: str
    url: str
    status: int
    #: The row of the catalogue; empty for success.
    code: str
    latency_ms: float
    #: Of failures, what may be kept of the request's body and of the answer's; else empty.
    request_body: str
    answer_body: str
    #: When it came in.
    at: datetime
    #: Its place among all; 0 before it is stored.
    number: int = 0


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Which requests are wanted; None is all."""

    status: int | None = None
    code: str | None = None
    method: str | None = None
    failed: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    #: Only numbers below.
    before: int | None = None


class RequestStore(Protocol):
    """The record of requests."""

    async def add(self, entries: tuple[RequestEntry, ...]) -> None: ...

    async def get(self, organisation_id: str, request_id: str) -> RequestEntry:
        """Raises REQUEST_NOT_FOUND, also for what belongs to another organisation."""
        ...

    async def find(self, organisation_id: str, wanted: RequestFilter, limit: int) -> tuple[RequestEntry, ...]:
        """Those that fit, the newest first."""
        ...

    async def purge(self, before: datetime) -> int:
        """Remove what is older; how many that were."""
        ...


class IdempotencyStore(Protocol):
    """Claims on idempotency keys. What is ``sealed`` is not for the store to read."""

    async def claim(self, claim_id: str, sealed: bytes, at: datetime, valid_since: datetime) -> bytes | None:
        """Store a claim, durably; or what is there already, unless it is older than ``valid_since``."""
        ...

    async def settle(self, claim_id: str, sealed: bytes) -> None:
        """Replace what is stored with a claim."""
        ...

    async def release(self, claim_id: str) -> None:
        """Forget a claim."""
        ...

    async def purge(self, before: datetime) -> int:
        """Remove claims that are older; how many that were."""
        ...
