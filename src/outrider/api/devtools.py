"""DevTools addresses of sessions: the token for one, the WebSocket behind it, and what clients ask for first."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Body, Request, WebSocket
from starlette.datastructures import Headers, QueryParams
from starlette.websockets import WebSocketDisconnect

from outrider.api.dependencies import Caller, Dependencies, Wiring
from outrider.api.errors import documented
from outrider.api.gate import KEY_SCHEMES, GuardedRoute
from outrider.api.sockets import check_origin, first_to_end, send_in_time, serve_socket, while_valid
from outrider.identities.session_tokens import Grant, Right
from outrider.interfaces.live import DevTools
from outrider.problems import OutriderError
from outrider.protocol.schemas import DevToolsToken, DevToolsTokenRequest

__all__ = ["router", "tokens"]

#: The DevTools front end that comes with Chromium.
_FRONT_END_SCHEME: Final = "devtools"
_ALL_DEFAULTS: Final = DevToolsTokenRequest()

router = APIRouter(prefix="/v1", include_in_schema=False)
tokens = APIRouter(prefix="/v1", route_class=GuardedRoute, dependencies=KEY_SCHEMES)


@tokens.post(
    "/sessions/{session_id}/devtools_tokens",
    tags=["browser"],
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
async def make_devtools_token(
    request: Request,
    session_id: str,
    wiring: Wiring,
    caller: Caller,
    body: Annotated[DevToolsTokenRequest, Body()] = _ALL_DEFAULTS,
) -> DevToolsToken:
    """An address for Playwright, Puppeteer or other DevTools clients, beside the session's own agent."""
    record = await wiring.operations.get(caller, session_id)
    expires_at = datetime.now(UTC) + timedelta(seconds=body.expires_in)
    token = wiring.tokens.issue(Grant(record.spec.organisation_id, record.id, Right.DEVTOOLS, expires_at))
    base_url = wiring.base_url(request.scope)
    return DevToolsToken(
        token=token,
        url=wiring.links.devtools_url(token, record.id, base_url),
        http_url=wiring.links.devtools_http_url(token, record.id, base_url),
        expires_at=expires_at,
    )


@router.get("/sessions/{session_id}/devtools/json/version")
@router.get("/sessions/{session_id}/devtools/json/version/")
async def version(request: Request, session_id: str, wiring: Wiring) -> dict[str, str]:
    """As a browser's own ``/json/version``: which browser, and the address of its WebSocket."""
    token = _token_of(request.headers, request.query_params)
    grant = wiring.tokens.verify(token, session_id, Right.DEVTOOLS)
    browser = await wiring.viewing.browser(grant.principal, session_id)
    url = wiring.links.devtools_url(token, session_id, wiring.base_url(request.scope))
    return await browser.version() | {"webSocketDebuggerUrl": url}


@router.websocket("/sessions/{session_id}/devtools/browser")
async def attach(websocket: WebSocket, session_id: str) -> None:
    """One DevTools client, from its token to its end."""
    wiring: Dependencies = websocket.app.state.dependencies

    async def work() -> None:
        check_origin(websocket, wiring, also=(_FRONT_END_SCHEME,))
        token = _token_of(websocket.headers, websocket.query_params)
        grant = wiring.tokens.verify(token, session_id, Right.DEVTOOLS)
        try:
            async with while_valid(grant):
                await _serve(websocket, wiring, grant)
        except OutriderError as problem:
            if problem.code == "BROWSER_CRASHED":  # as it does when the session ends: then that is the reason
                await wiring.viewing.settle_end(grant.principal, session_id)
            raise

    await serve_socket(websocket, wiring, work, lambda problem, request_id: None)


async def _serve(websocket: WebSocket, wiring: Dependencies, grant: Grant) -> None:
    browser = await wiring.viewing.browser(grant.principal, grant.session_id)
    async with browser.devtools() as client:
        await websocket.accept()
        await first_to_end(_bring(websocket, client), _take(websocket, client))


async def _bring(websocket: WebSocket, client: DevTools) -> None:
    while True:
        message = await client.receive()
        await send_in_time(websocket, message.decode())


async def _take(websocket: WebSocket, client: DevTools) -> None:
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        text = message.get("text")
        if text is None:
            raise OutriderError("SOCKET_MESSAGE_INVALID", reason="it is binary, and no text.")
        await client.send(text)


def _token_of(headers: Headers, query: QueryParams) -> str:
    """From the address, which is all that most clients can be given, or from ``Authorization: Bearer``."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else query.get("token", "")
