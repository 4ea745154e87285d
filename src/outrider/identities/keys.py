"""API keys: ``ok_live_`` + 8 public + 32 secret characters; stored as a hash, compared in constant time.

The public part finds the row; the SHA-256 of the whole key decides. A plain hash suffices because the secret part is
random (190 bits), not a password.
"""

import asyncio
import hashlib
import hmac
import secrets
import string
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from outrider.identities.principals import Known, Principals
from outrider.identities.private_file import usable, write_private
from outrider.interfaces.identities import (
    EVERYTHING,
    OPERATOR_AREA,
    OPERATOR_SCOPES,
    TIERS,
    KeyRecord,
    KeyStore,
    Organisation,
    Principal,
)
from outrider.problems import OutriderError

__all__ = [
    "DEFAULT_ORGANISATION",
    "PREFIX",
    "TAIL_CHARACTERS",
    "Keys",
    "ensure_operator_key",
    "issue_key",
    "random_text",
    "scopes_in",
]

DEFAULT_ORGANISATION: Final = "default"

PREFIX: Final = "ok_live_"
_PUBLIC_CHARACTERS: Final = 8
_SECRET_CHARACTERS: Final = 32
_KEY_CHARACTERS: Final = len(PREFIX) + _PUBLIC_CHARACTERS + _SECRET_CHARACTERS
_ALPHABET: Final = string.ascii_letters + string.digits
TAIL_CHARACTERS: Final = 5

#: For whatever makes a key useless, so that nobody learns of keys by trying.
_UNKNOWN: Final = "This server does not know the key, or the key has expired, is disabled or was revoked."


def issue_key(
    organisation_id: str, *, scopes: frozenset[str] = frozenset({EVERYTHING}), **rest: Any
) -> tuple[str, KeyRecord]:
    """A new key: its text, which is never stored, and the record to store, with ``rest`` as its other fields."""
    public = random_text(_PUBLIC_CHARACTERS)
    key = f"{PREFIX}{public}{random_text(_SECRET_CHARACTERS)}"
    record = KeyRecord(
        id=f"key_{random_text(12)}",
        organisation_id=organisation_id,
        public=public,
        digest=_digest(key),
        tail=key[-TAIL_CHARACTERS:],
        scopes=scopes,
        **rest,
    )
    return key, record


async def ensure_operator_key(store: KeyStore, key_file: Path) -> str | None:
    """At first start, or when its file is gone: an organisation and a key for the operator.

    The key's text goes into ``key_file`` (mode 0600) and is returned; None when there is one already. The file is
    written first, so that a stop in between leaves no key that nobody knows. Raises DATA_FOLDER_UNUSABLE.
    """
    if await store.has_keys() and await asyncio.to_thread(key_file.exists):
        return None
    if await store.find_organisation(DEFAULT_ORGANISATION) is None:
        await store.add_organisation(Organisation(id=DEFAULT_ORGANISATION, short_name=DEFAULT_ORGANISATION))
    key, record = issue_key(DEFAULT_ORGANISATION, name="operator", scopes=OPERATOR_SCOPES, tiers=frozenset(TIERS))
    with usable(key_file):
        await asyncio.to_thread(write_private, key_file, key)
    await store.add_key(record)
    return key


class Keys:
    """Checks keys against the store; ``principals`` remembers valid ones."""

    def __init__(
        self,
        store: KeyStore,
        principals: Principals,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._principals = principals
        self._now = now

    async def authenticate(self, key: str) -> Principal:
        """Whose key it is. Raises UNAUTHORIZED, in the same words for a key that is not there as for one that ended."""
        if len(key) < _KEY_CHARACTERS:
            reason = f"The key is too short: it has {len(key)} of {_KEY_CHARACTERS} characters."
            raise OutriderError("UNAUTHORIZED", reason=reason)
        known = await self._known(key)
        if known is None or not hmac.compare_digest(known.digest, _digest(key)) or self._has_ended(known.principal):
            raise OutriderError("UNAUTHORIZED", reason=_UNKNOWN)
        return known.principal

    def _has_ended(self, principal: Principal) -> bool:
        return principal.expires_at is not None and principal.expires_at <= self._now()

    async def _known(self, key: str) -> Known | None:
        if len(key) != _KEY_CHARACTERS or not key.startswith(PREFIX) or not key.isascii():
            return None
        public = key[len(PREFIX) :][:_PUBLIC_CHARACTERS]
        return self._principals.find(public) or await self._look_up(public)

    async def _look_up(self, public: str) -> Known | None:
        changes = self._principals.changes
        found = await self._store.find_key(public)
        if found is None:
            return None
        key, organisation = found
        if key.disabled or key.revoked_at is not None or organisation.disabled:
            return None
        known = Known(_principal(key, organisation), self._principals.limit(), key.digest)
        self._principals.remember(public, known, changes=changes)
        return known


def _principal(record: KeyRecord, organisation: Organisation) -> Principal:
    return Principal(
        organisation_id=record.organisation_id,
        key_id=record.id,
        key_tail=record.tail,
        scopes=scopes_in(record.organisation_id, record.scopes),
        tiers=record.tiers,
        agents=record.agents,
        short_name=organisation.short_name,
        requests_per_minute=record.requests_per_minute,
        expires_at=record.expires_at,
        limits=organisation,
    )


def scopes_in(organisation_id: str, scopes: frozenset[str]) -> frozenset[str]:
    """Without those that are the operator's, unless it is the operator's organisation."""
    if organisation_id == DEFAULT_ORGANISATION:
        return scopes
    return frozenset(scope for scope in scopes if not scope.startswith(f"{OPERATOR_AREA}:"))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def random_text(characters: int) -> str:
    """Letters and digits that nobody guesses."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(characters))
