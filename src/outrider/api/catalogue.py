"""The catalogue of failures, for whoever got a code."""

from typing import Any

from fastapi import APIRouter

from outrider.api.errors import documented
from outrider.problems import CATALOGUE, OutriderError

__all__ = ["router"]

router = APIRouter(prefix="/v1/errors", tags=["errors"])


@router.get("", responses=documented())
async def list_errors() -> dict[str, list[dict[str, Any]]]:
    """Every code that this server can answer with. Needs no key."""
    return {"errors": [row.describe() for row in CATALOGUE.values()]}


@router.get("/{code}", responses=documented("ERROR_CODE_UNKNOWN"))
async def get_error(code: str) -> dict[str, Any]:
    """What a code means and what to do about it. Needs no key."""
    row = CATALOGUE.get(code.upper())
    if row is None:
        raise OutriderError("ERROR_CODE_UNKNOWN", code=code[:100])
    return row.describe()
