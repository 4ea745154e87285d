"""The gate in front of every endpoint that needs a key: who asks first, then what was sent."""

from collections.abc import Callable, Coroutine, Mapping
from contextlib import ExitStack
from functools import partial
from typing import Any, Final

from fastapi import Request, Response, Security
from fastapi.security import APIKeyHeader, HTTPBearer

from outrider.api.answering import AnsweredRoute, answering
from outrider.api.bodies import JsonRequest
from outrider.api.dependencies import wiring_of
from outrider.api.streaming import EventStream
from outrider.limits.admission import Admitted, Demand
from outrider.problems import OutriderError

__all__ = ["KEY_SCHEMES", "GuardedRoute", "admit", "verb_of"]

#: For OpenAPI only: ``GuardedRoute`` checks the key.
KEY_SCHEMES = (
    Security(HTTPBearer(scheme_name="Bearer", description="A key of this server, or a token.", auto_error=False)),
    Security(APIKeyHeader(name="x-api-key", scheme_name="x-api-key", auto_error=False)),
    Security(APIKeyHeader(name="api_key", scheme_name="api_key", auto_error=False)),
)


class GuardedRoute(AnsweredRoute):
    """A route that authenticates and admits before it reads the body, and accepts a body only as JSON.

    Its first tag says to which area of scopes it belongs, its method says the verb. Sets ``principal`` and ``rate`` in
    ``request.state``. Raises UNAUTHORIZED, what ``Admission.admit`` does, UNSUPPORTED_MEDIA_TYPE, MALFORMED_JSON.
    A body that the endpoint does not ask for is ignored: some clients announce JSON on every request.
    """

    @property
    def scope(self) -> str:
        """What a key needs for it: ``sessions:read``."""
        tag, method = next(iter(self.tags)), next(iter(self.methods or ()))
        return f"{_AREAS.get(str(tag), tag)}:{verb_of(method)}"

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The endpoint behind the gate."""
        answer = answering(self, super().get_route_handler())
        reads_body = self.body_field is not None
        demand = Demand(self.scope, stream=self.response_class is EventStream)

        async def guarded(request: Request) -> Response:
            request.state.principal = await wiring_of(request).admission.authenticate(request.headers)
            admitted = await admit(request, demand)
            with ExitStack() as held:
                held.callback(admitted.release)
                json_request = JsonRequest(request.scope, request.receive)
                if reads_body and await json_request.body():
                    await _require_json(json_request)
                response = await answer(json_request)
                if isinstance(response, EventStream):
                    response.at_end(held.pop_all().close)
                return response

        return guarded


#: Tags whose endpoints are about the things of another area.
_AREAS: Final[Mapping[str, str]] = dict.fromkeys(("tasks", "scripts", "browser", "files", "models"), "sessions")
#: Verb by method (reference page ``agent-platforms``, section 3); what is not here changes something: write.
_VERBS: Final[Mapping[str, str]] = {"GET": "read", "DELETE": "manage"}


def verb_of(method: str) -> str:
    """The verb of the scope that a request with this method needs."""
    return _VERBS.get(method, "write")


async def admit(request: Request, demand: Demand) -> Admitted:
    """Admit the request of ``request.state.principal``. Sets ``request.state.rate``, also of what is refused, and
    ``confirm``, which what lasts calls from time to time: it raises once the request would not be let in any more.

    Raises what ``Admission.admit`` does.
    """
    admission, principal = wiring_of(request).admission, request.state.principal
    try:
        admitted = await admission.admit(principal, demand)
    except OutriderError:
        request.state.rate = await admission.rate_of(principal)
        raise
    request.state.rate = admitted.rate
    request.state.confirm = partial(admission.confirm, request.headers, demand)
    return admitted


async def _require_json(request: JsonRequest) -> None:
    if not request.is_json():
        content_type = request.headers.get("content-type", "none")[:100]
        raise OutriderError("UNSUPPORTED_MEDIA_TYPE", content_type=content_type, accepted="JSON")
    await request.json()
