"""DevTools over a WebSocket: how a browser that runs elsewhere is found and reached."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from outrider.browsers.cdp import decode
from outrider.problems import OutriderError
from outrider.protocol.urls import check_cdp_url
from outrider.screening.addresses import Policy, resolve
from outrider.screening.dialling import dial
from outrider.screening.hosts import site_of
from outrider.telemetry import get_logger

__all__ = ["WebSocketTransport", "browser_address", "shown_host"]

_CONNECT_SECONDS: Final = 10.0
#: Pictures of large pages are the largest messages.
_MAX_MESSAGE_BYTES: Final = 134_217_728
_MAX_VERSION_BYTES: Final = 65_536
#: What comes of taking apart a message that is JSON of another shape, or no JSON.
_NO_DEVTOOLS: Final = (ValueError, TypeError, LookupError, AttributeError)

_log = get_logger(__name__)


class WebSocketTransport:
    """``transport.Transport`` over a connection that ``open`` made."""

    def __init__(self, socket: ClientConnection, receive: Callable[[bytes], None], lost: Callable[[], None]) -> None:
        self._socket = socket
        self._receive = receive
        self._lost = lost
        self._outgoing: asyncio.Queue[bytes] = asyncio.Queue()
        self._tasks = (asyncio.create_task(self._read()), asyncio.create_task(self._write()))

    @classmethod
    async def open(
        cls, url: str, policy: Policy, receive: Callable[[bytes], None], lost: Callable[[], None]
    ) -> "WebSocketTransport":
        """Connect to a ws(s) address, at an address of its host that the policy allows.

        Raises EXTERNAL_BROWSER_UNREACHABLE, and what ``screening.addresses.resolve`` raises.
        """
        async with _reaching(url) as parts:
            sock = await _connected(url, policy)
            try:
                connection = await connect(
                    url,
                    sock=sock,
                    proxy=None,
                    compression=None,
                    max_size=_MAX_MESSAGE_BYTES,
                    open_timeout=_CONNECT_SECONDS,
                    close_timeout=1,
                    server_hostname=parts.hostname if parts.scheme == "wss" else None,
                )
            except BaseException:
                sock.close()
                raise
        return cls(connection, receive, lost)

    def send(self, message: bytes) -> None:
        """Queue one message."""
        self._outgoing.put_nowait(message)

    def close(self) -> None:
        """Cut the connection at once."""
        for task in self._tasks:
            task.cancel()
        self._socket.transport.abort()

    async def closed(self) -> None:
        """Wait until nothing of it runs any more."""
        await asyncio.wait(self._tasks)

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                self._receive(message if isinstance(message, bytes) else message.encode("utf-8", "surrogatepass"))
        except (WebSocketException, OSError):
            pass
        except _NO_DEVTOOLS:
            _log.info("what answers at the address of a browser speaks no DevTools")
        finally:
            self._lost()

    async def _write(self) -> None:
        try:
            while True:
                await self._socket.send((await self._outgoing.get()).decode())
        except (WebSocketException, OSError):
            return  # the reader hears of it too


async def browser_address(cdp_url: str, policy: Policy) -> str:
    """The WebSocket of the browser at a DevTools address: itself, or what its ``/json/version`` says.

    Raises CDP_URL_INVALID, EXTERNAL_BROWSER_UNREACHABLE, and what ``screening.addresses.resolve`` raises.
    """
    parts = _parts(cdp_url)
    if parts.scheme in ("ws", "wss"):
        return cdp_url
    async with _reaching(cdp_url):
        host, port = site_of(cdp_url)
        address = (await resolve(host, port, policy))[0]
        literal = f"[{address}]" if address.version == 6 else str(address)
        path = f"{parts.path.rstrip('/')}/json/version" + (f"?{parts.query}" if parts.query else "")
        version = await _version(f"{parts.scheme}://{literal}:{port}{path}", parts)
    url = version.get("webSocketDebuggerUrl") if isinstance(version, dict) else None
    if not isinstance(url, str) or urlsplit(url).scheme not in ("ws", "wss"):
        reason = "Its /json/version names no “webSocketDebuggerUrl”."
        raise OutriderError("EXTERNAL_BROWSER_UNREACHABLE", host=shown_host(cdp_url), reason=reason)
    return url


def shown_host(cdp_url: str) -> str:
    """Host and port for messages; never what else is in the address, which may be secret."""
    try:
        host, port = site_of(cdp_url)
    except ValueError:
        return "unknown"
    return f"{host}:{port}"


async def _version(url: str, parts: SplitResult) -> Any:
    headers = {"Host": parts.netloc.rpartition("@")[2]}
    # Trust in the machine's own proxies and credentials would go round the screening.
    async with httpx.AsyncClient(trust_env=False, timeout=_CONNECT_SECONDS) as client:
        request = client.build_request("GET", url, headers=headers, extensions={"sni_hostname": parts.hostname})
        answer = await client.send(request, stream=True)
        body = bytearray()
        async for chunk in answer.aiter_raw():
            body += chunk
            if len(body) > _MAX_VERSION_BYTES:
                break
        await answer.aclose()
    answer.raise_for_status()
    return decode(bytes(body))


async def _connected(url: str, policy: Policy) -> socket.socket:
    """A socket to the first allowed address that takes the connection. Raises OSError."""
    host, port = site_of(url)
    addresses = await resolve(host, port, policy)
    async with asyncio.timeout(_CONNECT_SECONDS):
        return await dial(addresses, port)


@asynccontextmanager
async def _reaching(url: str) -> AsyncIterator[SplitResult]:
    """Whatever keeps us from the browser becomes EXTERNAL_BROWSER_UNREACHABLE, without its own words."""
    try:
        yield _parts(url)
    except (OSError, WebSocketException, httpx.HTTPError, ValueError) as error:
        kind = next((words for kinds, words in _REASONS if isinstance(error, kinds)), "The connection failed.")
        raise OutriderError("EXTERNAL_BROWSER_UNREACHABLE", host=shown_host(url), reason=kind) from error


_REASONS: Final[tuple[tuple[tuple[type[Exception], ...], str], ...]] = (
    ((TimeoutError, httpx.TimeoutException), f"It did not answer within {_CONNECT_SECONDS:g} s."),
    ((ConnectionRefusedError, httpx.ConnectError), "Nothing listens there."),
    ((httpx.HTTPStatusError, WebSocketException), "What answers there is no browser, or wants other credentials."),
    ((ValueError,), "What answers there is no browser."),
)


def _parts(url: str) -> SplitResult:
    """Raises CDP_URL_INVALID."""
    return urlsplit(check_cdp_url(url))
