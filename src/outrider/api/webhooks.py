"""The webhooks API: endpoints of the organisation, their secrets, and the ledger of deliveries."""

from typing import Annotated, Final

from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import Field

from outrider.api.conditional import VERSIONED, Expected
from outrider.api.dependencies import Absent, Caller, Wiring
from outrider.api.errors import documented
from outrider.api.gate import KEY_SCHEMES, GuardedRoute
from outrider.api.paging import LAST_ID, Before, Limit
from outrider.interfaces import webhooks as values
from outrider.protocol.schemas import Deletion, Text
from outrider.protocol.webhooks import (
    AttemptBody,
    CreatedEndpoint,
    CreateEndpoint,
    DeliveryBody,
    DeliveryPage,
    DeliveryStatus,
    EndpointBody,
    EndpointPage,
    EventName,
    RotatedSecret,
    RotateSecret,
    UpdateEndpoint,
)

__all__ = ["router"]

_DeliveryId = Annotated[int, Path(ge=1, le=LAST_ID)]
_Id = Annotated[Text, Field(max_length=100)]

_WITH_A_BODY: Final = ("MALFORMED_JSON", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "UNPROCESSABLE")
_ON_AN_ENDPOINT: Final = ("UNAUTHORIZED", "WEBHOOK_ENDPOINT_NOT_FOUND")
_OF_A_URL: Final = ("WEBHOOK_URL_REFUSED", "WEBHOOK_ENDPOINT_EXISTS")
_IF_SAME: Final = ("PRECONDITION_INVALID", "VERSION_CONFLICT")

_DEFAULT_ROTATION: Final = RotateSecret()

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], route_class=GuardedRoute, dependencies=KEY_SCHEMES)


# --- endpoints


@router.post("/endpoints", responses=documented("UNAUTHORIZED", *_WITH_A_BODY, *_OF_A_URL, "WEBHOOK_ENDPOINT_LIMIT"))
async def create_endpoint(wiring: Wiring, caller: Caller, body: CreateEndpoint, answer: Response) -> CreatedEndpoint:
    """Register a receiver for the events of all sessions. Its secret is in this answer and nowhere else."""
    endpoint, secret = await wiring.webhooks.create(
        caller, body.url, events=body.events or (), description=body.description, enabled=body.enabled
    )
    answer.headers["ETag"] = endpoint.etag
    return CreatedEndpoint(**_endpoint_body(endpoint).model_dump(), secret=secret)


@router.get("/endpoints", responses=documented("UNAUTHORIZED", "UNPROCESSABLE", "LIMIT_OUT_OF_RANGE"))
async def list_endpoints(
    wiring: Wiring,
    caller: Caller,
    after: Annotated[_Id, Query(description="Only endpoints with ids above.")] = "",
    limit: Limit = 100,
) -> EndpointPage:
    """All receivers: those that were registered, and those of URLs that sessions named."""
    found = await wiring.webhooks.all(caller, after=after, limit=limit)
    next_after = found[-1].id if len(found) == limit else None
    return EndpointPage(endpoints=tuple(map(_endpoint_body, found)), next_after=next_after)


@router.get("/endpoints/{endpoint_id}", responses=documented(*_ON_AN_ENDPOINT) | VERSIONED)
async def get_endpoint(endpoint_id: str, wiring: Wiring, caller: Caller, answer: Response) -> EndpointBody:
    """The receiver as it is now."""
    endpoint = await wiring.webhooks.get(caller, endpoint_id)
    answer.headers["ETag"] = endpoint.etag
    return _endpoint_body(endpoint)


@router.patch(
    "/endpoints/{endpoint_id}",
    responses=documented(*_ON_AN_ENDPOINT, *_WITH_A_BODY, *_OF_A_URL, *_IF_SAME, "WEBHOOK_ENDPOINT_FIXED"),
)
async def update_endpoint(
    endpoint_id: str, wiring: Wiring, caller: Caller, expected: Expected, body: UpdateEndpoint, answer: Response
) -> EndpointBody:
    """Change what is given. Enabling it, and another URL, has what waits tried at once."""
    changes = body.model_dump(exclude_unset=True)
    if "events" in changes:
        changes["events"] = list(dict.fromkeys(changes["events"] or ()))
    endpoint = await wiring.webhooks.change(caller, endpoint_id, changes, expected)
    answer.headers["ETag"] = endpoint.etag
    return _endpoint_body(endpoint)


@router.delete("/endpoints/{endpoint_id}", responses=documented(*_ON_AN_ENDPOINT, *_IF_SAME))
async def delete_endpoint(endpoint_id: str, wiring: Wiring, caller: Caller, expected: Expected) -> Deletion:
    """Remove a receiver with its secrets and its ledger; what is pending is not sent any more."""
    await wiring.webhooks.delete(caller, endpoint_id, expected)
    return Deletion(deleted=True, message="Webhook endpoint deleted successfully")


@router.post(
    "/endpoints/{endpoint_id}/rotate",
    responses=documented(*_ON_AN_ENDPOINT, *_WITH_A_BODY, "WEBHOOK_SECRETS_LIMIT"),
)
async def rotate_secret(
    endpoint_id: str, wiring: Wiring, caller: Caller, body: Annotated[RotateSecret, Body()] = _DEFAULT_ROTATION
) -> RotatedSecret:
    """Sign with a new secret; until the overlap is over, deliveries bear the old signatures as well."""
    rotation = await wiring.webhooks.rotate(caller, endpoint_id, overlap_seconds=body.overlap_seconds)
    return RotatedSecret(secret=rotation.secret, previous_expires_at=rotation.previous_expires_at)


@router.post("/session-secret/rotate", responses=documented("UNAUTHORIZED", *_WITH_A_BODY, "WEBHOOK_SECRETS_LIMIT"))
async def rotate_session_secret(
    wiring: Wiring, caller: Caller, body: Annotated[RotateSecret, Body()] = _DEFAULT_ROTATION
) -> RotatedSecret:
    """A new secret for all URLs that sessions name as their `webhook_url`; the first call is how to get one."""
    rotation = await wiring.webhooks.rotate(caller, None, overlap_seconds=body.overlap_seconds)
    return RotatedSecret(secret=rotation.secret, previous_expires_at=rotation.previous_expires_at)


# --- deliveries


@router.get("/deliveries", responses=documented("UNAUTHORIZED", "UNPROCESSABLE", "LIMIT_OUT_OF_RANGE"))
async def list_deliveries(
    wiring: Wiring,
    caller: Caller,
    endpoint: Annotated[_Id | Absent, Query(description="Only to this endpoint.")] = None,
    session_id: Annotated[_Id | Absent, Query(description="Only of this session.")] = None,
    event: Annotated[EventName | Absent, Query(description="Only of this event.")] = None,
    status: DeliveryStatus | Absent = None,
    before: Annotated[Before | Absent, Query(description="Only with ids below.")] = None,
    limit: Limit = 50,
) -> DeliveryPage:
    """The ledger, the newest first: what was sent, what was answered, and what is tried again when."""
    wanted = values.DeliveryFilter(
        endpoint, session_id, event, None if status is None else values.DeliveryStatus(status), before
    )
    found = await wiring.webhooks.deliveries(caller, wanted, limit)
    next_before = found[-1].id if len(found) == limit else None
    return DeliveryPage(deliveries=tuple(map(_delivery_body, found)), next_before=next_before)


@router.get(
    "/deliveries/{delivery_id}", responses=documented("UNAUTHORIZED", "WEBHOOK_DELIVERY_NOT_FOUND", "UNPROCESSABLE")
)
async def get_delivery(delivery_id: _DeliveryId, wiring: Wiring, caller: Caller) -> DeliveryBody:
    """One delivery with its latest attempts."""
    return _delivery_body(await wiring.webhooks.delivery(caller, delivery_id))


@router.post(
    "/deliveries/{delivery_id}/replay",
    responses=documented(
        "UNAUTHORIZED",
        "WEBHOOK_DELIVERY_NOT_FOUND",
        "UNPROCESSABLE",
        "WEBHOOK_DELIVERY_PENDING",
        "WEBHOOK_ENDPOINT_DISABLED",
    ),
)
async def replay_delivery(delivery_id: _DeliveryId, wiring: Wiring, caller: Caller) -> DeliveryBody:
    """Make a finished delivery again, with the same `webhook-id`; it goes before those that came after it."""
    return _delivery_body(await wiring.webhooks.replay(caller, delivery_id))


def _endpoint_body(endpoint: values.Endpoint) -> EndpointBody:
    return EndpointBody.model_validate(
        {
            "id": endpoint.id,
            "scope": endpoint.scope.value,
            "url": endpoint.url,
            "events": list(endpoint.events) or None,
            "description": endpoint.description,
            "enabled": endpoint.enabled,
            "disabled_reason": endpoint.disabled_reason or None,
            "failures": endpoint.failures,
            "created_at": endpoint.created_at,
        }
    )


def _delivery_body(delivery: values.Delivery) -> DeliveryBody:
    return DeliveryBody.model_validate(
        {
            "id": delivery.id,
            "event_id": delivery.event_id,
            "event": delivery.event,
            "endpoint_id": delivery.endpoint_id,
            "session_id": delivery.session_id,
            "status": delivery.status.value,
            "attempt_count": delivery.attempt_count,
            "attempts": tuple(map(_attempt_body, delivery.attempts)),
            "next_attempt_at": delivery.next_attempt_at,
            "created_at": delivery.created_at,
            "payload": dict(delivery.payload),
        }
    )


def _attempt_body(attempt: values.Attempt) -> AttemptBody:
    return AttemptBody(
        at=attempt.at,
        milliseconds=attempt.milliseconds,
        status_code=attempt.status_code,
        answer=attempt.answer,
        problem=attempt.problem or None,
    )
