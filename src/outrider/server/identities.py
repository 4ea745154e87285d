"""The parts that keys and tokens are checked with, opened together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from outrider.config import Settings
from outrider.identities.authentication import Authentication
from outrider.identities.keys import Keys, ensure_operator_key
from outrider.identities.last_use import LastUse
from outrider.identities.operations import IdentityOperations
from outrider.storage import Database, SqlKeyStore

__all__ = ["Identities", "open_identities"]


@dataclass(frozen=True, slots=True)
class Identities:
    """Who requests are, and what is done with that."""

    authentication: Authentication
    operations: IdentityOperations
    #: The operator's key, when this start has made one.
    new_key: str | None


@asynccontextmanager
async def open_identities(database: Database, settings: Settings) -> AsyncIterator[Identities]:
    """Organisations and keys of an open database. Raises DATA_FOLDER_UNUSABLE."""
    store = SqlKeyStore(database)
    new_key = await ensure_operator_key(store, settings.key_file)
    uses = LastUse(store)
    authentication = Authentication(Keys(store), uses)
    async with uses.writing():
        yield Identities(authentication, IdentityOperations(store, uses, authentication.forget), new_key)
