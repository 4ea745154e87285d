"""The header fields that say how many requests are left.

``RateLimit-Policy`` and ``RateLimit`` are those of draft-ietf-httpapi-ratelimit-headers-11; the older ``X-RateLimit-*``
tell of the tightest window alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

__all__ = ["Window", "rate_fields"]


@dataclass(frozen=True, slots=True)
class Window:
    """One rolling window as a request has left it."""

    #: “key”, “organisation”, …
    name: str
    #: Requests in any stretch of the window's length.
    limit: int
    remaining: int
    #: Until the next slot returns, and until then ``remaining`` is all there is; 0 if none is in use.
    seconds: float


def rate_fields(windows: Sequence[Window], length_seconds: float, now: float) -> Mapping[str, str]:
    """The fields by name; none without windows. ``now`` is in Unix seconds."""
    if not windows:
        return {}
    tightest = min(windows, key=lambda window: (window.remaining, -window.seconds))
    return {
        "RateLimit-Policy": ", ".join(f'"{one.name}";q={one.limit};w={ceil(length_seconds)}' for one in windows),
        "RateLimit": ", ".join(f'"{one.name}";r={one.remaining};t={ceil(one.seconds)}' for one in windows),
        "X-RateLimit-Limit": str(tightest.limit),
        "X-RateLimit-Remaining": str(tightest.remaining),
        "X-RateLimit-Reset": str(ceil(now + tightest.seconds)),
    }
