"""In front of every endpoint of the surface: whose key it is, which client the path names, then what was sent."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any, Final

import orjson
from fastapi import Depends, Path, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.security import APIKeyQuery

from outrider.api.answering import AnsweredRoute, answering
from outrider.api.bodies import JsonRequest, parse_json
from outrider.api.client_data.resources import scope_of
from outrider.api.dependencies import wiring_of
from outrider.api.errors import faults_of
from outrider.api.gate import KEY_SCHEMES, admit
from outrider.interfaces.identities import Principal
from outrider.limits.admission import Demand
from outrider.problems import OutriderError
from outrider.protocol.xml import Fields, parse_form, parse_xml, typed

__all__ = ["GATES", "ClientDataRoute"]


def client_of_path(
    short_name: Annotated[
        str, Path(alias="shortName", description="The client that the key is of.", examples=["default"])
    ],
) -> None:
    """For OpenAPI only, as are the schemes: ``ClientDataRoute`` checks both."""


GATES: Final = (
    Depends(client_of_path),
    *KEY_SCHEMES,
    Security(APIKeyQuery(name="api_key", scheme_name="api_key_in_query", auto_error=False)),
)
_JSON: Final = frozenset({"application/json", "text/json"})
_FORM: Final = "application/x-www-form-urlencoded"
_READERS: Final[Mapping[str, Callable[[bytes], Fields]]] = {
    "application/xml": parse_xml,
    "text/xml": parse_xml,
    _FORM: parse_form,
}


class ClientDataRoute(AnsweredRoute):
    """A route that authenticates and admits before it reads the body, which is JSON, XML or a form.

    Sets ``request.state.principal``. Raises UNAUTHORIZED, also for a key of another client than the path names, what
    ``Admission.admit`` does, UNSUPPORTED_MEDIA_TYPE, MALFORMED_JSON, MALFORMED_BODY, VALIDATION_ERROR.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The endpoint behind the gate."""
        answer = answering(self, super().get_route_handler())
        body: Any = self.body_field and self.body_field.field_info.annotation
        schema = None if body is None else body.model_json_schema()
        scope, tier = scope_of(self.path, next(iter(self.methods or ())))
        demand = Demand(scope, tier=tier)

        async def guarded(request: Request) -> Response:
            query_keys = request.query_params.getlist("api_key")
            authenticate = wiring_of(request).admission.authenticate
            request.state.principal = principal = await authenticate(request.headers, query_keys)
            _check_client(principal, request.path_params["shortName"])
            await admit(request, demand)
            readable = request if schema is None else await _readable(request, schema)
            try:
                return await answer(readable)
            except RequestValidationError as error:  # which this surface answers with 400
                summary, fields = faults_of(error.errors())
                raise OutriderError("VALIDATION_ERROR", summary=summary, fields=fields) from error

        return guarded


def _check_client(principal: Principal, short_name: str) -> None:
    """Names of clients are typed by people: letters may be small or large. Those that only fold to them are others."""
    if not short_name.isascii() or principal.short_name != short_name.lower():
        reason = "The key is not one of the client that the path names. Ask the client for its short name and a key."
        raise OutriderError("UNAUTHORIZED", reason=reason)


async def _readable(request: Request, schema: Mapping[str, Any]) -> Request:
    """The request with its body as JSON, whatever it came as."""
    body = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not body and kind != _FORM:  # of which that is one without fields
        return request
    if kind in _JSON or (kind.startswith("application/") and kind.endswith("+json")):
        parse_json(body)
    elif kind in _READERS:
        body = orjson.dumps(typed(_READERS[kind](body), schema))
    else:
        known = "JSON, XML (application/xml) and forms (application/x-www-form-urlencoded)"
        raise OutriderError("UNSUPPORTED_MEDIA_TYPE", content_type=kind[:100] or "none", accepted=known)
    return _as_json(request, body)


def _as_json(request: Request, body: bytes) -> Request:
    headers = [pair for pair in request.scope["headers"] if pair[0] != b"content-type"]
    scope = {**request.scope, "headers": [*headers, (b"content-type", b"application/json")]}
    parsed = JsonRequest(scope, request.receive)
    parsed._body = body
    return parsed
