"""Between the gate and an endpoint: once per Idempotency-Key, within the time allowed, only if its condition is met."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from outrider.api.conditional import NOT_MODIFIED, compares_versions, conditional, expected_of
from outrider.api.dependencies import wiring_of
from outrider.api.errors import respond
from outrider.problems import OutriderError

__all__ = ["AnsweredRoute", "answering"]

_Handler = Callable[[Request], Awaitable[Response]]


def _header(name: str, description: str, **schema: str) -> dict[str, Any]:
    """As OpenAPI describes a header that may be sent."""
    described = {"name": name, "in": "header", "required": False, "description": description}
    return {**described, "schema": {"type": "string", **schema}}


_TAG: Final = '(W/)?"[!#-~]*"'
#: What ``answering`` takes notice of, and where.
_HEADERS: Final[tuple[tuple[dict[str, Any], Callable[[APIRoute], bool]], ...]] = (
    (
        _header(
            "Idempotency-Key",
            "For 24 hours the same request with it gets the first one's answer, and is not done again.",
            pattern='^(?!""$)[!-~]{1,255}$',
        ),
        lambda route: "POST" in (route.methods or ()),
    ),
    (
        _header("If-Match", "Only if this is its `ETag`.", pattern=rf"^(\*|{_TAG}(, ?{_TAG})*)$"),
        lambda route: compares_versions(route) or NOT_MODIFIED in route.responses,
    ),
    (
        _header("If-None-Match", "Only if this is not its `ETag` any more."),
        lambda route: NOT_MODIFIED in route.responses,
    ),
)


class AnsweredRoute(APIRoute):
    """A route whose description says which headers count for it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if honoured := [header for header, counts in _HEADERS if counts(self)]:
            self.openapi_extra = {**(self.openapi_extra or {}), "parameters": honoured}


def answering(route: APIRoute, handle: _Handler) -> _Handler:
    """What the route's endpoint answers to a request that was let in.

    The time is that until an answer begins, so streams are not cut. Raises SERVER_TIMEOUT, what ``Idempotency.answer``
    and ``Precondition.check`` do, and what the endpoint raises.
    """
    compares, reads = compares_versions(route), "GET" in (route.methods or ())

    async def in_time(request: Request) -> Response:
        return await _in_time(handle(request), wiring_of(request).settings.request_timeout_seconds)

    async def answered(request: Request) -> Response:
        if reads:
            response = await in_time(request)
            return response if compares else conditional(request, response)
        if not compares:
            expected_of(request).check(None)
        if request.method == "POST":
            return await wiring_of(request).requests.idempotency.answer(request, route.path, in_time, respond)
        return await in_time(request)

    return answered


async def _in_time(answer: Awaitable[Response], seconds: float) -> Response:
    try:
        async with asyncio.timeout(seconds) as deadline:
            return await answer
    except TimeoutError:
        if deadline.expired():
            raise OutriderError("SERVER_TIMEOUT", seconds=seconds) from None
        raise
