"""The key or token that a request brings, and where it may stand in it.

``Authorization: Bearer``, ``x-api-key`` and ``api_key`` are good everywhere; a query only where a surface reads one
(reference page ``agent-platforms``, decision 2).
"""

from collections.abc import Mapping, Sequence
from typing import Final

from outrider.problems import OutriderError

__all__ = ["is_token", "presented_key"]

_AUTHORIZATION: Final = "authorization"
_PLACES: Final = frozenset({_AUTHORIZATION, "x-api-key", "api_key"})
_NONE: Final = "The request has no key: no “Authorization” header, no “x-api-key” and no “api_key”."


def presented_key(headers: Mapping[str, str], query_keys: Sequence[str] = ()) -> str:
    """The key of a request, or its token; header names are lower case, ``query_keys`` are what the surface found.

    Raises UNAUTHORIZED with what is wrong; it never repeats a key. The same key in two places is one key. A name may
    come again in ``headers.items()``: then who stands between us and the client may have read the other one.
    """
    given = [_key_in(name, value) for name, value in headers.items() if name in _PLACES]
    found = {key for key in (*given, *query_keys) if key}
    if not found:
        raise OutriderError("UNAUTHORIZED", reason=_NO_BEARER if _AUTHORIZATION in headers else _NONE)
    if len(found) > 1:
        raise OutriderError("UNAUTHORIZED", reason="The request brings two different keys.")
    (key,) = found
    return key


def is_token(key: str) -> bool:
    """Whether it has the form of a JWT: three parts between dots."""
    return key.count(".") == 2


_NO_BEARER = "The “Authorization” header does not start with “Bearer ”, or nothing follows."


def _key_in(name: str, value: str) -> str:
    """What a header brings; nothing for another scheme, which is not ours to judge when a key stands elsewhere.

    Blanks around a value are HTTP's (RFC 9110, section 5.5); those in a query are the client's.
    """
    if name != _AUTHORIZATION:
        return value.strip(" \t")
    scheme, _, key = value.strip(" \t").partition(" ")
    return key.strip(" \t") if scheme.lower() == "bearer" else ""
