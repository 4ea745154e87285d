"""What a client can make the server hold on a WebSocket, before and without any right to be there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.frames import CloseCode, Frame, Opcode

from outrider.config import load_settings
from outrider.server.listening import open_server
from outrider.server.sockets import MAX_MESSAGE_BYTES

SECONDS = 60
HANDSHAKE = (
    "GET /live/some/socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


@asynccontextmanager
async def connected(folder: Path) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A raw connection to a server."""
    settings = load_settings(data_dir=folder, port=0, warm_browsers=0)
    async with asyncio.timeout(SECONDS), open_server(settings) as server:
        address = urlsplit(server.url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        try:
            yield reader, writer
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


@asynccontextmanager
async def stranger(folder: Path) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A raw WebSocket to the live view of a server, on which nothing was said yet."""
    async with connected(folder) as (reader, writer):
        writer.write(HANDSHAKE.encode())
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101")
        yield reader, writer


def frame(opcode: Opcode, data: bytes, *, fin: bool = True) -> bytes:
    return Frame(opcode, data, fin=fin).serialize(mask=True)


async def test_a_message_in_parts_is_not_collected_beyond_what_viewers_send(tmp_path: Path) -> None:
    async with stranger(tmp_path) as (reader, writer):
        half = bytes(MAX_MESSAGE_BYTES // 2 + 1)
        # No more than its head of the second part: what lies unread when the server hangs up has the answer lost.
        writer.write(frame(Opcode.TEXT, half, fin=False) + frame(Opcode.CONT, half, fin=False)[:14])
        assert CloseCode.MESSAGE_TOO_BIG.to_bytes(2) in await reader.read()


async def test_pings_of_a_client_that_does_not_read_are_not_all_answered(tmp_path: Path) -> None:
    async with stranger(tmp_path) as (reader, writer):
        flood = frame(Opcode.PING, bytes(125)) * 10_000
        answered = 0
        with suppress(ConnectionResetError):  # a slow one is hung up on before it has sent all
            for _ in range(40):
                writer.write(flood)
                await writer.drain()
            writer.write(frame(Opcode.CLOSE, CloseCode.NORMAL_CLOSURE.to_bytes(2)))
            while data := await reader.read(1_000_000):
                answered += len(data)
        assert answered < 40 * len(flood) / 2


@pytest.mark.parametrize(
    ("handshake", "status", "code"),
    [
        (
            HANDSHAKE.replace("GET", "POST").replace("Host", "Content-Length: 3\r\nHost") + "abc",
            400,
            "MALFORMED_REQUEST",
        ),
        (HANDSHAKE.replace("Host", f"X: {'x' * 20_000}\r\nHost"), 400, "MALFORMED_REQUEST"),
        (HANDSHAKE.replace("Host", "Origin: http://[\r\nHost"), 403, "ORIGIN_REFUSED"),
        (HANDSHAKE.replace("localhost", "[:::]\r\nOrigin: http://localhost"), 403, "ORIGIN_REFUSED"),
        (HANDSHAKE.replace("Host", "Origin: null\r\nHost"), 403, "ORIGIN_REFUSED"),
    ],
)
async def test_a_handshake_that_is_none_is_answered_and_closed(
    handshake: str, status: int, code: str, tmp_path: Path
) -> None:
    async with connected(tmp_path) as (reader, writer):
        writer.write(handshake.encode())
        answer = (await reader.read()).decode()
        assert answer.startswith(f"HTTP/1.1 {status} ")
        assert f'"{code}"' in answer
