"""A vault on a real database, with a session that may pay."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from outrider.identities.sealing import Sealer
from outrider.interfaces.actions import Pay
from outrider.interfaces.identities import Principal
from outrider.interfaces.sessions import SessionSpec
from outrider.storage import Database, SqlSessionStore, SqlVaultStore
from outrider.vault.operations import VaultOperations
from outrider.vault.payments import PaymentOperations
from outrider.vault.use import StoredVault, VaultOfSession

ANN = Principal("ann", "key", "12345")
STRANGER = Principal("stranger", "key", "12345")
SITE = "https://shop.example"
NUMBER = "4111111111111111"
LOGIN = {"user_name": "ann", "password": "tea & 7 cups", "totp_secret": "JBSWY3DPEHPK3PXP"}
CARD = {"holder": "Ann", "number": NUMBER, "expiry_month": 8, "expiry_year": 2090, "cvc": "123"}
KEYS = [bytes([number]) * 32 for number in range(3)]


@dataclass
class House:
    """All parts of the vault, and what a test needs of it."""

    database: Database
    store: SqlVaultStore
    operations: VaultOperations
    payments: PaymentOperations
    use: StoredVault
    path: Path
    created: list[str] = field(default_factory=list)

    def session(self, session_id: str = "s-1", organisation_id: str = "ann") -> VaultOfSession:
        return self.use.of_session(organisation_id, session_id)

    async def token(self, **terms: Any) -> str:
        given: dict[str, Any] = {"session_id": "s-1", "card": "main", "origin": SITE}
        given |= {"max_amount": Decimal("25.00"), "currency": "EUR", "expires_in": timedelta(seconds=60)}
        _, text = await self.payments.create(ANN, **(given | terms))
        return text


def payment(token: str, amount: str = "25,00 €") -> Pay:
    return Pay(amount, token, number=1)


Open = Callable[..., Awaitable[House]]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await Database.open(tmp_path / "outrider.db") as opened:
        yield opened


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> House:
    sessions = SqlSessionStore(database)
    for session_id in ("s-1", "s-2"):
        await sessions.insert(SessionSpec(session_id, "ann", "e", "scout", "scout", max_steps=1))

    async def check(principal: Principal, session_id: str) -> None:
        assert (await sessions.get(session_id)).spec.organisation_id == principal.organisation_id

    store, sealer = SqlVaultStore(database), Sealer(KEYS[:1])
    operations = VaultOperations(store, sealer)
    await operations.add_card(ANN, "main", CARD, [SITE])
    await operations.add_credential(ANN, "shop", LOGIN, [SITE, "https://*.shop.example"])
    payments = PaymentOperations(store, check)
    return House(database, store, operations, payments, StoredVault(store, sealer), tmp_path / "outrider.db")
