"""Tokens for one session: to watch its browser, to steer it, or to attach to its DevTools.

A token is a signed statement, not a stored row: ``<payload>.<signature>`` in base64url, where the signature is
HMAC-SHA256 under a key of this server. It ends at its expiry, with its session, and when the server's key changes.
"""

import base64
import hashlib
import hmac
import math
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec

from outrider.identities.private_file import usable, write_private
from outrider.interfaces.identities import Principal
from outrider.problems import OutriderError

__all__ = ["Grant", "Right", "SessionTokens", "open_token_secret"]

#: Longer texts are no tokens, and not worth the hashing.
_MAX_CHARACTERS: Final = 1000


class Right(StrEnum):
    """What the bearer may do with the session's browser."""

    VIEW = "view"
    CONTROL = "control"
    DEVTOOLS = "devtools"


#: Which rights a right includes.
INCLUDES: Final[Mapping[Right, frozenset[Right]]] = MappingProxyType(
    {
        Right.VIEW: frozenset({Right.VIEW}),
        Right.CONTROL: frozenset({Right.VIEW, Right.CONTROL}),
        Right.DEVTOOLS: frozenset({Right.DEVTOOLS}),
    }
)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token says."""

    organisation_id: str
    session_id: str
    right: Right
    expires_at: datetime
    #: For whom it was made, as the log is to name them; may be empty.
    holder: str = ""

    def allows(self, right: Right) -> bool:
        """Whether the bearer has that right too."""
        return right in INCLUDES[self.right]

    @property
    def expired(self) -> OutriderError:
        """The problem of a token that has expired."""
        return OutriderError("SESSION_TOKEN_EXPIRED", expired_at=f"{self.expires_at:%Y-%m-%dT%H:%M:%SZ}")

    @property
    def principal(self) -> Principal:
        """Who the bearer counts as, for this session."""
        return Principal(self.organisation_id, f"{self.right} token", "token")


class _Payload(msgspec.Struct, array_like=True, frozen=True):
    organisation_id: str
    session_id: str
    right: Right
    #: Unix time in whole seconds.
    expires: int
    holder: str


class SessionTokens:
    """Makes and checks tokens with the key of this server."""

    def __init__(self, key: bytes, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._key = key
        self._clock = clock

    def issue(self, grant: Grant) -> str:
        """The token of a grant; the same grant always has the same one. It expires on a full second."""
        expires = math.ceil(grant.expires_at.timestamp())
        payload = msgspec.json.encode(
            _Payload(grant.organisation_id, grant.session_id, grant.right, expires, grant.holder)
        )
        return f"{_to_text(payload)}.{_to_text(self._sign(payload))}"

    def verify(self, token: str, session_id: str, right: Right) -> Grant:
        """What the token says, if it is ours, for this session, not expired, and includes the right.

        Raises SESSION_TOKEN_INVALID, SESSION_TOKEN_EXPIRED or SESSION_RIGHT_MISSING.
        """
        grant = self._read(token)
        if grant is None:
            raise OutriderError("SESSION_TOKEN_INVALID", reason="It is missing, or not one of this server's.")
        if grant.session_id != session_id:
            raise OutriderError("SESSION_TOKEN_INVALID", reason="It was made for another session.")
        if grant.expires_at <= self._clock():
            raise grant.expired
        if not grant.allows(right):
            raise OutriderError("SESSION_RIGHT_MISSING", right=grant.right.value, needed=right.value)
        return grant

    def _read(self, token: str) -> Grant | None:
        """The grant of a token whose signature is right."""
        encoded, _, signature = token.partition(".")
        try:
            payload = _to_bytes(encoded)
            if not hmac.compare_digest(self._sign(payload), _to_bytes(signature)):
                return None
            said = msgspec.json.decode(payload, type=_Payload)
        except (ValueError, msgspec.MsgspecError):
            return None
        expires_at = datetime.fromtimestamp(said.expires, UTC)
        return Grant(said.organisation_id, said.session_id, said.right, expires_at, said.holder)

    def _sign(self, payload: bytes) -> bytes:
        return hmac.digest(self._key, payload, hashlib.sha256)


def open_token_secret(file: Path) -> bytes:
    """The server's key for tokens, from a file (mode 0600) that is made at the first start.

    Raises DATA_FOLDER_UNUSABLE. Whoever removes the file and restarts the server ends every token that is out.
    """
    with usable(file):
        if not file.exists():
            write_private(file, secrets.token_hex(32))
        text = file.read_text(encoding="ascii", errors="replace")
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        reason = f"{file.name} is damaged; remove it."
        raise OutriderError("DATA_FOLDER_UNUSABLE", folder=file.parent, reason=reason) from error


def _to_text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _to_bytes(text: str) -> bytes:
    """The bytes of which ``_to_text`` makes this text. Raises ValueError."""
    if len(text) > _MAX_CHARACTERS:
        raise ValueError("longer than any token")
    data = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    if _to_text(data) != text:
        raise ValueError("not base64url")
    return data
