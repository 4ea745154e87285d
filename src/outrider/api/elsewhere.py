"""WebSockets at addresses that have none: refused with the envelope, as requests are. Has to be the last surface."""

from typing import Final

from fastapi import APIRouter, WebSocket

from outrider.api.dependencies import Dependencies
from outrider.api.sockets import serve_socket
from outrider.problems import OutriderError
from outrider.redaction import mask_path

__all__ = ["router"]

_SHOWN_CHARACTERS: Final = 200

router = APIRouter()


@router.websocket("/{path:path}")
async def refuse(websocket: WebSocket) -> None:
    """Answer the handshake with ROUTE_NOT_FOUND."""
    wiring: Dependencies = websocket.app.state.dependencies

    async def work() -> None:
        shown = mask_path(websocket.url.path)[:_SHOWN_CHARACTERS]
        raise OutriderError("ROUTE_NOT_FOUND", method="WebSocket", path=shown, suggestion="")

    await serve_socket(websocket, wiring, work, lambda problem, request_id: None)
