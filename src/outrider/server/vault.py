"""The parts of the vault, put together on an open database."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from outrider.identities.sealing import Sealer
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


def open_vault(database: Database, sealer: Sealer) -> OpenVault:
    """On an open database; ``sealer`` has the keys of what is in it."""
    store = SqlVaultStore(database)
    return OpenVault(VaultOperations(store, sealer), StoredVault(store, sealer), store)
