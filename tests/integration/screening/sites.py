"""What tests of the way out need around a browser: a site that may be reached, and machines that may not."""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, urlsplit

from outrider.screening.egress import PROBLEM_HEADER

#: RFC 6455, section 1.3.
_WEBSOCKET_GUID: Final = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Site:
    """A web server that remembers what it was asked."""

    port: int = 0
    #: Paths by the order of their requests.
    asked: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    #: Connections so far.
    connections: int = 0
    pages: dict[str, str] = field(default_factory=dict)
    #: Told about each connection before it is read from.
    on_connection: Callable[[], None] = lambda: None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.on_connection()
        try:
            while head := await _read_head(reader):
                self.heads.append(head)
                target = head.split()[1]
                self.asked.append(target)
                self.bodies.append(await _read_body(reader, head))
                if "upgrade: websocket" in head.lower():
                    await _echo(reader, writer, head)
                    return
                status, headers, body = self.answer(target)
                lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
                writer.write(f"HTTP/1.1 {status} X\r\n{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                await writer.drain()
                if headers.get("Connection") == "close":
                    return
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    def answer(self, target: str) -> Answer:
        parts = urlsplit(target)
        query = parse_qs(parts.query, keep_blank_values=True)
        headers = {"Content-Type": "text/html; charset=utf-8"}
        if "close" in query:
            headers["Connection"] = "close"
        if "pretend" in query:
            headers[PROBLEM_HEADER] = "ADDRESS_REFUSED"
        if "to" in query:
            return 302, headers | {"Location": query["to"][0]}, b""
        if "bytes" in query:
            return 200, {"Content-Type": "application/octet-stream"}, bytes(int(query["bytes"][0]))
        if parts.path.endswith(".js"):
            headers["Content-Type"] = "text/javascript"
        page = self.pages.get(parts.path, f"<!doctype html><title>{parts.path}</title><h1>Page</h1>")
        return 200, headers, page.encode()


@asynccontextmanager
async def serving(site: Site, *addresses: str) -> AsyncIterator[Site]:
    """The site on a free port of the addresses, by default of 127.0.0.1 and ::1."""
    async with AsyncExitStack() as stack:
        for address in addresses or ("127.0.0.1", "::1"):
            server = await stack.enter_async_context(await asyncio.start_server(site.serve, address, site.port))
            site.port = server.sockets[0].getsockname()[1]
        yield site


class Datagrams(asyncio.DatagramProtocol):
    """A UDP socket that remembers who sent something."""

    def __init__(self) -> None:
        self.received: list[bytes] = []

    def datagram_received(self, data: bytes, addr: tuple[str | int, ...]) -> None:
        del addr
        self.received.append(data)


@asynccontextmanager
async def listening_for_datagrams(port: int = 0) -> AsyncIterator[tuple[Datagrams, int]]:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(Datagrams, local_addr=("127.0.0.1", port))
    try:
        yield protocol, transport.get_extra_info("sockname")[1]
    finally:
        transport.close()


async def _read_head(reader: asyncio.StreamReader) -> str:
    try:
        return (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return ""


async def _read_body(reader: asyncio.StreamReader, head: str) -> bytes:
    headers = dict(line.lower().split(": ", 1) for line in head.splitlines()[1:] if ": " in line)
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(await reader.readline(), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
        return body
    return await reader.readexactly(int(headers.get("content-length", 0)))


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
    """Accept a WebSocket and send its first (short) message back."""
    key = next(line.split(": ")[1] for line in head.splitlines() if line.lower().startswith("sec-websocket-key"))
    accept = base64.b64encode(hashlib.sha1((key + _WEBSOCKET_GUID).encode()).digest()).decode()  # noqa: S324
    upgrade = "Upgrade: websocket\r\nConnection: Upgrade"
    writer.write(f"HTTP/1.1 101 X\r\n{upgrade}\r\nSec-WebSocket-Accept: {accept}\r\n\r\n".encode())
    size = (await reader.readexactly(2))[1] & 0x7F
    mask = await reader.readexactly(4)
    text = bytes(byte ^ mask[place % 4] for place, byte in enumerate(await reader.readexactly(size)))
    writer.write(bytes((0x81, size)) + text)
    await writer.drain()
    await reader.read()
