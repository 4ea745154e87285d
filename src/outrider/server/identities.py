"""The parts that keys and tokens are checked with, opened together."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from outrider.config import Settings
from outrider.config.tokens import TokenIssuer
from outrider.identities.authentication import Authentication
from outrider.identities.keys import Keys, ensure_operator_key
from outrider.identities.last_use import LastUse
from outrider.identities.operations import IdentityOperations
from outrider.identities.principals import Principals
from outrider.identities.signing_keys import KeySource, PublishedKeys, SharedSecret
from outrider.identities.tokens import Issuer, Tokens
from outrider.interfaces.identities import Organisation
from outrider.problems import OutriderError
from outrider.screening.addresses import Policy
from outrider.screening.fetching import fetch
from outrider.storage import Database, SqlKeyStore

__all__ = ["Identities", "open_identities"]


@dataclass(frozen=True, slots=True)
class Identities:
    """Who requests are of, and what is done with that."""

    authentication: Authentication
    operations: IdentityOperations
    #: The organisation with an id, or None.
    find_organisation: Callable[[str], Awaitable[Organisation | None]]
    #: The operator's key, when this start has made one.
    new_key: str | None


@asynccontextmanager
async def open_identities(
    database: Database, settings: Settings, policy: Policy, end_closed: Callable[[], Awaitable[None]]
) -> AsyncIterator[Identities]:
    """Organisations, keys and issuers of tokens; ``policy`` says which of those may be reached.

    ``end_closed`` ends what organisations have running that were removed or disabled.
    Raises DATA_FOLDER_UNUSABLE, CONFIG_INVALID.
    """
    store, principals = SqlKeyStore(database), Principals()
    new_key = await ensure_operator_key(store, settings.key_file)
    issuers = _issuers(settings, policy)
    uses = LastUse(store)
    authentication = Authentication(Keys(store, principals), Tokens(issuers, store, principals), uses)
    async with uses.writing():
        operations = IdentityOperations(store, uses, principals.forget, end_closed)
        yield Identities(authentication, operations, store.find_organisation, new_key)


def _issuers(settings: Settings, policy: Policy) -> list[Issuer]:
    names = [issuer.issuer for issuer in settings.token_issuers.values()]
    if len(set(names)) != len(names):
        summary = "token_issuers: two of them have the same “issuer”"
        raise OutriderError("CONFIG_INVALID", summary=summary, source="the setting “token_issuers”")
    return [Issuer(one, _key_source(name, one, policy)) for name, one in settings.token_issuers.items()]


def _key_source(name: str, issuer: TokenIssuer, policy: Policy) -> KeySource:
    secret = issuer.secret.get_secret_value()
    if not secret:
        return PublishedKeys(issuer.issuer, _loader(issuer.jwks_file, issuer.jwks_url, policy))
    try:
        return SharedSecret(secret)
    except ValueError:
        summary = f"token_issuers.{name}.secret: that is a public key, which everybody may know"
        raise OutriderError("CONFIG_INVALID", summary=summary, source="the setting “token_issuers”") from None


def _loader(file: Path | None, url: str, policy: Policy) -> Callable[[], Awaitable[bytes]]:
    async def load() -> bytes:
        return await (fetch(url, policy) if file is None else asyncio.to_thread(file.read_bytes))

    return load
