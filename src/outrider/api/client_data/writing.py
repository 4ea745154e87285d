"""What the endpoints that change something share: how they are described, and what they answer."""

from typing import Any, Final

from fastapi import Response

from outrider.api.client_data.answers import CONTENT
from outrider.api.errors import documented
from outrider.interfaces.reports import Record
from outrider.protocol.client_data import Item
from outrider.protocol.conditional import UNCONDITIONAL, Precondition

__all__ = ["UNCHANGED", "described", "nothing", "readable", "version_of"]

_WITH_A_BODY: Final = ("MALFORMED_JSON", "MALFORMED_BODY", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE")
_FORMS: Final = ("text/json", "application/xml", "text/xml", "application/x-www-form-urlencoded")
_ON_ALL: Final = ("UNAUTHORIZED", "SCOPE_MISSING", "INSUFFICIENT_TIER", "VALIDATION_ERROR")


#: What a change answers when it works: the item, or nothing.
UNCHANGED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": dict(CONTENT)},
    204: {"description": "It is like that already."},
}


def described(*codes: str, body: bool = True) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of an operation that changes something."""
    return documented(*_ON_ALL, *(_WITH_A_BODY if body else ()), *codes)


def readable(model: str) -> dict[str, Any]:
    """What OpenAPI has to know of the other forms of a body, beside JSON."""
    schema = {"$ref": f"#/components/schemas/{model}"}
    return {"requestBody": {"content": {form: {"schema": schema} for form in _FORMS}}}


def nothing() -> Response:
    """204: it is done, and there is nothing to tell."""
    return Response(status_code=204)


def version_of(record: Record, item: type[Item], expected: Precondition) -> Precondition:
    """What a change has to find: if the client names an ETag, the version of the record that has this ETag.

    ``record`` says its version beside what is shown of it. Raises VERSION_CONFLICT.
    """
    expected.check(item.of(record).tag)
    return expected if expected == UNCONDITIONAL else Precondition(frozenset({record["version"]}))
