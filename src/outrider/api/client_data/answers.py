"""Answers of the surface: JSON or XML, as the client prefers, with the ETag of the item."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request, Response
from pydantic import BaseModel

from outrider.api.errors import documented
from outrider.protocol.client_data import Item
from outrider.protocol.negotiation import FORMS, content_type, preferred, written

__all__ = ["CONTENT", "answer", "answer_item", "failures"]

#: How OpenAPI names the forms of an answer.
CONTENT: Final[Mapping[str, Any]] = {form: {} for form in FORMS}


def failures(*codes: str) -> dict[int | str, dict[str, Any]]:
    """``documented``, in all forms."""
    return {status: {**entry, "content": CONTENT | entry["content"]} for status, entry in documented(*codes).items()}


def answer(request: Request, model: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """The model as the client prefers it."""
    form = preferred(request.headers.get("accept", ""))
    root = type(model).__name__.partition("[")[0].removesuffix("Item")
    body = written(form, root, model.model_dump(mode="json", by_alias=True))
    return Response(body, status, {"Vary": "Accept", **(headers or {})}, content_type(form))


def answer_item(request: Request, item: Item, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """One item with its ETag."""
    return answer(request, item, status, {"ETag": item.tag, **(headers or {})})
