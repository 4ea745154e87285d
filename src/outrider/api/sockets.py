"""WebSockets: who may open one, and how one ends, whatever happens on it.

A refusal before the handshake is an HTTP answer with the envelope. Later it is the close code 4000 + the row's HTTP
status with the row's code as reason, after a last message where the connection has a form for one.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from outrider.api.dependencies import Dependencies
from outrider.api.edge import LOGGED_CHARACTERS, new_request_id
from outrider.api.errors import error_response
from outrider.identities.session_tokens import Grant
from outrider.problems import OutriderError
from outrider.redaction import mask_path
from outrider.telemetry import bound, get_logger

__all__ = ["CLOSE_BASE", "check_origin", "first_to_end", "send_in_time", "serve_socket", "while_valid"]

#: Close codes of applications begin here.
CLOSE_BASE: Final = 4000
#: Time for a client to take in one message.
SEND_SECONDS: Final = 10.0
#: Time for one that is being closed.
_FAREWELL_SECONDS: Final = 1.0

#: The last message before the connection closes, if there is to be one.
Farewell = Callable[[OutriderError, str], str | None]

log = get_logger(__name__)


async def serve_socket(
    websocket: WebSocket, wiring: Dependencies, work: Callable[[], Awaitable[None]], farewell: Farewell
) -> None:
    """Run ``work`` and close the connection as it ends; never raises but for cancellation."""
    request_id, started = new_request_id(), time.perf_counter()
    ended = "client left"
    with bound(request_id=request_id):
        try:
            await work()
            ended = "done"
            await websocket.close()
        except WebSocketDisconnect:
            pass
        except OutriderError as problem:
            ended = problem.code
            await _part(websocket, wiring, problem, request_id, farewell)
        except Exception:
            log.exception("socket failed with an internal error")
            ended = "INTERNAL_ERROR"
            await _part(websocket, wiring, OutriderError(ended), request_id, farewell)
        finally:
            # Without the query, which may hold a token.
            path = quote(mask_path(websocket.scope["path"]), safe="/")[:LOGGED_CHARACTERS]
            log.info("socket", path=path, ended=ended, seconds=round(time.perf_counter() - started, 1))


def check_origin(websocket: WebSocket, wiring: Dependencies, also: tuple[str, ...] = ()) -> None:
    """Let in pages of this server, of the schemes ``also``, and programs, which send no origin.

    Raises ORIGIN_REFUSED.
    """
    origin = websocket.headers.get("origin")
    if origin is None:
        return
    scheme, _, host = origin.partition("://")
    own = {wiring.base_url(websocket.scope).partition("://")[2].partition("/")[0], websocket.headers.get("host", "")}
    if scheme not in also and (scheme not in ("http", "https") or host not in own):
        raise OutriderError("ORIGIN_REFUSED", origin=origin[:100])


async def send_in_time(websocket: WebSocket, message: str | bytes) -> None:
    """Send one message. Raises SOCKET_TOO_SLOW, WebSocketDisconnect."""
    send = websocket.send_text(message) if isinstance(message, str) else websocket.send_bytes(message)
    try:
        async with asyncio.timeout(SEND_SECONDS):
            await send
    except TimeoutError as error:
        reason = f"A message waited for {SEND_SECONDS:g} s."
        raise OutriderError("SOCKET_TOO_SLOW", reason=reason) from error


@asynccontextmanager
async def while_valid(grant: Grant) -> AsyncIterator[None]:
    """Run the block until the token expires at the latest. Raises SESSION_TOKEN_EXPIRED."""
    try:
        async with asyncio.timeout((grant.expires_at - datetime.now(UTC)).total_seconds()) as limit:
            yield
    except TimeoutError as error:
        if limit.expired():
            raise grant.expired from error
        raise


async def first_to_end(*work: Coroutine[Any, Any, None]) -> None:
    """Run side by side until one returns or raises; the others are cancelled, and its outcome is this call's."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in tasks:
        if task in done:
            task.result()


async def _part(
    websocket: WebSocket, wiring: Dependencies, problem: OutriderError, request_id: str, farewell: Farewell
) -> None:
    try:
        async with asyncio.timeout(_FAREWELL_SECONDS):
            if websocket.application_state is WebSocketState.CONNECTING:
                base_url = wiring.base_url(websocket.scope)
                await websocket.send_denial_response(error_response(problem, request_id, base_url))
                return
            last = farewell(problem, request_id)
            if last is not None:
                await websocket.send_text(last)
            await websocket.close(CLOSE_BASE + problem.problem.status, problem.code)
    except (TimeoutError, WebSocketDisconnect, RuntimeError):
        return  # it has gone, or does not read
