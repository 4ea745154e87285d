"""DevTools addresses of sessions: the WebSocket, and what clients ask for first."""

from typing import Final

from fastapi import APIRouter, Request, WebSocket
from starlette.datastructures import Headers, QueryParams
from starlette.websockets import WebSocketDisconnect

from outrider.api.dependencies import Dependencies, Wiring
from outrider.api.sockets import check_origin, first_to_end, send_in_time, serve_socket, while_valid
from outrider.identities.session_tokens import Grant, Right
from outrider.interfaces.live import DevTools
from outrider.problems import OutriderError

__all__ = ["router"]

#: The DevTools front end that comes with Chromium.
_FRONT_END_SCHEME: Final = "devtools"

router = APIRouter(prefix="/v1", include_in_schema=False)


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
