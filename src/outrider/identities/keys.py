"""API keys: ``ok_live_`` + 8 public + 32 secret characters; stored as a hash, compared in constant time.

The public part finds the row; the SHA-256 of the whole key decides. A plain hash suffices because the secret part is
random (190 bits), not a password.
"""

import asyncio
import hashlib
import hmac
import secrets
import string
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from outrider.identities.private_file import usable, write_private
from outrider.interfaces.identities import EVERYTHING, TIERS, KeyRecord, KeyStore, Principal
from outrider.problems import OutriderError

__all__ = ["DEFAULT_ORGANISATION", "Keys", "ensure_operator_key", "issue_key", "presented_key"]

DEFAULT_ORGANISATION: Final = "default"

_PREFIX: Final = "ok_live_"
_PUBLIC_CHARACTERS: Final = 8
_SECRET_CHARACTERS: Final = 32
_KEY_CHARACTERS: Final = len(_PREFIX) + _PUBLIC_CHARACTERS + _SECRET_CHARACTERS
_ALPHABET: Final = string.ascii_letters + string.digits
_TAIL_CHARACTERS: Final = 5

_CACHED_KEYS: Final = 1024
_CACHED_SECONDS: Final = 30.0


def issue_key(organisation_id: str) -> tuple[str, KeyRecord]:
    """A new key: its text, which is never stored, and the record to store."""
    public = _random(_PUBLIC_CHARACTERS)
    key = f"{_PREFIX}{public}{_random(_SECRET_CHARACTERS)}"
    record = KeyRecord(
        id=f"key_{_random(12)}",
        organisation_id=organisation_id,
        public=public,
        digest=_digest(key),
        tail=key[-_TAIL_CHARACTERS:],
        created_at=datetime.now(UTC),
    )
    return key, record


async def ensure_operator_key(store: KeyStore, key_file: Path) -> str | None:
    """At first start, or when its file is gone: an organisation and a key for the operator.

    The key's text goes into ``key_file`` (mode 0600) and is returned; None when there is one already. The file is
    written first, so that a stop in between leaves no key that nobody knows. Raises DATA_FOLDER_UNUSABLE.
    """
    if await store.has_keys() and await asyncio.to_thread(key_file.exists):
        return None
    await store.add_organisation(DEFAULT_ORGANISATION, DEFAULT_ORGANISATION)
    key, record = issue_key(DEFAULT_ORGANISATION)
    with usable(key_file):
        await asyncio.to_thread(write_private, key_file, key)
    await store.add_key(record)
    return key


def presented_key(headers: Mapping[str, str]) -> str:
    """The key that a request brings, by ``Authorization: Bearer``, ``x-api-key`` or ``api_key``.

    Header names in ``headers`` are lower case. Raises UNAUTHORIZED with what is wrong; it never repeats the key.
    """
    authorization = headers.get("authorization")
    if authorization is None:
        key = headers.get("x-api-key") or headers.get("api_key")
        if key is None:
            raise OutriderError("UNAUTHORIZED", reason="The request has no “Authorization” header.")
        return key.strip()
    scheme, _, key = authorization.strip().partition(" ")
    if scheme.lower() != "bearer":
        raise OutriderError("UNAUTHORIZED", reason="The “Authorization” header does not start with “Bearer ”.")
    return key.strip()


class Keys:
    """Checks keys against the store, and remembers the rows of valid ones for half a minute."""

    def __init__(self, store: KeyStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._cache: dict[str, tuple[float, KeyRecord]] = {}

    async def authenticate(self, headers: Mapping[str, str]) -> Principal:
        """Who makes the request. Raises UNAUTHORIZED."""
        key = presented_key(headers)
        if len(key) < _KEY_CHARACTERS:
            reason = f"The key is too short: it has {len(key)} of {_KEY_CHARACTERS} characters."
            raise OutriderError("UNAUTHORIZED", reason=reason)
        record = await self._record(key)
        if record is None or not hmac.compare_digest(record.digest, _digest(key)):
            raise OutriderError("UNAUTHORIZED", reason="This server does not know the key.")
        return Principal(
            record.organisation_id,
            record.id,
            record.tail,
            frozenset({EVERYTHING}),
            frozenset(TIERS),
            short_name=record.organisation_id,
        )

    async def _record(self, key: str) -> KeyRecord | None:
        if len(key) != _KEY_CHARACTERS or not key.startswith(_PREFIX) or not key.isascii():
            return None
        public = key[len(_PREFIX) :][:_PUBLIC_CHARACTERS]
        now = self._clock()
        until, record = self._cache.get(public, (now, None))
        if record is None or until <= now:
            record = await self._store.find_key(public)
            self._remember(public, record, now)
        return record

    def _remember(self, public: str, record: KeyRecord | None, now: float) -> None:
        self._cache.pop(public, None)
        if record is None:
            return
        if len(self._cache) >= _CACHED_KEYS:
            self._cache.pop(next(iter(self._cache)))
        self._cache[public] = (now + _CACHED_SECONDS, record)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _random(characters: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(characters))
