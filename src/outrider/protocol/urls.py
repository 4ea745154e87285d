"""What counts as an address that a browser session may open."""

from typing import Final
from urllib.parse import SplitResult, urlsplit

from outrider.problems import OutriderError

__all__ = ["MAX_URL_CHARACTERS", "check_cdp_url", "check_url", "url_fault"]

MAX_URL_CHARACTERS: Final = 2000
_SHOWN_CHARACTERS: Final = 200
_CDP_SCHEMES: Final = frozenset({"ws", "wss", "http", "https"})


def check_url(url: str) -> str:
    """The address, unchanged. Raises INVALID_URL when it is not an absolute http(s) URL of at most 2,000 characters."""
    reason = url_fault(url)
    if reason:
        raise OutriderError("INVALID_URL", url=url[:_SHOWN_CHARACTERS], reason=reason)
    return url


def check_cdp_url(url: str | None) -> str:
    """The address of a browser's DevTools, unchanged. Raises CDP_URL_INVALID; it never repeats the address."""
    if not url:
        raise OutriderError("CDP_URL_INVALID", reason="“cdp_url” is missing.")
    try:
        parts = urlsplit(url)
        valid = parts.scheme in _CDP_SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or any(character <= " " or character == "\x7f" for character in url):
        raise OutriderError("CDP_URL_INVALID", reason="“cdp_url” is no ws, wss, http or https address.")
    return url


def url_fault(url: str) -> str:
    """Why the text is not such a URL, as a sentence; empty when it is one."""
    if len(url) > MAX_URL_CHARACTERS:
        return f"It has {len(url)} characters; {MAX_URL_CHARACTERS} are allowed."
    if any(character <= " " or character == "\x7f" for character in url):
        return "It contains a space or a control character."
    try:
        parts = urlsplit(url)
        return _part_fault(url, parts)
    except ValueError as error:  # a port out of range, a broken IPv6 address
        return f"It can't be parsed: {error}."


def _part_fault(url: str, parts: SplitResult) -> str:
    if not parts.scheme or "://" not in url:
        return _scheme_fault(url, parts.scheme)
    if parts.scheme not in {"http", "https"}:
        return f"The scheme “{parts.scheme}” is not http or https."
    host = parts.hostname or ""
    if not host or (parts.port == 0) or "" in host.removesuffix(".").split("."):
        return "It names no valid host and port."
    return ""


def _scheme_fault(url: str, scheme: str) -> str:
    """What stands before a colon may be a host: “example.org:8080” against “javascript:alert(1)”."""
    meant = _with_scheme(url.lstrip("/")[:_SHOWN_CHARACTERS])
    if "://" not in url and not url_fault(meant):
        return f"It has no scheme; perhaps {meant} is meant."
    if scheme not in {"", "http", "https"}:
        return f"The scheme “{scheme}” is not http or https."
    return "It has no scheme, such as https://."


def _with_scheme(address: str) -> str:
    """What is on this machine is seldom encrypted."""
    here = address.startswith(("localhost", "127.", "[::1]"))
    return f"http://{address}" if here else f"https://{address}"
