"""A JSON Web Token before and after its signature is checked: its parts, and what its claims say.

Follows RFC 7519 (JWT), RFC 7515 (JWS) and the advice of RFC 8725. Nothing in a token leads anywhere: of its header only
``alg``, ``kid``, ``typ`` and ``crit`` are read, and a ``kid`` is compared, never looked up.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from outrider.problems import OutriderError

__all__ = ["MAX_CHARACTERS", "Unverified", "claim", "read", "refused", "words"]

#: Longer ones are refused unread.
MAX_CHARACTERS: Final = 16_384
_MAX_HEADER_CHARACTERS: Final = 4_096
_MAX_KID_CHARACTERS: Final = 256
#: Tokens for other purposes say so (RFC 8725, section 3.11).
_TYPES: Final = frozenset({"", "jwt", "at+jwt", "application/jwt", "application/at+jwt"})


def refused(reason: str) -> OutriderError:
    """The problem of a token; the reason repeats nothing of it."""
    return OutriderError("UNAUTHORIZED", reason=f"The token is not accepted: {reason}")


@dataclass(frozen=True, slots=True)
class Unverified:
    """What a token says of itself: enough to choose the keys that it is to be checked with, and no more."""

    issuer: str
    algorithm: str
    key_id: str | None


def read(token: str) -> Unverified:
    """The head of a token. Raises UNAUTHORIZED for one that no issuer makes."""
    if len(token) > MAX_CHARACTERS or not token.isascii():
        raise refused(f"it has more than {MAX_CHARACTERS} characters, or some that no token has.")
    head, body, signature = token.split(".")
    if len(head) > _MAX_HEADER_CHARACTERS:
        raise refused("its header is too long.")
    header, claims = _object(head), _object(body)
    key_id, kind = header.get("kid"), header.get("typ", "")
    if "crit" in header or "b64" in header:
        raise refused("its header asks for extensions that this server does not have.")
    if not isinstance(kind, str) or kind.lower() not in _TYPES:
        raise refused("its header says that it is for another purpose.")
    if key_id is not None and (not isinstance(key_id, str) or len(key_id) > _MAX_KID_CHARACTERS):
        raise refused("its header has no valid “kid”.")
    issuer, algorithm = claims.get("iss"), header.get("alg")
    if not isinstance(issuer, str) or not isinstance(algorithm, str) or not signature:
        raise refused("“alg”, “iss” or the signature is missing.")
    return Unverified(issuer, algorithm, key_id)


def claim(claims: Mapping[str, Any], name: str) -> Any:
    """The claim of that name; a dot leads into an object, where no claim has the whole name. None if there is none."""
    if name in claims:
        return claims[name]
    outer, _, inner = name.partition(".")
    nested = claims.get(outer)
    return claim(nested, inner) if inner and isinstance(nested, Mapping) else None


def words(value: Any) -> frozenset[str]:
    """The texts of a list, or of a text between blanks; what is neither has none."""
    if isinstance(value, str):
        return frozenset(value.split())
    return frozenset(one for one in value if isinstance(one, str)) if isinstance(value, list) else frozenset()


def _object(part: str) -> dict[str, Any]:
    """A part of a token. A member that comes twice could mean one thing here and another elsewhere."""
    try:
        data = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
        found = json.loads(data, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, binascii.Error, RecursionError):
        raise refused("it is no JSON Web Token.") from None
    if not isinstance(found, dict):
        raise refused("it is no JSON Web Token.")
    return found


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member comes twice")
    return found


def _no_number(text: str) -> None:
    raise ValueError(text)
