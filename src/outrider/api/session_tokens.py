"""Tokens for the browser of one session: to watch it, to take it over, or to attach to its DevTools."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Body, Request

from outrider.api.dependencies import Caller, Dependencies, SessionId, Wiring
from outrider.api.errors import documented
from outrider.api.gate import KEY_SCHEMES, GuardedRoute
from outrider.identities.session_tokens import Grant, Right
from outrider.interfaces.identities import Principal
from outrider.protocol.schemas import DevToolsToken, DevToolsTokenRequest, ViewToken, ViewTokenRequest

__all__ = ["router"]

_VIEW_DEFAULTS: Final = ViewTokenRequest()
_DEVTOOLS_DEFAULTS: Final = DevToolsTokenRequest()

router = APIRouter(
    prefix="/v1/sessions/{session_id}",
    tags=["browser"],
    route_class=GuardedRoute,
    dependencies=KEY_SCHEMES,
    responses=documented(
        "UNAUTHORIZED",
        "SESSION_NOT_FOUND",
        "SESSION_EXPIRED",
        "MALFORMED_JSON",
        "PAYLOAD_TOO_LARGE",
        "UNSUPPORTED_MEDIA_TYPE",
        "UNPROCESSABLE",
    ),
)


@router.post("/view_tokens")
async def make_view_token(
    request: Request,
    session_id: SessionId,
    wiring: Wiring,
    caller: Caller,
    body: Annotated[ViewTokenRequest, Body()] = _VIEW_DEFAULTS,
) -> ViewToken:
    """An address of the live view for somebody else: to watch, or also to take over."""
    grant = await _granted(wiring, caller, session_id, Right(body.right), body.expires_in, body.holder)
    token = wiring.tokens.issue(grant)
    url = wiring.links.view_url(token, grant.session_id, wiring.base_url(request.scope))
    return ViewToken(token=token, url=url, right=body.right, expires_at=grant.expires_at)


@router.post("/devtools_tokens", responses=documented("EXTERNAL_BROWSER_UNFIT"))
async def make_devtools_token(
    request: Request,
    session_id: SessionId,
    wiring: Wiring,
    caller: Caller,
    body: Annotated[DevToolsTokenRequest, Body()] = _DEVTOOLS_DEFAULTS,
) -> DevToolsToken:
    """An address for Playwright, Puppeteer or other DevTools clients, beside the session's own agent."""
    grant = await _granted(wiring, caller, session_id, Right.DEVTOOLS, body.expires_in)
    token, base_url = wiring.tokens.issue(grant), wiring.base_url(request.scope)
    return DevToolsToken(
        token=token,
        url=wiring.links.devtools_url(token, grant.session_id, base_url),
        http_url=wiring.links.devtools_http_url(token, grant.session_id, base_url),
        expires_at=grant.expires_at,
    )


async def _granted(
    wiring: Dependencies, caller: Principal, session_id: str, right: Right, seconds: int, holder: str = ""
) -> Grant:
    """What a token for a session of the caller's is to say.

    Raises SESSION_NOT_FOUND, SESSION_EXPIRED, and EXTERNAL_BROWSER_UNFIT for a right that its browser can't give.
    """
    record = await wiring.operations.get(caller, session_id)
    if right is Right.DEVTOOLS:
        wiring.viewing.check_attachable(record)
    expires_at = datetime.now(UTC) + timedelta(seconds=seconds)
    return Grant(record.spec.organisation_id, record.id, right, expires_at, holder)
