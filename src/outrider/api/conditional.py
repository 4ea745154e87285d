"""Versions of resources over HTTP: ``If-Match`` before a change, ``If-None-Match`` for what is only read.

One rule (RFC 9110, section 13.1.1): what is not known to be as ``If-Match`` says is left alone. An endpoint that takes
``Expected`` hands it to the operation, which compares where it changes the resource. What is read is compared with the
``ETag`` of its answer. All other requests compare nothing, so that of conditions only ``*`` is met.
"""

from typing import Annotated, Any, Final

from fastapi import Depends
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from outrider.protocol.conditional import Precondition, is_unchanged

__all__ = ["NOT_MODIFIED", "VERSIONED", "Expected", "compares_versions", "conditional", "expected_of"]

NOT_MODIFIED: Final = 304
#: Of an endpoint that reads what has an ``ETag``, among its ``responses``.
VERSIONED: Final[dict[int | str, dict[str, Any]]] = {
    NOT_MODIFIED: {"description": "It is the version of `If-None-Match`."}
}

#: What an answer without a body still says (RFC 9110, section 15.4.5).
_OF_BOTH: Final = ("cache-control", "etag", "vary")


def expected_of(request: Request) -> Precondition:
    """What the client expects the resource to be. Raises PRECONDITION_INVALID."""
    given = request.headers.getlist("if-match")
    return Precondition.of(", ".join(given) if given else None)


#: For endpoints that compare it.
Expected = Annotated[Precondition, Depends(expected_of)]


def compares_versions(route: APIRoute) -> bool:
    """Whether the endpoint takes ``Expected``."""
    return any(dependency.call is expected_of for dependency in route.dependant.dependencies)


def conditional(request: Request, response: Response) -> Response:
    """What was read, or 304 when the client has that version already. Raises as ``Precondition.check``."""
    if response.status_code != 200:
        return response
    etag = response.headers.get("etag")
    expected_of(request).check(etag)
    if etag is None:
        return response
    response.headers["Cache-Control"] = "private, no-cache"  # to be kept, and asked about each time
    if not is_unchanged(request.headers.get("if-none-match"), etag):
        return response
    return Response(None, NOT_MODIFIED, {name: response.headers[name] for name in _OF_BOTH if name in response.headers})
