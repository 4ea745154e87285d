"""What the endpoints that change something share: how they are described, and what they answer."""

from typing import Any, Final, TypeVar

from fastapi import Response

from outrider.api.client_data.answers import CONTENT, failures
from outrider.api.dependencies import Dependencies
from outrider.interfaces.identities import Principal
from outrider.protocol.client_data import Item
from outrider.protocol.conditional import Precondition

__all__ = ["UNCHANGED", "described", "nothing", "readable", "seen"]

_WITH_A_BODY: Final = ("MALFORMED_JSON", "MALFORMED_BODY", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE")
_FORMS: Final = ("text/json", "application/xml", "text/xml", "application/x-www-form-urlencoded")
_ON_ALL: Final = ("UNAUTHORIZED", "SCOPE_MISSING", "INSUFFICIENT_TIER", "VALIDATION_ERROR")

AnItem = TypeVar("AnItem", bound=Item)

#: What a change answers when it works: the item, or nothing.
UNCHANGED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": dict(CONTENT)},
    204: {"description": "It is like that already."},
}


def described(*codes: str, body: bool = True) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of an operation that changes something."""
    return failures(*_ON_ALL, *(_WITH_A_BODY if body else ()), *codes)


def readable(model: str) -> dict[str, Any]:
    """What OpenAPI has to know of the other forms of a body, beside JSON."""
    schema = {"$ref": f"#/components/schemas/{model}"}
    return {"requestBody": {"content": {form: {"schema": schema} for form in _FORMS}}}


async def seen(
    wiring: Dependencies, caller: Principal, resource: str, item: type[AnItem], oid: str, expected: Precondition
) -> tuple[AnItem, Precondition]:
    """The item, if it is as the client expects it, and the condition that it is still that when it is changed."""
    record = await wiring.client_data.reports.get(resource, caller.organisation_id, oid)
    found = item.of(record)
    return found, expected.handed_on(found.tag, record["version"])


def nothing() -> Response:
    """204: it is done, and there is nothing to tell."""
    return Response(status_code=204)
