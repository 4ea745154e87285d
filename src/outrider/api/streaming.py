"""The response that carries an event stream."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import ExitStack, aclosing
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

__all__ = ["EventStream"]

_HEADERS: Final = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no", "Content-Type": "text/event-stream"}


class EventStream(Response):
    """Sends frames until they end or the client goes; what makes them is closed in either case before this returns.

    Starlette's own response leaves that to the garbage collector, which closes nested generators in any order.
    """

    def __init__(self, frames: AsyncGenerator[bytes, None], headers: Mapping[str, str]) -> None:
        super().__init__(headers={**_HEADERS, **headers})
        del self.headers["Content-Length"]
        self._frames = frames
        self._ended = ExitStack()

    def at_end(self, release: Callable[[], None]) -> None:
        """Have this called when the stream has ended, however it does."""
        self._ended.callback(release)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        del scope
        with self._ended:
            await self._run(receive, send)

    async def _run(self, receive: Receive, send: Send) -> None:
        sending = asyncio.create_task(self._send(send), name="event stream")
        leaving = asyncio.create_task(_gone(receive), name="event stream's client")
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, leaving):
                task.cancel()
            await asyncio.wait({sending, leaving})
        if not sending.cancelled():
            sending.result()

    async def _send(self, send: Send) -> None:
        async with aclosing(self._frames):
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            async for frame in self._frames:
                await send({"type": "http.response.body", "body": frame, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Receive) -> None:
    """Wait until the client has closed its connection."""
    while (await receive())["type"] != "http.disconnect":
        continue
