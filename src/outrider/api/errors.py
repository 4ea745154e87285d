"""From any exception to an answer with the envelope; the only place where a failure becomes an HTTP response."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from outrider.api.dependencies import wiring_of
from outrider.api.routes import RouteTable
from outrider.problems import CATALOGUE, OutriderError
from outrider.protocol.negotiation import JSON, content_type, preferred, written
from outrider.protocol.schemas import ErrorEnvelope
from outrider.redaction import mask_field, mask_path, without_patterns
from outrider.telemetry import get_logger

__all__ = ["documented", "error_response", "faults_of", "respond"]

_SHOWN_CHARACTERS: Final = 200
#: Nothing shorter is worth keeping secret.
_SECRET_CHARACTERS: Final = 4
_SHOWN_FAULTS: Final = 20
_SUMMARISED_FAULTS: Final = 3
_PARAMETERS: Final = frozenset({"query", "path", "header", "cookie"})
#: What Pydantic says of strings, which it calls values with items once they have a validator.
_OF_STRINGS: Final[Mapping[str, str]] = {
    "too_long": "String should have at most {max_length} characters",
    "too_short": "String should have {min_length} or more characters",
}
#: Pydantic's name of the fault that a value is not the None which stands for a parameter that is absent.
_NOT_ABSENT: Final = "none_required"

#: Surfaces that answer in all forms begin so.
_WITH_FORMS: Final = "/v4/"

log = get_logger(__name__)


def error_response(
    problem: OutriderError, request_id: str, base_url: str, path: str = "", accept: str = ""
) -> Response:
    """The problem as an HTTP response. What of ``path`` is no name, id or number is not repeated in it.

    Where the surface has other forms than JSON, it is the one that ``accept`` prefers.
    """
    headers = {"X-Request-Id": request_id}
    if problem.retry_after_seconds is not None:
        headers["Retry-After"] = str(problem.retry_after_seconds)
    if problem.problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if problem.code == "METHOD_NOT_ALLOWED":
        headers["Allow"] = str(problem.facts["allowed"])
    if problem.code == "RANGE_NOT_SATISFIABLE":
        headers["Content-Range"] = f"bytes */{problem.facts['bytes']}"
    if problem.code == "REQUEST_TIMEOUT":
        headers["Connection"] = "close"
    envelope = problem.as_envelope(request_id, base_url)
    for segment in _repeated_secrets(path, str(envelope)):
        envelope = _without(envelope, segment)
    form = JSON
    if path.startswith(_WITH_FORMS):
        form, headers["Vary"] = preferred(accept), "Accept"
    return Response(_rendered(envelope, form), problem.problem.status, headers, content_type(form))


def _rendered(envelope: Any, form: str) -> bytes:
    """Whatever is in the facts, this never fails, and repeats no key that was sent in a wrong place."""
    text = json.dumps(envelope, ensure_ascii=False, separators=(",", ":"), default=str)
    if form != JSON:
        text = written(form, "Failure", json.loads(text)).decode()
    return without_patterns(text).encode("utf-8", "replace")


def _repeated_secrets(path: str, told: str) -> Iterator[str]:
    """Segments of a path that may be secrets and were told. Shorter ones are none, and would be found in any text."""
    for segment in set(path.split("/")):
        if len(segment) >= _SECRET_CHARACTERS and segment in told and mask_path(segment) != segment:
            yield segment


def _without(value: Any, text: str) -> Any:
    """A copy of JSON without a text."""
    if isinstance(value, str):
        return value.replace(text, "…")
    if isinstance(value, Mapping):
        return {name: _without(item, text) for name, item in value.items()}
    return [_without(item, text) for item in value] if isinstance(value, list) else value


async def respond(request: Request, error: Exception) -> Response:
    """Exception handler of the app for ``OutriderError``, failed validation and what the router raises."""
    problem = _problem_of(request, error)
    request.state.code = problem.code
    if problem.code == "METHOD_NOT_ALLOWED" and request.method == "OPTIONS":
        allowed = str(problem.facts["allowed"])
        return JSONResponse({"methods": allowed.split(", ")}, headers={"Allow": allowed})
    base_url = wiring_of(request).base_url(request.scope)
    accept = request.headers.get("accept", "")
    return error_response(problem, request.state.request_id, base_url, request.url.path, accept)


def _problem_of(request: Request, error: Exception) -> OutriderError:
    if isinstance(error, OutriderError):
        return error
    if isinstance(error, RequestValidationError):
        summary, fields = faults_of(error.errors())
        return OutriderError("UNPROCESSABLE", summary=summary, fields=fields)
    if isinstance(error, HTTPException) and error.status_code in (404, 405):
        return _missed(request, error)
    log.error("unexpected error of the framework", exc_info=error)
    return OutriderError("INTERNAL_ERROR")


def faults_of(faults: Sequence[Mapping[str, Any]]) -> tuple[str, list[dict[str, str]]]:
    """What validation found, as a sentence and as a list of fields."""
    fields = [
        {"field": _field_of(fault["loc"]), "problem": _words_of(fault)}
        for fault in [fault for fault in faults if fault["type"] != _NOT_ABSENT][:_SHOWN_FAULTS]
    ]
    return "; ".join(f"{f['field']}: {f['problem']}" for f in fields[:_SUMMARISED_FAULTS]), fields


def _words_of(fault: Mapping[str, Any]) -> str:
    if isinstance(fault.get("input"), str) and fault["type"] in _OF_STRINGS:
        return _OF_STRINGS[fault["type"]].format_map(fault["ctx"])
    return str(fault["msg"]).removeprefix("Value error, ")


def _field_of(location: Sequence[object]) -> str:
    """``("body", "message")`` -> ``message``; the body as a whole is ``body``. Parameters have no parts."""
    parts = (location[1:2] if location[0] in _PARAMETERS else location[1:]) or location
    return ".".join(mask_field(str(part)) for part in parts)[:_SHOWN_CHARACTERS]


def _missed(request: Request, error: HTTPException) -> OutriderError:
    table: RouteTable = request.app.state.routes
    method, path = request.method[:_SHOWN_CHARACTERS], request.url.path
    shown = mask_path(path)
    suggestion, shown = table.suggestion(method, shown), shown[:_SHOWN_CHARACTERS]
    if error.status_code == 404:
        return OutriderError("ROUTE_NOT_FOUND", method=method, path=shown, suggestion=suggestion)
    allowed = ", ".join(sorted(table.methods(path))) or (error.headers or {}).get("Allow", "GET")
    return OutriderError("METHOD_NOT_ALLOWED", method=method, path=shown, suggestion=suggestion, allowed=allowed)


#: Refers to what the default answer has as its model: a model of its own for each status would take its time.
_ENVELOPE: Final = {"$ref": f"#/components/schemas/{ErrorEnvelope.__name__}"}


def documented(*codes: str) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of an operation in OpenAPI: the envelope for each of these codes, with examples."""
    other = {"model": ErrorEnvelope, "description": "Any other failure", "content": {}}
    found: dict[int | str, dict[str, Any]] = {"default": other}
    for code in (*codes, "INTERNAL_ERROR"):
        row = CATALOGUE[code]
        entry = found.setdefault(row.status, {"content": {"application/json": {"schema": _ENVELOPE, "examples": {}}}})
        entry["description"] = f"{entry['description']}, {code}" if "description" in entry else code
        example = OutriderError(code, **{name: f"<{name}>" for name in row.facts}).as_envelope("req_…")
        entry["content"]["application/json"]["examples"][code] = {"value": example}
    return found
