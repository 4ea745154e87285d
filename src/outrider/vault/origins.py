"""Origins that secrets are bound to: ``https://shop.example``, ``http://127.0.0.1:8000``, ``https://*.shop.example``.

Written like a page's own ``self.origin`` (https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin), so that
comparing is comparing texts. A wildcard stands for one or more labels in front, never for the name itself.
"""

from collections.abc import Iterable
from ipaddress import IPv6Address
from typing import Final
from urllib.parse import urlsplit

from outrider.problems import OutriderError
from outrider.protocol.urls import url_fault
from outrider.screening.hosts import parse_host

__all__ = ["MAX_ORIGINS", "covers", "origin_of", "parse_origin"]

MAX_ORIGINS: Final = 50

_PORTS: Final = {"http": 80, "https": 443}
_WILDCARD: Final = "*."
_SHOWN_CHARACTERS: Final = 200
#: Labels that must follow a wildcard: “*.com” would be everybody.
_LABELS: Final = 2


def parse_origin(text: str, *, wildcard: bool = True) -> str:
    """The origin in its one way of writing; ``wildcard`` says whether it may begin with ``*.``.

    Raises ORIGIN_INVALID.
    """
    fault = url_fault(text)
    if fault:
        raise _invalid(text, fault)
    parts = urlsplit(text)
    if parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise _invalid(text, "It has more than a scheme, a host and a port.")
    host = _host(text, parts.hostname or "", wildcard)
    port = parts.port or _PORTS[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if port == _PORTS[parts.scheme] else f":{port}")


def origin_of(url: str) -> str:
    """The origin of a page's address; "" for one that nothing can be bound to."""
    try:
        parts = urlsplit(url)
        return parse_origin(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}", wildcard=False)
    except (OutriderError, ValueError):
        return ""


def covers(origins: Iterable[str], origin: str) -> bool:
    """Whether one of the bound origins is, or includes, the origin of a page. An opaque one (“null”) is nobody's."""
    return any(_covers(bound, origin) for bound in origins)


def _covers(bound: str, origin: str) -> bool:
    if _WILDCARD not in bound:
        return bound == origin
    before, after = bound.split("*", 1)
    label = origin.removeprefix(before).removesuffix(after)
    # What stands for the wildcard is labels: no slash, no port, nothing empty.
    return origin == f"{before}{label}{after}" and label.replace(".", "").replace("-", "").replace("_", "").isalnum()


def _host(text: str, name: str, wildcard: bool) -> str:
    star = name.startswith(_WILDCARD)
    try:
        host = parse_host(name.removeprefix(_WILDCARD))
    except OutriderError as error:
        raise _invalid(text, "It names no valid host.") from error
    if "*" in str(host) or (star and not wildcard):
        raise _invalid(text, "A “*.” may only stand first in the host of what a secret is bound to.")
    if star and (not isinstance(host, str) or host.count(".") < _LABELS - 1):
        raise _invalid(text, "A “*.” has to be followed by a name of at least two parts.")
    shown = f"[{host}]" if isinstance(host, IPv6Address) else str(host)
    return f"{_WILDCARD}{shown}" if star else shown


def _invalid(text: str, reason: str) -> OutriderError:
    return OutriderError("ORIGIN_INVALID", origin=text[:_SHOWN_CHARACTERS], reason=reason)
