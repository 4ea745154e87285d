"""A receiver of webhooks in a thread of its own, which misbehaves as it is told."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson

__all__ = ["RETRY_AFTER_SECONDS", "Behaviour", "Received", "Receiver", "receiving"]

#: Deadline of everything that a test waits for.
SECONDS = 20.0

#: What a request is answered with: a status, or how the answer goes wrong.
Behaviour = int | str
_STATUS: Mapping[Behaviour, int] = {"slow": 200, "cut": 200, "later": 503}
#: What one that is to be asked “later” asks for.
RETRY_AFTER_SECONDS = 900


@dataclass(frozen=True)
class Received:
    """A request that arrived in full."""

    path: str
    headers: Mapping[str, str]
    body: str
    #: Whether it was answered with 200.
    accepted: bool

    @property
    def payload(self) -> dict[str, Any]:
        payload: dict[str, Any] = orjson.loads(self.body)
        return payload

    @property
    def event_id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> str:
        return self.headers["x-event-type"]


@dataclass
class Receiver:
    """What came in, and how the next requests are answered (``behave`` gets the number of the request, from 0)."""

    port: int = 0
    behave: Callable[[int], Behaviour] = lambda _: 200
    received: list[Received] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)
    under_way: int = 0
    most_under_way: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def accepted(self) -> list[Received]:
        return [request for request in self.received if request.accepted]

    @property
    def events(self) -> list[Received]:
        """Each event as it came first: a sender that was not answered in time sends it again."""
        first: dict[str, Received] = {}
        for request in self.received:
            first.setdefault(request.event_id, request)
        return list(first.values())

    @property
    def latest(self) -> str:
        """The event of the latest request; empty before the first."""
        return self.received[-1].event if self.received else ""

    def wait(self, fits: Callable[["Receiver"], bool], seconds: float = SECONDS) -> None:
        """Wait until what was received fits."""
        with self.news:
            fitted = self.news.wait_for(lambda: fits(self), seconds)
        assert fitted, [request.event for request in self.received][-20:]

    def wait_for_more(self, count: int) -> None:
        """Wait until so many more requests were accepted."""
        enough = len(self.accepted) + count
        self.wait(lambda got: len(got.accepted) >= enough)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:-2])}
            body = (await reader.readexactly(int(headers["content-length"]))).decode()
            await self._answer(head[0].split()[1], headers, body, reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            return  # the sender has gone
        except asyncio.CancelledError:
            return  # the receiver ends; asyncio's streams would print it
        finally:
            writer.close()

    async def _answer(
        self,
        path: str,
        headers: Mapping[str, str],
        body: str,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        behaviour = self.behave(len(self.received))
        self.under_way += 1
        self.most_under_way = max(self.under_way, self.most_under_way)
        with self.news:
            self.received.append(Received(path, headers, body, behaviour in (200, "slow")))
            self.news.notify_all()
        try:
            if behaviour == "hang":
                await reader.read()  # until the sender gives up
                return
            if behaviour == "slow":
                await asyncio.sleep(0.05)
            if behaviour == "close":
                return
            status = _STATUS.get(behaviour, behaviour)
            length = 1000 if behaviour == "cut" else 2
            lines = f"Content-Length: {length}\r\nLocation: /else\r\nSet-Cookie: a=b"
            if behaviour == "later":
                lines += f"\r\nRetry-After: {RETRY_AFTER_SECONDS}"
            writer.write(f"HTTP/1.1 {status} X\r\n{lines}\r\n\r\nok".encode())
            await writer.drain()
        finally:
            self.under_way -= 1


@contextmanager
def receiving(receiver: Receiver | None = None) -> Iterator[Receiver]:
    """A receiver that listens for as long as the block runs; at the port that it had, if it had one."""
    receiver = receiver or Receiver()
    loop = asyncio.new_event_loop()
    started, stop = threading.Event(), asyncio.Event()

    async def listen() -> None:
        connections: dict[asyncio.StreamWriter, asyncio.Task[None]] = {}

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connections[writer] = asyncio.create_task(receiver.serve(reader, writer))

        server = await asyncio.start_server(accept, "127.0.0.1", receiver.port)
        receiver.port = server.sockets[0].getsockname()[1]
        started.set()
        await stop.wait()
        # No more are accepted. Those that were get their transports, which a closed server would refuse them.
        loop.remove_reader(server.sockets[0].fileno())
        while accepting := asyncio.all_tasks() - {asyncio.current_task(), *connections.values()}:
            await asyncio.wait(accepting)
        server.close()
        for writer, task in connections.items():
            task.cancel()
            writer.transport.abort()
        await asyncio.gather(*connections.values(), return_exceptions=True)
        await asyncio.gather(*(writer.wait_closed() for writer in connections), return_exceptions=True)

    thread = threading.Thread(target=lambda: loop.run_until_complete(listen()))
    thread.start()
    try:
        assert started.wait(SECONDS)
        yield receiver
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(SECONDS)
        loop.close()
