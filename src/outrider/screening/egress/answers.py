"""What the proxy itself says: that a tunnel stands, or why there is none."""

from collections.abc import Mapping
from html import escape
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from outrider.problems import OutriderError

__all__ = ["ESTABLISHED", "NETWORK_ERRORS", "PROBLEM_HEADER", "refusal"]

ESTABLISHED: Final = b"HTTP/1.1 200 Connection established\r\n\r\n"
#: Its value is the code of a row: the answer comes from the proxy, not from a site.
PROBLEM_HEADER: Final = "Outrider-Problem"
#: What a browser without a proxy would call it.
NETWORK_ERRORS: Final[Mapping[type[OSError], str]] = MappingProxyType(
    {
        ConnectionRefusedError: "ERR_CONNECTION_REFUSED",
        ConnectionResetError: "ERR_CONNECTION_RESET",
        TimeoutError: "ERR_CONNECTION_TIMED_OUT",
    }
)


def refusal(problem: OutriderError, *, close: bool) -> bytes:
    """An HTTP answer with the row's texts as a small page."""
    status = HTTPStatus(problem.problem.status)
    title, paragraphs = escape(problem.message), (problem.cause, problem.fix, f"Code: {problem.code}")
    body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    page = f"<!doctype html><meta charset=utf-8><title>{title}</title><h1>{title}</h1>{body}".encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        f"{PROBLEM_HEADER}: {problem.code}\r\n"
        "Content-Type: text/html; charset=utf-8\r\n"
        "Content-Security-Policy: default-src 'none'\r\n"
        "Cache-Control: no-store\r\n"
        f"Connection: {'close' if close else 'keep-alive'}\r\n"
        f"Content-Length: {len(page)}\r\n\r\n"
    )
    return head.encode("ascii") + page
