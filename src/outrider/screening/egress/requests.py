"""What a browser says to its proxy, cut into requests and rewritten for the site; no input or output here.

``CONNECT host:port`` asks for a tunnel, anything else comes in absolute form, ``GET http://host/path`` (RFC 9112,
sections 3.2.2 and 3.2.3). Requests in origin form, as one sends them to a web server, are refused: so a page that
calls a proxy's port gets nothing out of it.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

import httptools

from outrider.screening.addresses import split_port

__all__ = ["Head", "RequestReader"]

#: Chromium's own bound for the head of an answer; its requests are far smaller.
_MAX_HEAD_BYTES: Final = 262_144
_SCHEME: Final = b"http://"
_PORT: Final = 80
#: Between browser and proxy only, or written anew.
_DROPPED: Final = frozenset({b"host", b"proxy-authorization", b"content-length", b"transfer-encoding"})


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of one request: where it goes, and what the site is sent."""

    host: str
    port: int
    #: The request line and headers for the site; empty for a tunnel.
    rewritten: bytes = b""
    is_tunnel: bool = False


class RequestReader:
    """Feed it what arrives; it hands out heads and the bytes that follow each."""

    def __init__(self) -> None:
        self._parser = httptools.HttpRequestParser(self)
        self._parts: deque[Head | bytes] = deque()
        self._target = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._framing = b""
        self._is_chunked = False
        #: What comes is no request any more: a tunnel, or another protocol.
        self.is_raw = False
        self._head_bytes = 0
        #: The head of a request has begun and not ended.
        self.in_head = False

    def feed(self, data: bytes) -> deque[Head | bytes]:
        """Heads and pieces of bodies in their order, as the site is to get them. Raises ValueError.

        After the head of a tunnel everything is a piece, unchanged.
        """
        self._parts = deque()
        if self.is_raw:
            self._parts.append(data)
            return self._parts
        self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self.is_raw = True
            if rest := data[upgrade.args[0] :]:
                self._parts.append(rest)
        except httptools.HttpParserError as error:
            raise ValueError("no HTTP") from error.__cause__ or error
        if not self.is_raw and self._head_bytes > _MAX_HEAD_BYTES:
            raise ValueError("a head, or what follows a body, without end")
        return self._parts

    # --- called by the parser

    def on_message_begin(self) -> None:
        self.in_head = True
        self._target, self._headers, self._framing, self._is_chunked = b"", [], b"", False

    def on_url(self, url: bytes) -> None:
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        lower = name.lower()
        if lower == b"proxy-connection":
            name = b"Connection"
        if lower == b"transfer-encoding":
            self._is_chunked = True
        if lower in (b"content-length", b"transfer-encoding"):
            self._framing = b"%b: %b\r\n" % (name, value)
        if lower not in _DROPPED:
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        self.in_head, self._head_bytes = False, 0
        method: bytes = self._parser.get_method()
        self._parts.append(_tunnel(self._target) if method == b"CONNECT" else self._request(method))

    def on_body(self, body: bytes) -> None:
        self._head_bytes = 0
        self._parts.append(b"%x\r\n%b\r\n" % (len(body), body) if self._is_chunked else body)

    def on_message_complete(self) -> None:
        if self._is_chunked:
            self._parts.append(b"0\r\n\r\n")

    def _request(self, method: bytes) -> Head:
        if not self._target.startswith(_SCHEME):
            raise ValueError("not in absolute form")
        authority, slash, path = self._target.removeprefix(_SCHEME).partition(b"/")
        if not slash or b"@" in authority or b"?" in authority:
            raise ValueError("no authority")
        host, port = split_port(authority.decode("ascii"))
        lines = b"".join(b"%b: %b\r\n" % header for header in self._headers)
        head = b"%b /%b HTTP/1.1\r\nHost: %b\r\n%b%b\r\n" % (method, path, authority, lines, self._framing)
        return Head(host, port or _PORT, head)


def _tunnel(authority: bytes) -> Head:
    host, port = split_port(authority.decode("ascii"))
    if port is None:
        raise ValueError("no port")
    return Head(host, port, is_tunnel=True)
