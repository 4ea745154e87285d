"""The host of a URL as browsers read it: ``0x7f.1``, ``2130706433`` and ``１２７.0.0.1`` are all ``127.0.0.1``.

Follows the host parser of the URL Standard (https://url.spec.whatwg.org/#host-parsing): percent-decoding, mapping to
ASCII, and IPv4 in one to four parts, each decimal, octal or hexadecimal.
"""

import re
import unicodedata
from ipaddress import IPv4Address, IPv6Address
from typing import Final
from urllib.parse import unquote, urlsplit

from outrider.problems import OutriderError

__all__ = ["Address", "Host", "parse_host", "site_of"]

Address = IPv4Address | IPv6Address
#: An address, or a name in lower-case ASCII without a dot at its end.
Host = Address | str

_DOTS: Final = re.compile("[\u3002\uff0e\uff61]")
#: https://url.spec.whatwg.org/#forbidden-domain-code-point
_FORBIDDEN: Final = re.compile(r"[\x00-\x20\x7f#/:<>?@\[\\\]^|%]")
_HEXADECIMAL: Final = re.compile(r"0[xX][0-9a-fA-F]*")
_SHOWN_CHARACTERS: Final = 200
_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443}


def parse_host(text: str) -> Host:
    """The host that a browser would connect to. IPv6 may stand in brackets. Raises INVALID_URL."""
    try:
        if text.startswith("[") or text.count(":") > 1:
            return _ipv6(text.removeprefix("[").removesuffix("]"))
        name = _to_ascii(unquote(text, errors="strict"))
        return _ipv4(name) if _ends_in_number(name) else name.removesuffix(".")
    except ValueError as error:
        raise OutriderError("INVALID_URL", url=text[:_SHOWN_CHARACTERS], reason="It names no valid host.") from error


def site_of(url: str) -> tuple[str, int]:
    """The host of a URL as it is written, without brackets, and its port: 0 when neither it nor the scheme says one.

    Raises ValueError for what can't be parsed.
    """
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)


def _ipv6(text: str) -> IPv6Address:
    address = IPv6Address(text)
    if address.scope_id is not None:  # no browser takes a zone, and lists of addresses would not know it with one
        raise ValueError(text)
    return address


def _to_ascii(text: str) -> str:
    name = _DOTS.sub(".", unicodedata.normalize("NFKC", text)).lower()
    if not name.isascii():
        name = name.encode("idna").decode("ascii")
    if not name.strip(".") or _FORBIDDEN.search(name):
        raise ValueError(name)
    return name


def _ends_in_number(name: str) -> bool:
    """https://url.spec.whatwg.org/#ends-in-a-number-checker"""
    last = name.removesuffix(".").rpartition(".")[2]
    return last.isdecimal() or _HEXADECIMAL.fullmatch(last) is not None


def _ipv4(name: str) -> IPv4Address:
    """https://url.spec.whatwg.org/#concept-ipv4-parser; ValueError when it is none."""
    *parts, last = [_number(part) for part in name.removesuffix(".").split(".")]
    if len(parts) > 3 or any(part > 255 for part in parts) or last >= 256 ** (4 - len(parts)):
        raise ValueError(name)
    return IPv4Address(last + sum(part * 256 ** (3 - place) for place, part in enumerate(parts)))


def _number(part: str) -> int:
    if _HEXADECIMAL.fullmatch(part):
        return int(part[2:] or "0", 16)
    if not part.isdecimal():
        raise ValueError(part)
    return int(part, 8 if len(part) > 1 and part.startswith("0") else 10)
