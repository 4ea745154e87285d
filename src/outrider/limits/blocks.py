"""Requests that are refused before anything else is looked at: by address, user agent, path."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import translate
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, Self

from outrider.problems import OutriderError

__all__ = ["Blocks", "Seen"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a rule can look at."""

    #: Of the client, as text; “” if it has none.
    address: str
    agent: str
    path: str


#: Whether one part of a rule fits.
_Test = Callable[[Seen], bool]


class Blocks:
    """Rules such as ``ip=203.0.113.0/24; path=/v1/vault*``: a request to which all parts of one fit is refused."""

    def __init__(self, rules: Mapping[str, tuple[_Test, ...]]) -> None:
        self._rules = rules

    @classmethod
    def of(cls, rules: Iterable[str]) -> Self:
        """Raises CONFIG_INVALID for a rule that is none: a slip must not leave a door open."""
        return cls({rule: tuple(_part(rule, part) for part in rule.split(";")) for rule in rules})

    def __bool__(self) -> bool:
        """Whether there are any rules."""
        return bool(self._rules)

    def check(self, seen: Seen) -> None:
        """Raises POLICY_REFUSED."""
        for tests in self._rules.values():
            if all(test(seen) for test in tests):
                raise OutriderError("POLICY_REFUSED")


def _part(rule: str, part: str) -> _Test:
    name, _, value = (text.strip() for text in part.partition("="))
    if name not in _TESTS or not value:
        raise _invalid(rule, "each part is “ip=…”, “agent=…” or “path=…”")
    try:
        return _TESTS[name](value)
    except ValueError as error:
        raise _invalid(rule, str(error)) from error


def _invalid(rule: str, reason: str) -> OutriderError:
    return OutriderError("CONFIG_INVALID", summary=f"block_rules: “{rule}”: {reason}", source="“block_rules”")


def _by_address(value: str) -> _Test:
    network = ip_network(value, strict=False)
    return lambda seen: _within(seen.address, network)


def _within(text: str, network: IPv4Network | IPv6Network) -> bool:
    """Whether an address lies in a network; one of IPv4 that is written as IPv6 counts as what it is."""
    try:
        address: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    return address in network


def _by_agent(value: str) -> _Test:
    fits = re.compile(translate(value), re.IGNORECASE).match
    return lambda seen: fits(seen.agent) is not None


def _by_path(value: str) -> _Test:
    fits = re.compile(translate(value)).match
    return lambda seen: fits(seen.path) is not None


_TESTS: Final[Mapping[str, Callable[[str], _Test]]] = {"ip": _by_address, "agent": _by_agent, "path": _by_path}
