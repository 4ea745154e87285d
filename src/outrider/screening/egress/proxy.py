"""One forward proxy per browser: it listens on loopback, decides by the policy, and connects to what it has checked."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Final, Self

from outrider.config import Settings
from outrider.problems import OutriderError
from outrider.screening.addresses import Entry, Lookup, Policy, look_up, resolve
from outrider.screening.dialling import dial
from outrider.screening.egress.answers import NETWORK_ERRORS
from outrider.screening.egress.connections import BrowserSide, SiteSide
from outrider.screening.hosts import site_of
from outrider.telemetry import get_logger

__all__ = ["Egress", "EgressProxy"]

_LISTENS_AT: Final = "127.0.0.1"
_CONNECT_SECONDS: Final = 20.0
#: Browsers use at most six per site and a few hundred in all.
_MAX_CONNECTIONS: Final = 512
_MAX_FAILURES: Final = 64

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Egress:
    """What the proxies of one server share: the policy, the ports that are Outrider's own, and the resolver."""

    policy: Policy
    own_ports: set[int] = field(default_factory=set)
    lookup: Lookup = look_up

    @classmethod
    def of(cls, settings: Settings, url: str = "", lookup: Lookup = look_up) -> Self:
        """From the settings; ``url`` is where the server listens. Raises CONFIG_INVALID."""
        own_ports = {site_of(url)[1]} if url else set()
        policy = Policy.parse(settings.egress_allow, settings.egress_deny, own_ports)
        host, port = site_of(settings.public_url)
        if host:
            policy = replace(policy, own_hosts=(replace(Entry.parse(host), port=port or None),))
        return cls(policy, own_ports, lookup)

    def proxy(self) -> "EgressProxy":
        """A way out that is yet to be started; its port is out of reach for the pages of every session."""
        return EgressProxy(self)


class EgressProxy:
    """The way out of one browser. ``close`` ends it; nothing of it remains."""

    def __init__(self, shared: Egress) -> None:
        self._shared = shared
        self._policy = shared.policy
        self._server: asyncio.Server | None = None
        self._sides: set[BrowserSide] = set()
        self._failures: dict[tuple[str, int], OutriderError] = {}
        #: Where the browser finds it.
        self.port = 0
        self.bytes_sent = 0
        self.bytes_received = 0

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: BrowserSide(self), _LISTENS_AT, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self._shared.own_ports.add(self.port)

    async def close(self) -> None:
        """Stop listening, and cut every connection. Idempotent."""
        if self._server is not None:
            self._server.close()
            self._server = None
            self._shared.own_ports.discard(self.port)
        await asyncio.gather(*(side.end() for side in list(self._sides)))

    def bind(self, policy: Policy) -> None:
        """Decide by another policy from now on; no connection that an earlier one allowed is used again."""
        self._policy = policy
        for side in list(self._sides):
            side.abort()

    def failure(self, url: str) -> OutriderError | None:
        """Why the latest connection to the site of ``url`` could not be made; None when it could."""
        return self._failures.get(site_of(url))

    async def connect(self, host: str, port: int, browser: BrowserSide) -> SiteSide:
        """See ``Connector.connect``."""
        key, site = (host.lower(), port), SiteSide(browser, self, (host, port))
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                addresses = await resolve(host, port, self._policy, self._shared.lookup)
                sock = await dial(addresses, port)
                await asyncio.get_running_loop().create_connection(lambda: site, sock=sock)
        except OutriderError as problem:
            self._remember(key, problem)
            raise
        except OSError as error:  # TimeoutError is one
            failure = _unreachable(host, port, error)
            self._remember(key, failure)
            raise failure from error
        except asyncio.CancelledError:
            site.abort()
            raise
        self._failures.pop(key, None)
        return site

    def count(self, *, sent: int = 0, received: int = 0) -> None:
        """See ``Connector.count``."""
        self.bytes_sent += sent
        self.bytes_received += received

    def opened(self, side: BrowserSide) -> bool:
        """See ``Connector.opened``."""
        self._sides.add(side)
        return len(self._sides) <= _MAX_CONNECTIONS

    def closed(self, side: BrowserSide) -> None:
        """See ``Connector.closed``."""
        self._sides.discard(side)

    def _remember(self, key: tuple[str, int], problem: OutriderError) -> None:
        is_new = self._failures.pop(key, None) is None  # a page that tries again and again is one line
        self._failures[key] = problem
        if len(self._failures) > _MAX_FAILURES:
            del self._failures[next(iter(self._failures))]
        if is_new and problem.code.startswith("ADDRESS_"):
            _log.info("egress refused", code=problem.code, host=key[0], port=key[1])


def _unreachable(host: str, port: int, error: OSError) -> OutriderError:
    reason = NETWORK_ERRORS.get(type(error), "ERR_ADDRESS_UNREACHABLE")
    return OutriderError("NAVIGATION_FAILED", url=f"{host}:{port}", reason=reason)
