"""Listening for HTTP, and stopping: no new connections, work interrupted with a reason, streams ended, all closed."""

import asyncio
import errno
import gc
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import uvicorn
import uvloop

from outrider.config import Settings
from outrider.problems import OutriderError
from outrider.server.composition import Server, open_parts
from outrider.server.connection import connection_type
from outrider.server.folder import held_folder
from outrider.server.open_files import raise_open_files
from outrider.server.sockets import MAX_MESSAGE_BYTES, Socket
from outrider.telemetry import get_logger

__all__ = ["open_server", "run_server", "serve"]

#: Time for requests under way to end once the engine has stopped.
_GRACE_SECONDS: Final = 2
#: When uvicorn cancels requests; by then all have ended.
_UVICORN_GRACE_SECONDS: Final = 10
#: Where a client on this machine gets through to a server that listens everywhere.
_REACHED_AT: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104

log = get_logger(__name__)


def run_server(settings: Settings, ready: Callable[[Server], None]) -> None:
    """``serve`` in an event loop of its own (uvloop)."""
    uvloop.run(serve(settings, ready))


async def serve(settings: Settings, ready: Callable[[Server], None]) -> None:
    """Serve until SIGTERM or SIGINT; ``ready`` is called once requests are answered.

    Raises DATA_FOLDER_IN_USE, DATA_FOLDER_UNUSABLE, PORT_IN_USE, CONFIG_INVALID; INTERNAL_ERROR when it stopped
    listening by itself.
    """
    raise_open_files()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        async with open_server(settings, on_end=stop.set) as server:
            gc.freeze()  # modules stay as long as the process: no collection has to walk over them
            ready(server)
            await stop.wait()
            log.info("server stops")
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


@asynccontextmanager
async def open_server(settings: Settings, on_end: Callable[[], None] = lambda: None) -> AsyncIterator[Server]:
    """A server that answers requests for as long as the block runs. Raises as ``serve`` does.

    ``on_end`` is called when it listens no more, for whatever reason.
    """
    with held_folder(settings.data_dir) as lock, _bound(settings.host, settings.port) as listener:
        url = _url_of(settings.host, listener)
        async with open_parts(settings, url) as server:
            http = _HttpServer(server)
            serving = asyncio.create_task(http.serve(sockets=[listener]), name="http")
            serving.add_done_callback(lambda _: on_end())
            lock.announce(url)
            log.info("server listens", url=url)
            try:
                yield server
            finally:
                http.should_exit = True
                await server.stop()
                await http.end(serving)


class _HttpServer(uvicorn.Server):
    """uvicorn without handlers of process signals."""

    def __init__(self, server: Server) -> None:
        super().__init__(
            uvicorn.Config(
                server.app,
                http=connection_type(server.settings.body_timeout_seconds),
                ws=Socket,
                ws_max_size=MAX_MESSAGE_BYTES,
                ws_per_message_deflate=False,  # pictures don't get smaller
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_UVICORN_GRACE_SECONDS,
            )
        )

    async def end(self, serving: asyncio.Task[None]) -> None:
        """Wait for the end of ``serve``; clients that don't read what they asked for are cut off.

        Raises INTERNAL_ERROR when it had ended by itself; the log says why.
        """
        done, _ = await asyncio.wait({serving}, timeout=_GRACE_SECONDS)
        if not done:
            log.info("connections cut off", count=len(self.server_state.connections))
            for connection in tuple(self.server_state.connections):
                if connection.transport is not None:
                    connection.transport.abort()
        (failure,) = await asyncio.gather(serving, return_exceptions=True)
        if failure is not None:
            log.error("server stopped listening by itself", exc_info=failure)
            raise OutriderError("INTERNAL_ERROR") from failure

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None: ``serve`` decides when to stop."""
        yield


def _bound(host: str, port: int) -> socket.socket:
    """A socket that listens, so that clients wait rather than fail while the server opens. Raises PORT_IN_USE,
    and CONFIG_INVALID for an address that this machine does not have.
    """
    listener: socket.socket | None = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError as error:
        if listener is not None:
            listener.close()
        if error.errno == errno.EADDRINUSE:
            raise OutriderError("PORT_IN_USE", host=host, port=port) from error
        summary = f"it can't listen on {host}:{port} ({error.strerror})"
        raise OutriderError("CONFIG_INVALID", summary=summary, source="“host” or “port”") from error
    return listener


def _url_of(host: str, listener: socket.socket) -> str:
    """Where a client on this machine gets through."""
    reached = _REACHED_AT.get(host, host)
    port = listener.getsockname()[1]
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"
