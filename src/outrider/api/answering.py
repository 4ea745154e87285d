"""Between the gate and an endpoint: once per Idempotency-Key, within the time allowed, only if it has changed."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from outrider.api.conditional import conditional
from outrider.api.dependencies import wiring_of
from outrider.api.errors import respond
from outrider.problems import OutriderError

__all__ = ["answered"]


async def answered(request: Request, handle: Callable[[Request], Awaitable[Response]], route: str) -> Response:
    """What an endpoint answers to a request that was let in; ``route`` is its path template.

    The time is that until an answer begins, so streams are not cut. Raises SERVER_TIMEOUT, what ``Idempotency.answer``
    does, and what the endpoint raises.
    """
    wiring = wiring_of(request)

    async def work(request: Request) -> Response:
        return await _in_time(handle(request), wiring.settings.request_timeout_seconds)

    if request.method == "POST":
        return await wiring.requests.idempotency.answer(request, route, work, respond)
    return conditional(request, await work(request))


async def _in_time(answer: Awaitable[Response], seconds: float) -> Response:
    try:
        async with asyncio.timeout(seconds) as deadline:
            return await answer
    except TimeoutError:
        if deadline.expired():
            raise OutriderError("SERVER_TIMEOUT", seconds=seconds) from None
        raise
