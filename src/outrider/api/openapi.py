"""The OpenAPI document, without a server."""

from typing import Any

from outrider.api.app import with_surfaces

__all__ = ["openapi_document"]


def openapi_document() -> dict[str, Any]:
    """What a running server serves at ``/openapi.json``."""
    return with_surfaces().openapi()
