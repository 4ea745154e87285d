"""Requests that the operator wants refused: before the body is read, and before anything says who asks."""

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from outrider.api.edge import new_request_id
from outrider.api.errors import error_response
from outrider.limits.blocks import Blocks, Seen
from outrider.problems import OutriderError

__all__ = ["BlockMiddleware"]


class BlockMiddleware:
    """Raises POLICY_REFUSED for requests; answers with it what would become a socket."""

    def __init__(self, app: ASGIApp, blocks: Blocks) -> None:
        self._app = app
        self._blocks = blocks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = HTTPConnection(scope)
        address = connection.client.host if connection.client else ""
        try:
            self._blocks.check(Seen(address, connection.headers.get("user-agent", ""), scope["path"]))
        except OutriderError as problem:
            if scope["type"] != "websocket":
                raise
            await WebSocket(scope, receive, send).send_denial_response(error_response(problem, new_request_id(), ""))
            return
        await self._app(scope, receive, send)
