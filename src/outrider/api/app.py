"""The web application: surfaces, error handlers, middleware."""

from collections.abc import Iterable, Iterator
from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from outrider import __version__
from outrider.api import (
    admin,
    audit,
    balances,
    catalogue,
    devtools,
    elsewhere,
    events,
    files,
    health,
    live_view,
    maintenance,
    pages,
    payments,
    requests,
    scripts,
    session_tokens,
    sessions,
    swagger,
    vault,
    webhooks,
)
from outrider.api.blocking import BlockMiddleware
from outrider.api.bodies import BodyMiddleware
from outrider.api.client_data import router as client_data
from outrider.api.client_data.resources import TIERS
from outrider.api.dependencies import Dependencies
from outrider.api.edge import EdgeMiddleware
from outrider.api.errors import respond
from outrider.api.routes import RouteTable
from outrider.api.traffic import TrafficMiddleware
from outrider.limits.blocks import Blocks
from outrider.problems import OutriderError

__all__ = ["create_app", "with_surfaces"]

_DESCRIPTION: Final = """\
Browser sessions for AI agents. Send the header `Authorization: Bearer <key>` with every request under `/v1`,
except for the catalogue of errors.

A POST may bear `Idempotency-Key: <random text>`: for 24 hours the same request gets the same answer, and is not done
again. Answers with an `ETag` may be asked for with `If-None-Match`, and changed with `If-Match`.

Every failure is one row of [the catalogue](/v1/errors) and comes as the same envelope, with the request id that the
server's log bears.
"""
_TAGS: Final = [
    {"name": "sessions", "description": "A session owns one browser and its log."},
    {"name": "tasks", "description": "What a session is told, what it says, and how it is steered."},
    {"name": "scripts", "description": "Finished tasks as steps that run again without a model."},
    {"name": "browser", "description": "The page of a session, beside its task."},
    {"name": "files", "description": "What pages downloaded, and what is offered to be uploaded."},
    {"name": "webhooks", "description": "What your receivers are told, and the ledger of it."},
    {"name": "vault", "description": "Log-ins and cards that tasks use by name, and leave to pay."},
    {"name": "audit", "description": "What screening asked about, blocked, flagged and allowed."},
    {"name": "credits", "description": "What an organisation may spend: balance, statement, grants."},
    {"name": "requests", "description": "What was asked of the server, and what it answered."},
    {"name": "organisations", "description": "Clients of the server; for its operator."},
    {"name": "keys", "description": "What an organisation's programs prove themselves with, and what each may do."},
    {"name": "models", "description": "What decides for a session."},
    {"name": "errors", "description": "Every way in which a request or a task can fail."},
    *({"name": tier, "description": f"Client data. {text}"} for tier, text in TIERS.items()),
    {"name": "health", "description": "For whoever watches the server."},
]
_SURFACES: Final = (
    sessions,
    scripts,
    events,
    files,
    webhooks,
    vault,
    payments,
    audit,
    balances,
    client_data,
    swagger,
    requests,
    maintenance,
    admin,
    catalogue,
    health,
    pages,
    live_view,
    devtools,
    session_tokens,
    elsewhere,
)


def create_app(dependencies: Dependencies) -> FastAPI:
    """The ASGI app. Opening and closing what it depends on is the caller's business. Raises CONFIG_INVALID."""
    app = with_surfaces()
    app.state.dependencies = dependencies
    app.state.routes = RouteTable(_documented_routes())
    settings = dependencies.settings
    # The one added last is the outermost. A body that comes slowly takes no room of the requests under way.
    app.add_middleware(TrafficMiddleware, traffic=dependencies.requests.traffic)
    app.add_middleware(
        BodyMiddleware, limit_bytes=settings.max_body_bytes, timeout_seconds=settings.body_timeout_seconds
    )
    if blocks := Blocks.of(settings.block_rules):
        app.add_middleware(BlockMiddleware, blocks=blocks)
    app.add_middleware(EdgeMiddleware, dependencies=dependencies)
    return app


def with_surfaces() -> FastAPI:
    """All endpoints, with nothing behind them."""
    app = FastAPI(
        title="Outrider",
        version=__version__,
        description=_DESCRIPTION,
        openapi_tags=_TAGS,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers=dict.fromkeys((OutriderError, RequestValidationError, HTTPException), respond),
    )
    for surface in _SURFACES:
        app.include_router(surface.router)
    return app


def _documented_routes() -> Iterator[tuple[str, Iterable[str]]]:
    """Path and methods of every endpoint, without the cost of the OpenAPI document."""
    for surface in _SURFACES:
        for route in surface.router.routes:
            if isinstance(route, APIRoute) and route.include_in_schema:
                yield route.path, route.methods or ()
