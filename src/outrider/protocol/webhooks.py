"""Bodies of the webhooks API, in and out. Requests refuse fields that they don't know: a slip is not ignored."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from outrider.protocol.schemas import Text, Timestamp, Url

__all__ = [
    "AttemptBody",
    "CreateEndpoint",
    "CreatedEndpoint",
    "DeliveryBody",
    "DeliveryPage",
    "DeliveryStatus",
    "EndpointBody",
    "EndpointPage",
    "EventName",
    "RotateSecret",
    "RotatedSecret",
    "UpdateEndpoint",
]

EventName = Literal[
    "session.created",
    "session.status_changed",
    "session.deleted",
    "task.started",
    "task.completed",
    "task.question",
    "task.error",
]
DeliveryStatus = Literal["pending", "delivered", "failed"]

MAX_OVERLAP_SECONDS = 7 * 86_400

_Events = Annotated[
    list[EventName], Field(min_length=1, max_length=50, description="Which events it gets; null is all.")
]
_Description = Annotated[Text, Field(max_length=500, description="For people.")]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True)


class CreateEndpoint(_Request):
    """A receiver for the events of all sessions of the organisation."""

    url: Url = Field(
        description="http(s), at most 2,000 characters, without user and password.",
        examples=["https://example.org/hooks/outrider"],
    )
    events: _Events | None = None
    description: _Description = ""
    enabled: bool = True


class UpdateEndpoint(_Request):
    """What is to be changed; a field that is left out stays as it is."""

    url: Url = ""
    events: _Events | None = None
    description: _Description = ""
    enabled: bool = True


class RotateSecret(_Request):
    """How long the secrets before the new one sign as well."""

    overlap_seconds: float = Field(
        default=86_400, ge=0, le=MAX_OVERLAP_SECONDS, description="0 ends the others at once, after a leak."
    )


class EndpointBody(_Reply):
    """A receiver."""

    id: str
    scope: Literal["organisation", "session"] = Field(
        description="“session” stands for a URL that sessions named as their “webhook_url”."
    )
    url: str
    events: list[EventName] | None = Field(description="Null is all.")
    description: str
    enabled: bool
    disabled_reason: str | None = Field(description="Why the server has disabled it.")
    failures: int = Field(description="Attempts in a row that have failed.")
    created_at: Timestamp


class CreatedEndpoint(EndpointBody):
    """A new receiver, with the secret that signs what it gets; it is not shown again."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class EndpointPage(_Reply):
    """Receivers, ascending by id: those that were registered, then those of sessions."""

    endpoints: tuple[EndpointBody, ...]
    next_after: str | None = Field(description="Pass it as “after” for what comes next; null at the end.")


class RotatedSecret(_Reply):
    """The new secret; it is not shown again."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
    previous_expires_at: Timestamp = Field(description="Until then the secrets before it sign as well.")


class AttemptBody(_Reply):
    """One try to deliver."""

    at: Timestamp
    milliseconds: float
    status_code: int | None = Field(description="Null when there was no answer.")
    answer: str = Field(description="The beginning of the receiver's answer.")
    problem: str | None = Field(description="Why it counts as failed; null when it was delivered.")


class DeliveryBody(_Reply):
    """An event on its way to one receiver."""

    id: int
    event_id: str = Field(description="The header “webhook-id”: the same for every attempt and replay.")
    event: EventName
    endpoint_id: str
    session_id: str
    status: DeliveryStatus
    attempt_count: int
    attempts: tuple[AttemptBody, ...] = Field(description="The latest 20.")
    next_attempt_at: Timestamp | None = Field(
        description="When it is tried again; null before the first attempt, while it waits its turn, and at its end."
    )
    created_at: Timestamp
    payload: dict[str, Any] = Field(description="What is sent, but for “session.vnc_url”.")


class DeliveryPage(_Reply):
    """Deliveries, the newest first."""

    deliveries: tuple[DeliveryBody, ...]
    next_before: int | None = Field(description="Pass it as “before” for what comes next; null at the end.")
