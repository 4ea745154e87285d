"""Webhooks: endpoints, the ledger of deliveries, and the store that keeps both.

Times are aware UTC datetimes; durations are seconds, but where a name says milliseconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from outrider.protocol.conditional import Precondition, etag_of

__all__ = [
    "Attempt",
    "Delivery",
    "DeliveryFilter",
    "DeliveryStatus",
    "Endpoint",
    "Outgoing",
    "Scope",
    "Secret",
    "Verdict",
    "WebhookStore",
    "session_signer",
]


class Scope(StrEnum):
    """Whose events an endpoint gets."""

    #: Of all sessions of its organisation; registered by a client.
    ORGANISATION = "organisation"
    #: Of the sessions that named its URL as their ``webhook_url``; made when the first of them has something to tell.
    SESSION = "session"


class DeliveryStatus(StrEnum):
    """Where a delivery is."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


def session_signer(organisation_id: str) -> str:
    """Owner of the secrets that sign what goes to the URLs that sessions named."""
    return f"session-urls:{organisation_id}"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A receiver. It gets one delivery at a time, in the order in which the events happened."""

    id: str
    organisation_id: str
    scope: Scope
    url: str
    #: Names of the events that it gets; empty is all.
    events: tuple[str, ...]
    description: str
    enabled: bool
    #: Why the server has disabled it; empty while it has not.
    disabled_reason: str
    #: Attempts in a row that have failed.
    failures: int
    created_at: datetime

    @property
    def etag(self) -> str:
        """The version that it is in."""
        return etag_of(self)

    @property
    def signer(self) -> str:
        """Owner of the secrets that sign what is sent to it."""
        return self.id if self.scope is Scope.ORGANISATION else session_signer(self.organisation_id)


@dataclass(frozen=True, slots=True)
class Secret:
    """A sealed signing secret, and until when it signs; None is for good."""

    sealed: bytes
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver, and what came of it."""

    at: datetime
    milliseconds: float
    #: What the receiver answered; None when it did not.
    status_code: int | None
    #: Beginning of the body of the answer, without secrets.
    answer: str
    #: Why it counts as failed, in words; empty when it was delivered.
    problem: str
    #: The answer asks for no further attempt before then. Not recorded: the verdict has it.
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to one endpoint. Ids rise in the order in which the events happened."""

    id: int
    #: The header ``webhook-id``: the same for every attempt, every replay and every endpoint.
    event_id: str
    event: str
    endpoint_id: str
    session_id: str
    #: The body without ``session.vnc_url``, which is added when it is sent.
    payload: Mapping[str, Any]
    status: DeliveryStatus
    #: All attempts ever made; ``attempts`` has the latest of them.
    attempt_count: int
    attempts: tuple[Attempt, ...]
    #: When it is tried again; None before the first attempt, while it waits its turn, and at its end.
    next_attempt_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is needed to send the delivery whose turn it is."""

    endpoint: Endpoint
    delivery: Delivery
    #: Those that have not expired, the newest first.
    secrets: tuple[Secret, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a delivery and its endpoint after an attempt."""

    status: DeliveryStatus
    #: For a delivery that is still pending.
    retry_at: datetime | None = None
    #: The endpoint is to be disabled, and why.
    disable: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Which deliveries of an organisation are asked for; None is any."""

    endpoint_id: str | None = None
    session_id: str | None = None
    event: str | None = None
    status: DeliveryStatus | None = None
    #: Only those with smaller ids.
    before: int | None = None


class WebhookStore(Protocol):
    """The record of endpoints and deliveries. Every method is one transaction, durable when it returns.

    Deliveries are not put in by a method: the session store records them in the same transaction as the change that
    they tell of. Raises STORAGE_FAILED; WEBHOOK_ENDPOINT_NOT_FOUND and WEBHOOK_DELIVERY_NOT_FOUND for what is not
    there or belongs to another organisation.
    """

    async def add_endpoint(self, endpoint: Endpoint, secret: Secret, *, limit: int) -> None:
        """Raises WEBHOOK_ENDPOINT_EXISTS for a URL of the same scope, WEBHOOK_ENDPOINT_LIMIT at ``limit`` of them."""
        ...

    async def endpoints(self, organisation_id: str, *, after: str, limit: int) -> tuple[Endpoint, ...]:
        """Endpoints with ids above ``after``, ascending; those of scope ``organisation`` come first."""
        ...

    async def endpoint(self, organisation_id: str, endpoint_id: str) -> Endpoint: ...

    async def change_endpoint(
        self, organisation_id: str, endpoint_id: str, changes: Mapping[str, Any], expected: Precondition
    ) -> Endpoint:
        """Set ``url``, ``events``, ``description`` or ``enabled``; what waits is tried at once if it is enabled.

        Raises WEBHOOK_ENDPOINT_EXISTS for the URL of another one, VERSION_CONFLICT.
        """
        ...

    async def remove_endpoint(self, organisation_id: str, endpoint_id: str, expected: Precondition) -> None:
        """Remove an endpoint with its secrets and its ledger. Raises VERSION_CONFLICT."""
        ...

    async def ensure_secret(self, signer: str, secret: Secret) -> tuple[Secret, ...]:
        """Store a signer's first secret, unless it has one that has not expired; returns those that sign now."""
        ...

    async def add_secret(self, signer: str, secret: Secret, *, previous_until: datetime, limit: int) -> None:
        """Let a new secret sign, and the others until ``previous_until`` at most.

        Raises WEBHOOK_SECRETS_LIMIT when ``limit`` of them would sign.
        """
        ...

    async def due(self, limit: int) -> tuple[tuple[str, datetime], ...]:
        """Ids of enabled endpoints for which something waits, and when the next attempt is due; earliest first."""
        ...

    async def next_delivery(self, endpoint_id: str) -> Outgoing | None:
        """The pending delivery whose turn it is; None when there is none or the endpoint is disabled."""
        ...

    async def settle(self, outgoing: Outgoing, attempt: Attempt, verdict: Verdict) -> None:
        """Record an attempt and what becomes of it. Nothing happens if the endpoint was removed meanwhile.

        A failure does not count when the endpoint was enabled or got another URL meanwhile: it is tried at once.
        """
        ...

    async def deliveries(self, organisation_id: str, wanted: DeliveryFilter, limit: int) -> tuple[Delivery, ...]:
        """Deliveries that fit, the newest first."""
        ...

    async def delivery(self, organisation_id: str, delivery_id: int) -> Delivery: ...

    async def replay(self, organisation_id: str, delivery_id: int) -> Delivery:
        """Have a finished delivery made again, with the same event id, before those that came after it.

        Raises WEBHOOK_DELIVERY_PENDING for one that is not finished, WEBHOOK_ENDPOINT_DISABLED.
        """
        ...

    async def purge_deliveries(self, before: datetime) -> int:
        """Remove deliveries made before then, but those that wait for an enabled endpoint; returns how many.

        Endpoints of scope ``session`` go with their last delivery.
        """
        ...
