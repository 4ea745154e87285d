"""The two ends of a way out: a connection from the browser, and the one to a site that it is joined with.

One connection of the browser is joined with one to one site at a time. Requests are rewritten, answers pass as they
are; so the end of an answer need not be known, and nothing that a page sends can reach another site than the one that
was checked.
"""

import asyncio
from collections import deque
from typing import Final, Protocol, cast

from outrider.problems import OutriderError
from outrider.screening.egress.answers import ESTABLISHED, refusal
from outrider.screening.egress.requests import Head, RequestReader

__all__ = ["BrowserSide", "Connector", "SiteSide"]

#: From the first byte of a head to its last.
_HEAD_SECONDS: Final = 20.0
#: Why the browser is not read from.
_CONNECTING: Final = "connecting"
_SITE_IS_SLOW: Final = "site is slow"


class Connector(Protocol):
    """What a connection needs from its proxy."""

    async def connect(self, host: str, port: int, browser: "BrowserSide") -> "SiteSide":
        """Open a connection to where the policy allows. Raises OutriderError."""
        ...

    def count(self, *, sent: int = 0, received: int = 0) -> None:
        """Bytes to, and from, a site."""
        ...

    def opened(self, side: "BrowserSide") -> bool:
        """A browser has connected; False when there are too many connections."""
        ...

    def closed(self, side: "BrowserSide") -> None:
        """It has gone."""
        ...


class SiteSide(asyncio.Protocol):
    """The connection to a site; what it says goes to the browser as it is."""

    def __init__(self, browser: "BrowserSide", proxy: Connector, destination: tuple[str, int]) -> None:
        self._browser = browser
        self._proxy = proxy
        self.destination = destination
        self.transport: asyncio.Transport | None = None
        #: What it says before it is joined; None afterwards.
        self._early: list[bytes] | None = []

    @property
    def is_open(self) -> bool:
        """It can be written to."""
        return self.transport is not None and not self.transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._proxy.count(received=len(data))
        if self._early is None:
            self._browser.deliver(self, data)
        else:
            self._early.append(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        self._browser.site_lost(self)

    def join(self) -> None:
        """Pass on what it says from now on, and what it has said, or that it has closed, already."""
        early, self._early = self._early or [], None
        for data in early:
            self._browser.deliver(self, data)
        if self.transport is None:
            self._browser.site_lost(self)

    def pause_writing(self) -> None:
        self._browser.hold(_SITE_IS_SLOW)

    def resume_writing(self) -> None:
        self._browser.let_go(_SITE_IS_SLOW)

    def send(self, data: bytes) -> None:
        """Write to the site; never waits."""
        if self.transport is not None:
            self._proxy.count(sent=len(data))
            self.transport.write(data)

    def abort(self) -> None:
        """Close at once. Idempotent."""
        if self.transport is not None:
            self.transport.abort()


class BrowserSide(asyncio.Protocol):
    """A connection of the browser. It is not read from while a site is being connected to, or takes no more."""

    def __init__(self, proxy: Connector) -> None:
        self._proxy = proxy
        self._transport: asyncio.Transport | None = None
        self._requests = RequestReader()
        self._parts: deque[Head | bytes] = deque()
        self._site: SiteSide | None = None
        self._opening: asyncio.Task[None] | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._held: set[str] = set()
        self._is_slow = False

    # --- the browser

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if not self._proxy.opened(self):
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        try:
            self._parts += self._requests.feed(data)
        except ValueError:
            self._refuse(OutriderError("MALFORMED_REQUEST"), close=True)
            return
        self._set_deadline()
        self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._set_deadline()
        if self._opening is not None:
            self._opening.cancel()
        if self._site is not None:
            self._site.abort()
        self._proxy.closed(self)

    def pause_writing(self) -> None:
        self._is_slow = True
        self._pace()

    def resume_writing(self) -> None:
        self._is_slow = False
        self._pace()

    def abort(self) -> None:
        """Close at once, and with it what it leads to."""
        if self._transport is not None:
            self._transport.abort()
        if self._opening is not None:
            self._opening.cancel()

    async def end(self) -> None:
        """``abort``, and wait until nothing is under way."""
        self.abort()
        if self._opening is not None:
            await asyncio.gather(self._opening, return_exceptions=True)

    # --- the site

    def deliver(self, site: SiteSide, data: bytes) -> None:
        """What the site says."""
        if self._transport is not None and site is self._site:
            self._transport.write(data)

    def site_lost(self, site: SiteSide) -> None:
        """The site has closed: that may be the end of its answer, so the browser is told the same way."""
        if site is self._site and self._transport is not None:
            self._transport.close()

    def hold(self, reason: str) -> None:
        """Read no more from the browser until each reason is gone."""
        if not self._held and self._transport is not None:
            self._transport.pause_reading()
        self._held.add(reason)

    def let_go(self, reason: str) -> None:
        """A reason not to read is gone."""
        self._held.discard(reason)
        if not self._held and self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    # --- requests

    def _go_on(self) -> None:
        while self._parts and self._opening is None:
            part = self._parts.popleft()
            if isinstance(part, Head):
                self._begin(part)
            elif self._site is not None:  # else the request was refused, and its body with it
                self._site.send(part)

    def _begin(self, head: Head) -> None:
        site = self._site
        if site is not None and site.is_open and site.destination == (head.host, head.port) and not head.is_tunnel:
            site.send(head.rewritten)
            return
        self._site = None
        if site is not None:
            site.abort()
            self.let_go(_SITE_IS_SLOW)
        self.hold(_CONNECTING)
        self._opening = asyncio.create_task(self._open(head))

    async def _open(self, head: Head) -> None:
        try:
            self._site = await self._proxy.connect(head.host, head.port, self)
        except OutriderError as problem:
            self._refuse(problem, close=head.is_tunnel or self._requests.is_raw)
        else:
            if not head.is_tunnel:
                self._site.send(head.rewritten)
            elif self._transport is not None:
                self._transport.write(ESTABLISHED)
            self._site.join()
            self._pace()
        self._opening = None
        self.let_go(_CONNECTING)
        self._go_on()

    def _pace(self) -> None:
        """Read from the site only as fast as the browser takes it."""
        transport = None if self._site is None else self._site.transport
        if transport is not None and not transport.is_closing():
            if self._is_slow:
                transport.pause_reading()
            else:
                transport.resume_reading()

    def _refuse(self, problem: OutriderError, *, close: bool) -> None:
        if self._transport is not None:
            self._transport.write(refusal(problem, close=close))
            if close:
                self._transport.close()

    def _set_deadline(self) -> None:
        """Heads have to end; connections without a request may wait."""
        if self._requests.in_head and self._transport is not None:
            if self._deadline is None:
                self._deadline = asyncio.get_running_loop().call_later(_HEAD_SECONDS, self._transport.abort)
        elif self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
