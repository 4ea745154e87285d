"""The public keys of an issuer of tokens: loaded when needed, kept for a while, loaded anew when a token names another.

An issuer rotates by publishing a new key beside the old one, and takes the old one away later (RFC 7517).
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey, import_key

from outrider.problems import OutriderError
from outrider.telemetry import get_logger

__all__ = ["KeySource", "PublishedKeys", "SharedSecret"]

#: After which keys are loaded anew.
FRESH_SECONDS: Final = 600.0
#: For which the last ones serve when that fails.
STALE_SECONDS: Final = 86_400.0
#: Between two attempts, however many tokens name keys that there are not.
PAUSE_SECONDS: Final = 10.0

_MAX_KEYS: Final = 100
#: That are tried for a token without a key's id.
_MAX_TRIED: Final = 10
_RSA_BITS: Final = range(2048, 8193)
#: Of a key in a JWKS. What is private of one that was published by mistake is left alone.
_PUBLIC_MEMBERS: Final = frozenset({"kty", "n", "e", "crv", "x", "y"})

#: Algorithm -> what a key for it is.
_FITTING: Final[Mapping[str, Callable[[Key], bool]]] = {
    "RS256": lambda key: isinstance(key, RSAKey) and key.public_key.key_size in _RSA_BITS,
    "ES256": lambda key: isinstance(key, ECKey) and key.curve_name == "P-256",
    "EdDSA": lambda key: isinstance(key, OKPKey) and key.curve_name == "Ed25519",
}

#: What a newer RFC calls an algorithm (RFC 9864, section 2.2).
_RENAMED: Final = {"EdDSA": "Ed25519"}

log = get_logger(__name__)


class KeySource:
    """Where keys of an issuer come from."""

    async def find(self, algorithm: str, key_id: str | None) -> tuple[Key, ...]:
        """Keys that may have signed a token with that algorithm and key id. Raises TOKEN_KEYS_UNAVAILABLE."""
        raise NotImplementedError


class SharedSecret(KeySource):
    """The one key of an issuer that shares a secret with us."""

    def __init__(self, secret: str) -> None:
        """Raises ValueError for a public key: whoever knows it could sign with it."""
        self._key = OctKey.import_key(secret.encode())

    async def find(self, algorithm: str, key_id: str | None) -> tuple[Key, ...]:
        """It, for HS256."""
        del key_id
        return (self._key,) if algorithm == "HS256" else ()


@dataclass(frozen=True, slots=True)
class _Published:
    key: Key
    key_id: str | None
    #: What the key is for, when the set says so.
    algorithm: str | None


class PublishedKeys(KeySource):
    """Keys of a JWKS."""

    def __init__(
        self, issuer: str, load: Callable[[], Awaitable[bytes]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``load`` gives the JWKS; it raises an OutriderError or an OSError when it can't."""
        self._issuer = issuer
        self._load = load
        self._clock = clock
        self._keys: tuple[_Published, ...] = ()
        self._loaded = self._tried = float("-inf")
        self._loading = asyncio.Lock()

    async def find(self, algorithm: str, key_id: str | None) -> tuple[Key, ...]:
        """Keys by their id, or all that fit the algorithm for a token that names none."""
        age = self._clock() - self._loaded
        # While somebody loads them anew the last ones serve, unless they are too old for that.
        if age > STALE_SECONDS or (age > FRESH_SECONDS and not self._loading.locked()):
            await self._renew()
        found = self._fitting(algorithm, key_id)
        if not found:
            await self._renew()
            found = self._fitting(algorithm, key_id)
        return found

    def _fitting(self, algorithm: str, key_id: str | None) -> tuple[Key, ...]:
        fits = _FITTING[algorithm]
        found = (
            one.key
            for one in self._keys
            if key_id in (None, one.key_id)
            and one.algorithm in (None, algorithm, _RENAMED.get(algorithm))
            and fits(one.key)
        )
        return tuple(found)[:_MAX_TRIED]

    async def _renew(self) -> None:
        """Load the keys, unless that was tried just now. Raises TOKEN_KEYS_UNAVAILABLE when there are none to go on."""
        async with self._loading:
            if self._clock() - self._tried > PAUSE_SECONDS:
                self._tried = self._clock()
                await self._try_to_load()
        if self._clock() - self._loaded > STALE_SECONDS:
            raise OutriderError("TOKEN_KEYS_UNAVAILABLE", issuer=self._issuer)

    async def _try_to_load(self) -> None:
        try:
            self._keys = _published(await self._load())
            self._loaded = self._clock()
        except (OutriderError, OSError, ValueError) as error:
            reason = error.message if isinstance(error, OutriderError) else type(error).__name__
            log.warning("the keys of an issuer of tokens could not be loaded", issuer=self._issuer, reason=reason)


def _published(data: bytes) -> tuple[_Published, ...]:
    """The keys of a JWKS. Those that are not for signatures, or not understood, are left out (RFC 7517, section 5).

    Raises ValueError when it is none.
    """
    document = json.loads(data)
    entries = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise ValueError("not a JWKS")  # noqa: TRY004 - of a text, not of a type
    return tuple(one for one in map(_imported, entries[:_MAX_KEYS]) if one is not None)


def _imported(entry: Any) -> _Published | None:
    if not isinstance(entry, dict) or entry.get("kty") not in ("RSA", "EC", "OKP") or entry.get("use") == "enc":
        return None
    public = {name: value for name, value in entry.items() if name in _PUBLIC_MEMBERS}
    key_id, algorithm = entry.get("kid"), entry.get("alg")
    try:
        key = import_key(public)
        fits = any(fit(key) for fit in _FITTING.values())
    except (JoseError, UnsupportedAlgorithm, ArithmeticError, LookupError, TypeError, ValueError):
        return None
    return _Published(key, _text(key_id), _text(algorithm)) if fits else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
