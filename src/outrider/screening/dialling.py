"""A connection to whichever of a site's addresses answers first (RFC 8305, "Happy Eyeballs")."""

import asyncio
import socket
from collections import deque
from collections.abc import Iterable
from typing import Final

from outrider.screening.hosts import Address

__all__ = ["dial"]

#: Until the next address is tried as well (RFC 8305, section 5).
_HEAD_START_SECONDS: Final = 0.25


async def dial(addresses: Iterable[Address], port: int) -> socket.socket:
    """A connected socket, which is the caller's to close. Connects to these addresses and to no others.

    They are tried in their order; the next one begins when the one before has failed, or has not answered in time.
    Has no deadline of its own. Raises the OSError of the last one that failed.
    """
    waiting, attempts = deque(addresses), set[asyncio.Task[socket.socket]]()
    failure = OSError("there is no address")
    try:
        while waiting or attempts:
            if waiting:
                attempts.add(asyncio.create_task(_connect(waiting.popleft(), port)))
            head_start = _HEAD_START_SECONDS if waiting else None
            done, _ = await asyncio.wait(attempts, timeout=head_start, return_when=asyncio.FIRST_COMPLETED)
            for attempt in done:
                attempts.discard(attempt)
                try:
                    return attempt.result()
                except OSError as error:
                    failure = error
        raise failure
    finally:
        await _abandon(attempts)


async def _connect(address: Address, port: int) -> socket.socket:
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.get_running_loop().sock_connect(sock, (str(address), port))
    except BaseException:
        sock.close()
        raise
    return sock


async def _abandon(attempts: Iterable[asyncio.Task[socket.socket]]) -> None:
    """End the others, one that has just connected as well."""
    for attempt in attempts:
        attempt.cancel()
    for outcome in await asyncio.gather(*attempts, return_exceptions=True):
        if isinstance(outcome, socket.socket):
            outcome.close()
