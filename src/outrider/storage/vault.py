"""The store of the vault: each method is one transaction of ``vault_items`` or ``payment_tokens``."""

from collections.abc import Callable, Mapping
from typing import Any

from outrider.interfaces.vault import Card, Claim, Item, Kind, PaymentToken
from outrider.protocol.conditional import UNCONDITIONAL, Precondition
from outrider.storage import payment_tokens as tokens
from outrider.storage import vault_items as items
from outrider.storage.database import Database

__all__ = ["SqlVaultStore"]


class SqlVaultStore:
    """``interfaces.vault.VaultStore`` on a ``Database``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- items

    async def add_item(self, item: Item, *, limit: int) -> None:
        await self._database.write(lambda within: items.add_item(within, item, limit))

    async def items(self, organisation_id: str, kind: Kind | None = None) -> tuple[Item, ...]:
        return await self._database.read(lambda within: items.list_items(within, organisation_id, kind))

    async def item(self, organisation_id: str, kind: Kind, name: str) -> Item:
        return await self._database.read(lambda within: items.get_item(within, organisation_id, kind, name))

    async def change_item(self, item: Item, changes: Mapping[str, Any], expected: Precondition = UNCONDITIONAL) -> Item:
        return await self._database.write(lambda within: items.change_item(within, item, changes, expected))

    async def remove_item(self, organisation_id: str, kind: Kind, name: str, expected: Precondition) -> None:
        await self._database.write(lambda within: items.remove_item(within, organisation_id, kind, name, expected))

    async def note_use(self, item: Item) -> None:
        await self._database.write(lambda within: items.note_use(within, item.id))

    # --- tokens

    async def add_token(self, token: PaymentToken, digest: str) -> None:
        await self._database.write(lambda within: tokens.add_token(within, token, digest))

    async def tokens(
        self, organisation_id: str, session_id: str | None, before: str | None, limit: int
    ) -> tuple[PaymentToken, ...]:
        return await self._database.read(
            lambda within: tokens.list_tokens(within, organisation_id, session_id, before, limit)
        )

    async def token(self, organisation_id: str, token_id: str) -> PaymentToken:
        return await self._database.read(lambda within: tokens.get_token(within, organisation_id, token_id))

    async def redeem(self, claim: Claim, opened: Callable[[Item], Card]) -> Card:
        return await self._database.write(lambda within: tokens.redeem_token(within, claim, opened))

    async def settle(self, organisation_id: str, token_id: str) -> PaymentToken:
        return await self._database.write(lambda within: tokens.settle_token(within, organisation_id, token_id))

    async def revoke(self, organisation_id: str, token_id: str) -> PaymentToken:
        return await self._database.write(lambda within: tokens.revoke_token(within, organisation_id, token_id))
