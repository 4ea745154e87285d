"""Which site a page belongs to, and which sites a session may be on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address
from typing import Final, Self

from outrider.problems import OutriderError
from outrider.screening.addresses import split_port
from outrider.screening.hosts import Host, parse_host, site_of

__all__ = ["AllowedSite", "all_allow", "host_of", "same_site", "shown_site"]

#: Second-level names below which countries give out domains: ``example.co.uk``.
_SHARED: Final = frozenset({"ac", "co", "com", "edu", "gov", "net", "ne", "nom", "or", "org"})
_WEB: Final = ("http://", "https://", "ws://", "wss://")


@dataclass(frozen=True, slots=True)
class AllowedSite:
    """``example.com`` (and ``www.example.com``), ``*.example.com`` for all names below it; each at a port or any."""

    name: str
    below: bool
    port: int | None

    @classmethod
    @lru_cache(maxsize=1024)
    def parse(cls, text: str) -> Self:
        """From its written form. Raises ValueError."""
        host, port = split_port(text.strip().lower())
        below = host.startswith("*.")
        try:
            name = str(parse_host(host.removeprefix("*.")))
        except OutriderError as error:
            raise ValueError(f"“{text}” names no host") from error
        if "*" in name:
            raise ValueError(f"“{text}”: a “*.” may only stand first")
        return cls(name, below, port)

    def covers(self, host: str, port: int) -> bool:
        """Does a page at this host and port belong to it?"""
        if self.port not in (None, port):
            return False
        return host.endswith(f".{self.name}") if self.below else host in (self.name, f"www.{self.name}")


def all_allow(lists: Iterable[Sequence[AllowedSite]], url: str) -> bool:
    """Whether every list that is not empty has the page's site. What is no web address is on no site."""
    if not url.startswith(_WEB):
        return True
    try:
        name, port = site_of(url)
        host = str(parse_host(name))
    except (ValueError, OutriderError):
        return False
    return all(any(site.covers(host, port) for site in sites) for sites in lists if sites)


def host_of(url: str) -> tuple[Host, int] | None:
    """Host and port of a web address; None for anything else."""
    if not url.startswith(_WEB):
        return None
    try:
        name, port = site_of(url)
        return parse_host(name), port
    except (ValueError, OutriderError):
        return None


def same_site(one: str, other: str) -> bool:
    """Whether two web addresses belong to the same site: one registrable domain, or one address and port.

    The registrable domain is told by its form, without the Public Suffix List: ``example.co.uk``, ``example.com``.
    """
    first, second = host_of(one), host_of(other)
    if first is None or second is None:
        return False
    (host, port), (other_host, other_port) = first, second
    if isinstance(host, str) and isinstance(other_host, str) and "." in host:
        return _registrable(host) == _registrable(other_host)
    return (host, port) == (other_host, other_port)


def shown_site(url: str) -> str:
    """The site of a URL for people: ``example.com``, ``127.0.0.1:8300``."""
    found = host_of(url)
    if found is None:
        return url[:80]
    host, port = found
    name = f"[{host}]" if isinstance(host, IPv6Address) else str(host)
    return name if port in (80, 443) else f"{name}:{port}"


def _registrable(host: str) -> str:
    labels = host.split(".")
    shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED
    return ".".join(labels[-3 if shared else -2 :])
