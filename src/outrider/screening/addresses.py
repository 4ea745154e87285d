"""Which addresses may be reached, and the addresses of a name that may be.

Names are resolved here and nowhere else, and callers connect to the addresses they are given: so neither a redirect
nor a name that changes its answer (DNS rebinding) gets around the rules. Three lists decide, first match first:

1. what is Outrider's own (``Policy.own_ports``, ``Policy.own_hosts``) is never reached;
2. ``Policy.deny`` is refused;
3. ``Policy.allow`` is reached; of anything else only public addresses are.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final, Self

from outrider.problems import OutriderError
from outrider.screening.hosts import Address, Host, parse_host
from outrider.screening.kinds import METADATA, embedded, kind_of, unwrap
from outrider.screening.resolver import Resolver

__all__ = ["Entry", "Lookup", "Policy", "check_address", "look_up", "resolve", "split_port"]

#: Asks for all addresses of a name; ``OSError`` when it has none.
Lookup = Callable[[str], Awaitable[Sequence[Address]]]

_LOOPBACK: Final = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
_LOCALHOST: Final = (IPv4Address("127.0.0.1"), IPv6Address("::1"))
_LOOKUP_SECONDS: Final = 10.0

look_up: Final[Lookup] = Resolver()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: networks or a name, each at one port or at all."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    #: A name, or ``.example.com`` for every name below it; empty for none.
    name: str = ""
    #: None is every port.
    port: int | None = None

    @classmethod
    @lru_cache(maxsize=1024)
    def parse(cls, text: str) -> Self:
        """``10.0.0.0/8``, ``127.0.0.1:8300``, ``[::1]:80``, ``wiki.example``, ``*.example.com:443``, ``localhost``.

        ``localhost`` is the name and the loopback addresses. Raises CONFIG_INVALID.
        """
        try:
            host, port = split_port(text.strip())
            if "/" in host:
                return cls(networks=(ip_network(host, strict=False),), port=port)
            if host.startswith("*."):
                return cls(name=f".{parse_host(host.removeprefix('*.'))}", port=port)
            parsed = parse_host(host)
        except (ValueError, OutriderError) as error:
            summary = f"“{text}” is neither an address, a network nor a host name, with or without a port"
            raise OutriderError("CONFIG_INVALID", summary=summary, source="“egress_allow” or “egress_deny”") from error
        if isinstance(parsed, str):
            return cls(networks=_LOOPBACK if parsed == "localhost" else (), name=parsed, port=port)
        return cls(networks=(ip_network(unwrap(parsed)),), port=port)

    def matches(self, host: Host, address: Address, port: int) -> bool:
        """Does it cover ``address``, which ``host`` has led to? Metadata services only when it names just them."""
        if self.port not in (None, port):
            return False
        if isinstance(host, str) and self.name and self._names(host):
            return True
        return any(address in network and _names_metadata(network, address) for network in self.networks)

    def _names(self, host: str) -> bool:
        return host.endswith(self.name) if self.name.startswith(".") else host == self.name


@dataclass(frozen=True, slots=True)
class Policy:
    """What one organisation's sessions may reach."""

    allow: tuple[Entry, ...] = ()
    deny: tuple[Entry, ...] = ()
    #: Ports of this machine that belong to the server, at whichever of the machine's addresses; may grow and shrink.
    own_ports: Container[int] = frozenset()
    #: Where clients reach the server when that is not one of the machine's own addresses.
    own_hosts: tuple[Entry, ...] = ()

    @classmethod
    def parse(cls, allow: Iterable[str], deny: Iterable[str] = (), own_ports: Container[int] = frozenset()) -> Self:
        """From the settings' texts (see ``Entry.parse``). Raises CONFIG_INVALID."""
        return cls(tuple(map(Entry.parse, allow)), tuple(map(Entry.parse, deny)), own_ports)


async def resolve(host: str, port: int, policy: Policy, lookup: Lookup = look_up) -> list[Address]:
    """The addresses of ``host`` that may be reached at ``port``, best first; at least one.

    Raises INVALID_URL for what is no host, NAME_NOT_RESOLVED, and what ``check_address`` raises when none may be.
    """
    parsed = parse_host(host)
    allowed: list[Address] = []
    refusal: OutriderError | None = None
    for address in await _addresses(parsed, lookup):
        try:
            check_address(parsed, address, port, policy)
        except OutriderError as error:
            refusal = refusal or error
        else:
            allowed.append(unwrap(address))
    if not allowed:
        raise refusal or OutriderError("NAME_NOT_RESOLVED", host=str(parsed))
    return allowed


def check_address(host: Host, address: Address, port: int, policy: Policy) -> None:
    """Raise ADDRESS_RESERVED, ADDRESS_DENIED or ADDRESS_REFUSED when ``address`` may not be reached.

    ``host`` is what it was asked for by. The problem does not tell the address: names inside a network are its own.
    """
    address = unwrap(address)
    shown = f"{host if not isinstance(host, IPv6Address) else f'[{host}]'}:{port}"

    led_to = (address, *embedded(address))

    def listed(entries: Iterable[Entry], *addresses: Address) -> bool:
        return any(entry.matches(host, each, port) for entry in entries for each in addresses)

    if listed(policy.own_hosts, *led_to) or (port in policy.own_ports and any(map(_is_own, led_to))):
        raise OutriderError("ADDRESS_RESERVED", host=shown)
    if listed(policy.deny, *led_to):
        raise OutriderError("ADDRESS_DENIED", host=shown)
    kind = kind_of(address)
    if kind and not listed(policy.allow, address):
        raise OutriderError("ADDRESS_REFUSED", host=shown, kind=kind)


async def _addresses(host: Host, lookup: Lookup) -> Sequence[Address]:
    if not isinstance(host, str):
        return (host,)
    if host == "localhost" or host.endswith(".localhost"):  # never asked for (RFC 6761, section 6.3)
        return _LOCALHOST
    try:
        async with asyncio.timeout(_LOOKUP_SECONDS):
            found = await lookup(host)
    except (OSError, UnicodeError) as error:  # TimeoutError is an OSError
        raise OutriderError("NAME_NOT_RESOLVED", host=host) from error
    return tuple(dict.fromkeys(found))


def _names_metadata(network: IPv4Network | IPv6Network, address: Address) -> bool:
    return address not in METADATA or network.num_addresses == 1


def _is_own(address: Address) -> bool:
    """Does this machine have the address? A socket can be bound to that and to no other."""
    family = socket.AF_INET if isinstance(address, IPv4Address) else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((str(address), 0))
        except OSError:
            return address in _LOOPBACK[0] or address in _LOOPBACK[1]
    return True


def split_port(text: str) -> tuple[str, int | None]:
    """``host``, ``host:port``, ``[IPv6]:port`` or bare IPv6 as its parts, without brackets. Raises ValueError."""
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        port = port.removeprefix(":")
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    else:
        host, port = text, ""
    if port and not 0 < int(port) < 65536:
        raise ValueError(port)
    return host, int(port) if port else None
