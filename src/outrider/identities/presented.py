"""The key or token that a request brings, and where it may stand in it.

``Authorization: Bearer``, ``x-api-key`` and ``api_key`` are good everywhere; a query only where a surface reads one
(reference page ``agent-platforms``, decision 2).
"""

from collections.abc import Mapping

from outrider.problems import OutriderError

__all__ = ["is_token", "presented_key"]

_NONE = "The request has no key: no “Authorization” header, no “x-api-key” and no “api_key”."


def presented_key(headers: Mapping[str, str], query_key: str | None = None) -> str:
    """The key of a request, or its token; header names are lower case, ``query_key`` is what the surface found.

    Raises UNAUTHORIZED with what is wrong; it never repeats a key. The same key in two places is one key.
    """
    authorization = headers.get("authorization")
    bearer = None if authorization is None else _bearer(authorization)
    given = (bearer, headers.get("x-api-key"), headers.get("api_key"))
    # Blanks around a header's value are HTTP's (RFC 9110, section 5.5); those in a query are the client's.
    found = {key.strip(" \t") for key in given if key} | {key for key in (query_key,) if key}
    if not found:
        raise OutriderError("UNAUTHORIZED", reason=_NONE if authorization is None else _NO_BEARER)
    if len(found) > 1:
        raise OutriderError("UNAUTHORIZED", reason="The request brings two different keys.")
    (key,) = found
    return key


def is_token(key: str) -> bool:
    """Whether it has the form of a JWT: three parts between dots."""
    return key.count(".") == 2


_NO_BEARER = "The “Authorization” header does not start with “Bearer ”, or nothing follows."


def _bearer(authorization: str) -> str | None:
    """What follows the scheme; None for another scheme, which is not ours to judge when a key stands elsewhere."""
    scheme, _, key = authorization.strip(" \t").partition(" ")
    return key.strip(" \t") if scheme.lower() == "bearer" else None
