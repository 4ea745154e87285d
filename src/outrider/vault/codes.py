"""One-time codes from a shared secret and the clock: RFC 6238 over RFC 4226, as authenticator apps make them."""

import base64
import hmac
from datetime import datetime
from typing import Final

__all__ = ["one_time_code", "parse_totp_secret"]

#: What every authenticator app takes when nothing else is said.
_PERIOD_SECONDS: Final = 30
_DIGITS: Final = 6


def parse_totp_secret(text: str) -> str:
    """The secret in Base32 without blanks, as sites show it with any. Raises ValueError when it is none."""
    secret = "".join(text.split()).replace("-", "").upper().rstrip("=")
    if not secret or not _decoded(secret):
        raise ValueError("it is no secret in Base32")
    return secret


def one_time_code(secret: str, moment: datetime) -> str:
    """The six digits of that moment."""
    counter = int(moment.timestamp()) // _PERIOD_SECONDS
    digest = hmac.digest(_decoded(secret), counter.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**_DIGITS).zfill(_DIGITS)


def _decoded(secret: str) -> bytes:
    try:
        return base64.b32decode(secret + "=" * (-len(secret) % 8))
    except ValueError as error:  # binascii.Error is one
        raise ValueError("it is no secret in Base32") from error
