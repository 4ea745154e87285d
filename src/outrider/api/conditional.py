"""Versions of resources over HTTP: ``If-Match`` before a change, ``If-None-Match`` for what is only read.

An endpoint says the version by the header ``ETag`` of its answer, and hands ``Expected`` to the operation that compares
it where it changes the resource. The rest happens here.
"""

from typing import Annotated, Final

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from outrider.protocol.conditional import Precondition, is_unchanged

__all__ = ["Expected", "conditional"]

#: What an answer without a body still says (RFC 9110, section 15.4.5).
_OF_BOTH: Final = ("cache-control", "etag", "vary")


def _precondition_of(request: Request) -> Precondition:
    return Precondition.of(request.headers.get("if-match"))


#: For endpoints: what the client expects the resource to be. Raises PRECONDITION_INVALID.
Expected = Annotated[Precondition, Depends(_precondition_of)]


def conditional(request: Request, response: Response) -> Response:
    """The response, or 304 when the client has that version already."""
    etag = response.headers.get("etag")
    if etag is None or request.method != "GET" or response.status_code != 200:
        return response
    response.headers["Cache-Control"] = "private, no-cache"  # to be kept, and asked about each time
    if not is_unchanged(request.headers.get("if-none-match"), etag):
        return response
    return Response(None, 304, {name: response.headers[name] for name in _OF_BOTH if name in response.headers})
