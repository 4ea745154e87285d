"""The machine's resolver, which can't be told to stop: it is asked in threads of its own.

A name whose servers don't answer holds its thread for longer than anybody waits. In the event loop's own threads a few
of them would hold up whatever else the server does there.
"""

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from typing import Any, Final

from outrider.screening.hosts import Address

__all__ = ["Resolver"]

#: Names that are asked for at the same time, of pages of all sessions.
_AT_ONCE: Final = 64

Ask = Callable[[str], list[Any]]


def _ask_the_machine(name: str) -> list[Any]:
    return socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)


class Resolver:
    """``addresses.Lookup`` for at most ``at_once`` names at a time; more wait, as long as their callers do."""

    def __init__(self, at_once: int = _AT_ONCE, ask: Ask = _ask_the_machine) -> None:
        """``ask`` blocks and answers rows as ``socket.getaddrinfo`` does."""
        self._free = asyncio.Semaphore(at_once)
        self._ask = ask

    async def __call__(self, name: str) -> list[Address]:
        """All addresses that the machine's resolver knows for a name. Raises OSError."""
        await self._free.acquire()
        answer: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        # A daemon, so that a name that hangs does not keep the process from ending.
        thread = threading.Thread(target=self._run, args=(name, answer), name="outrider-resolver", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            self._free.release()
            raise OSError("the machine has no thread left") from error
        return [ip_address(str(row[4][0]).partition("%")[0]) for row in await answer]

    def _run(self, name: str, answer: "asyncio.Future[list[Any]]") -> None:
        rows: list[Any] = []
        error: Exception | None = None
        try:
            rows = self._ask(name)
        except Exception as failure:  # noqa: BLE001 - the edge of the thread: the caller hears of it
            error = failure
        with suppress(RuntimeError):  # the loop was closed: nobody waits any more
            answer.get_loop().call_soon_threadsafe(self._settle, answer, rows, error)

    def _settle(self, answer: "asyncio.Future[list[Any]]", rows: list[Any], error: Exception | None) -> None:
        self._free.release()
        if answer.done():  # its caller has gone
            return
        if error is None:
            answer.set_result(rows)
        else:
            answer.set_exception(error)
