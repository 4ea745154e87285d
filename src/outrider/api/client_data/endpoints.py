"""Receivers of webhooks: created, changed and deleted by whoever administers the client's account."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from pydantic import Field

from outrider.api.client_data.answers import CONTENT, answer_item
from outrider.api.client_data.reading import Oid
from outrider.api.client_data.resources import ADMINISTRATION
from outrider.api.client_data.writing import UNCHANGED, described, nothing, readable, seen
from outrider.api.conditional import Expected
from outrider.api.dependencies import Caller, Dependencies, Wiring
from outrider.interfaces.identities import Principal
from outrider.protocol.client_data import EndpointItem
from outrider.protocol.client_data_requests import EndpointInput, EndpointPatch

__all__ = ["add_endpoints"]

_PATH: Final = f"/v4/{ADMINISTRATION}/{{shortName}}/endpoints"
_OF_A_URL: Final = ("WEBHOOK_URL_REFUSED", "WEBHOOK_ENDPOINT_EXISTS")
_ON_AN_ENDPOINT: Final = ("RECORD_NOT_FOUND", "CLIENT_FORBIDDEN", "PRECONDITION_INVALID", "VERSION_CONFLICT")


class CreatedEndpoint(EndpointItem):
    """A new receiver, with the secret that signs what it gets; it is not shown again."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


def add_endpoints(router: APIRouter) -> None:
    """Add the endpoints that change receivers."""
    tags: Any = [ADMINISTRATION]
    router.post(
        _PATH,
        status_code=201,
        tags=tags,
        response_model=CreatedEndpoint,
        openapi_extra=readable("EndpointInput"),
        responses=described(*_OF_A_URL, "WEBHOOK_ENDPOINT_LIMIT") | {201: {"content": dict(CONTENT)}},
    )(create_endpoint)
    router.patch(
        f"{_PATH}/{{OID}}",
        tags=tags,
        response_model=EndpointItem,
        openapi_extra=readable("EndpointPatch"),
        responses=described(*_OF_A_URL, *_ON_AN_ENDPOINT, "WEBHOOK_ENDPOINT_FIXED") | UNCHANGED,
    )(change_endpoint)
    router.delete(f"{_PATH}/{{OID}}", status_code=204, tags=tags, responses=described(*_ON_AN_ENDPOINT, body=False))(
        delete_endpoint
    )


async def create_endpoint(request: Request, wiring: Wiring, caller: Caller, body: EndpointInput) -> Response:
    """Register a receiver for the events of all sessions. Its secret is in this answer and nowhere else."""
    endpoint, secret = await wiring.webhooks.create(
        caller, body.url, events=body.events, description=body.description, enabled=body.enabled
    )
    item = await _item(wiring, caller, endpoint.id)
    shown = CreatedEndpoint(**item.model_dump(), secret=secret)
    where = f"{wiring.base_url(request.scope)}{request.url.path}/{endpoint.id}"
    return answer_item(request, shown, 201, {"Location": where})


async def change_endpoint(
    request: Request, wiring: Wiring, caller: Caller, oid: Oid, body: EndpointPatch, expected: Expected
) -> Response:
    """Change what is given. Enabling it, and another URL, has what waits tried at once."""
    found, still = await seen(wiring, caller, "endpoints", EndpointItem, oid, expected)
    given = body.model_dump(exclude_unset=True)
    known = {**found.model_dump(mode="json"), "events": list(found.events), "enabled": found.state == "enabled"}
    changes = {name: value for name, value in given.items() if value != known[name]}
    if not changes:
        return nothing()
    await wiring.webhooks.change(caller, oid, changes, still)
    return answer_item(request, await _item(wiring, caller, oid))


async def delete_endpoint(wiring: Wiring, caller: Caller, oid: Oid, expected: Expected) -> Response:
    """Remove a receiver with its secrets and its ledger; what is pending is not sent any more."""
    _, still = await seen(wiring, caller, "endpoints", EndpointItem, oid, expected)
    await wiring.webhooks.delete(caller, oid, still)
    return nothing()


async def _item(wiring: Dependencies, caller: Principal, oid: str) -> EndpointItem:
    return EndpointItem.of(await wiring.client_data.reports.get("endpoints", caller.organisation_id, oid))
