"""The parts of the vault, put together on an open database."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from outrider.config import Settings
from outrider.identities.sealing import open_sealer
from outrider.interfaces.identities import Principal
from outrider.storage import Database, SqlVaultStore
from outrider.vault.operations import VaultOperations
from outrider.vault.payments import PaymentOperations
from outrider.vault.use import StoredVault

__all__ = ["OpenVault", "open_vault"]


@dataclass(frozen=True, slots=True)
class OpenVault:
    """For those who fill the vault, and for those who run sessions."""

    operations: VaultOperations
    use: StoredVault
    _store: SqlVaultStore

    def payments(self, check_session: Callable[[Principal, str], Awaitable[object]]) -> PaymentOperations:
        """The operations on payment tokens; see ``PaymentOperations``."""
        return PaymentOperations(self._store, check_session)


async def open_vault(database: Database, settings: Settings) -> OpenVault:
    """Raises CONFIG_INVALID and DATA_FOLDER_UNUSABLE for the sealing keys."""
    sealer = await asyncio.to_thread(open_sealer, settings.sealing_keys.get_secret_value(), settings.sealing_key_file)
    store = SqlVaultStore(database)
    return OpenVault(VaultOperations(store, sealer), StoredVault(store, sealer), store)
