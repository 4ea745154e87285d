"""Answers of the surface: JSON or XML, as the client prefers, with the ETag of the item."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from fastapi import Request, Response
from pydantic import BaseModel

from outrider.api.dependencies import wiring_of
from outrider.api.errors import error_response
from outrider.problems import OutriderError
from outrider.protocol.client_data import Item
from outrider.protocol.xml import to_xml

__all__ = ["CONTENT", "answer", "answer_item", "preferred", "problem_answer"]

_JSON: Final = ("application/json", "text/json")
_XML: Final = ("application/xml", "text/xml")
_KINDS: Final = (*_JSON, *_XML)

#: How OpenAPI names the other forms of an answer.
CONTENT: Final[Mapping[str, Any]] = {kind: {} for kind in _KINDS}


def preferred(accept: str) -> str:
    """The form of an answer: the first of those that the client likes best; JSON when it likes none of them.

    ``Accept`` has ranges with weights (RFC 9110, section 12.5.1).
    """
    ranges = [_range(part) for part in accept.split(",") if part.strip()]
    weights = {kind: _weight(kind, ranges) for kind in _KINDS}
    best = max(_KINDS, key=lambda kind: weights[kind])
    return best if ranges and weights[best] > 0 else _KINDS[0]


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weight = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
    try:
        return name, float(weight)
    except ValueError:
        return name, 0.0


def _weight(kind: str, ranges: list[tuple[str, float]]) -> float:
    """Of the closest range that includes the kind."""
    for including in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
        found = [weight for name, weight in ranges if name == including]
        if found:
            return max(found)
    return 0.0


def answer(request: Request, model: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """The model as the client prefers it."""
    kind = preferred(request.headers.get("accept", ""))
    content = model.model_dump(mode="json", by_alias=True)
    root = type(model).__name__.partition("[")[0].removesuffix("Item")
    return Response(_written(kind, root, content), status, {"Vary": "Accept", **(headers or {})}, _typed(kind))


def answer_item(request: Request, item: Item, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """One item with its ETag."""
    return answer(request, item, status, {"ETag": item.tag, **(headers or {})})


def problem_answer(request: Request, problem: OutriderError) -> Response:
    """The envelope, as the client prefers it."""
    request.state.code = problem.code
    response = error_response(problem, request.state.request_id, wiring_of(request).base_url(request.scope))
    kind = preferred(request.headers.get("accept", ""))
    if kind not in _XML:
        return response
    kept = {name: value for name, value in response.headers.items() if not name.startswith("content-")}
    return Response(to_xml("Failure", orjson.loads(response.body)), response.status_code, kept, _typed(kind))


def _written(kind: str, root: str, content: Any) -> bytes:
    return to_xml(root, content) if kind in _XML else orjson.dumps(content)


def _typed(kind: str) -> str:
    return kind if kind == _JSON[0] else f"{kind}; charset=utf-8"
