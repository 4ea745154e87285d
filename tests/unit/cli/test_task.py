"""What becomes of a session when the command is cancelled while the server makes it."""

import asyncio
import json

import pytest

from outrider.cli.progress import open_view
from outrider.cli.task import Job, carry_out
from outrider.client import OutriderClient

SECONDS = 10


class SlowServer:
    """Makes a session when ``may_answer`` is set, and notes what it is asked."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.requests: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.requests.append(head.partition(" HTTP")[0])
        self.asked.set()
        await self.may_answer.wait()
        body = json.dumps({"session_id": "s1"}).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()
        await writer.wait_closed()


async def nobody(question: str) -> None:
    raise AssertionError(question)


async def test_a_session_that_nobody_wants_any_more_is_ended() -> None:
    script = SlowServer()
    listener = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    async with asyncio.timeout(SECONDS), listener, OutriderClient(url, "k") as client:
        with open_view() as view:
            command = asyncio.create_task(carry_out(client, Job("Read it."), view, nobody))
        await script.asked.wait()
        command.cancel()
        script.may_answer.set()
        with pytest.raises(asyncio.CancelledError):
            await command
    assert script.requests == ["POST /v1/sessions", "DELETE /v1/sessions/s1"]
