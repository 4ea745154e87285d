"""What sessions take out of the vault, at the moment of an action, for the origin that the browser reports."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from outrider.identities.sealing import Sealer
from outrider.interfaces.actions import Pay
from outrider.interfaces.vault import Card, Claim, Item, Kind, Login, Part, SavedLogin, VaultStore
from outrider.problems import OutriderError
from outrider.vault.amounts import read_amount
from outrider.vault.codes import one_time_code
from outrider.vault.contents import open_item
from outrider.vault.origins import covers
from outrider.vault.payments import digest_of, id_of

__all__ = ["StoredVault"]

_SHOWN_CHARACTERS: Final = 100

_VALUES: Final[Mapping[Part, Callable[[Login], str]]] = {
    Part.USER_NAME: lambda login: login.user_name,
    Part.PASSWORD: lambda login: login.password,
    Part.CODE: lambda login: one_time_code(login.totp_secret, datetime.now(UTC)),
}


class StoredVault:
    """``interfaces.vault.Vault``."""

    def __init__(self, store: VaultStore, sealer: Sealer) -> None:
        self._store = store
        self._sealer = sealer

    async def logins(self, organisation_id: str) -> tuple[SavedLogin, ...]:
        """See ``interfaces.vault.Vault.logins``."""
        items = await self._store.items(organisation_id, Kind.CREDENTIAL)
        return tuple(SavedLogin(item.name, _parts(item), item.origins, item.label) for item in items)

    def of_session(self, organisation_id: str, session_id: str) -> "VaultOfSession":
        """See ``interfaces.vault.Vault.of_session``."""
        return VaultOfSession(self._store, self._sealer, organisation_id, session_id)


class VaultOfSession:
    """``interfaces.vault.SessionVault``."""

    def __init__(self, store: VaultStore, sealer: Sealer, organisation_id: str, session_id: str) -> None:
        self._store = store
        self._sealer = sealer
        self._organisation_id = organisation_id
        self._session_id = session_id

    async def reveal(self, secret: str, origin: str) -> str:
        """See ``interfaces.vault.SessionVault.reveal``."""
        item, part = await self._find(secret)
        if not covers(item.origins, origin):
            raise OutriderError("SECRET_ORIGIN_REFUSED", secret=secret, origin=origin)
        value = _VALUES[part](open_item(self._sealer, item, Login))
        await self._store.note_use(item)
        return value

    async def redeem(self, payment: Pay, origin: str) -> Card:
        """See ``interfaces.vault.SessionVault.redeem``."""
        asked = read_amount(payment.amount)
        claim = Claim(
            id=id_of(payment.token),
            digest=digest_of(payment.token),
            organisation_id=self._organisation_id,
            session_id=self._session_id,
            origin=origin,
            amount=asked.value,
            currencies=asked.currencies,
        )
        return await self._store.redeem(claim, lambda card: open_item(self._sealer, card, Card))

    async def settle(self, payment: Pay) -> None:
        """See ``interfaces.vault.SessionVault.settle``."""
        await self._store.settle(self._organisation_id, id_of(payment.token))

    async def _find(self, secret: str) -> tuple[Item, Part]:
        """Raises SECRET_NOT_FOUND."""
        name, _, part = secret.rpartition(".")
        try:
            item = await self._store.item(self._organisation_id, Kind.CREDENTIAL, name)
        except OutriderError as problem:
            if problem.code != "VAULT_ITEM_NOT_FOUND":
                raise
            raise _unknown(secret) from problem
        if part not in _parts(item):
            raise _unknown(secret)
        return item, Part(part)


def _parts(item: Item) -> tuple[Part, ...]:
    """What a credential has: without a secret for them, no one-time codes."""
    return tuple(part for part in Part if part is not Part.CODE or item.has_totp)


def _unknown(secret: str) -> OutriderError:
    return OutriderError("SECRET_NOT_FOUND", secret=secret[:_SHOWN_CHARACTERS])
