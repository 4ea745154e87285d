"""What clients can do to the vault: store, change and remove items. What was stored is never given back.

Every operation takes the principal, and answers VAULT_ITEM_NOT_FOUND for what belongs to another organisation, as for
what does not exist.
"""

import dataclasses
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from outrider.identities.sealing import Sealer
from outrider.interfaces.identities import Principal
from outrider.interfaces.vault import Card, Item, Kind, Login, VaultStore
from outrider.problems import OutriderError
from outrider.protocol.conditional import UNCONDITIONAL, Precondition
from outrider.vault.cards import check_card
from outrider.vault.codes import parse_totp_secret
from outrider.vault.contents import open_item, seal_contents
from outrider.vault.origins import parse_origin

__all__ = ["Rotated", "VaultOperations"]

ITEMS: Final = 1000

_TAIL_CHARACTERS: Final = 4
#: Of a name, at most.
_NAME_CHARACTERS: Final = 64
#: The sealed form of each kind.
_CONTENTS: Final[Mapping[Kind, type[Login] | type[Card]]] = {Kind.CREDENTIAL: Login, Kind.CARD: Card}


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did: items that were sealed anew, and those that bore the newest key already."""

    resealed: int
    current: int


class VaultOperations:
    """The operations of the vault API. Stateless; one instance serves all requests."""

    def __init__(self, store: VaultStore, sealer: Sealer) -> None:
        self._store = store
        self._sealer = sealer

    # --- credentials and cards

    async def add_credential(
        self, principal: Principal, name: str, login: Mapping[str, str], origins: Sequence[str]
    ) -> Item:
        """Store a log-in; ``login`` has the fields of ``Login``, ``totp_secret`` may be missing.

        Raises CREDENTIAL_INVALID, ORIGIN_INVALID, VAULT_ITEM_EXISTS, VAULT_LIMIT_REACHED.
        """
        return await self._add(principal, Kind.CREDENTIAL, name, _login({"totp_secret": "", **login}), origins)

    async def add_card(self, principal: Principal, name: str, card: Mapping[str, Any], origins: Sequence[str]) -> Item:
        """Store a card; ``card`` has the fields of ``Card``.

        Raises CARD_INVALID, ORIGIN_INVALID, VAULT_ITEM_EXISTS, VAULT_LIMIT_REACHED.
        """
        return await self._add(principal, Kind.CARD, name, _card(card), origins)

    async def all(self, principal: Principal, kind: Kind) -> tuple[Item, ...]:
        """The organisation's items of a kind, by name."""
        return await self._store.items(principal.organisation_id, kind)

    async def get(self, principal: Principal, kind: Kind, name: str) -> Item:
        """What may be shown of an item."""
        _refuse_long(kind, name)
        return await self._store.item(principal.organisation_id, kind, name)

    async def change(
        self,
        principal: Principal,
        kind: Kind,
        name: str,
        changes: Mapping[str, Any],
        expected: Precondition = UNCONDITIONAL,
    ) -> Item:
        """Set ``origins`` and any field of the contents; what is not named stays.

        Raises CREDENTIAL_INVALID, CARD_INVALID, ORIGIN_INVALID, VERSION_CONFLICT, VAULT_ITEM_CHANGED,
        SECRET_UNREADABLE.
        """
        item = await self.get(principal, kind, name)
        expected.check(item.etag)
        columns: dict[str, Any] = {}
        if "origins" in changes:
            columns["origins"] = _origins(changes["origins"])
        fields = {key: value for key, value in changes.items() if key != "origins"}
        if fields:
            kept = dataclasses.asdict(open_item(self._sealer, item, _CONTENTS[kind]))
            contents = _CHECKS[kind](kept | fields)
            columns |= _shown(contents) | {"sealed": seal_contents(self._sealer, item.id, contents)}
        return await self._store.change_item(item, columns, expected)

    async def delete(self, principal: Principal, kind: Kind, name: str, expected: Precondition = UNCONDITIONAL) -> None:
        """Remove an item with its values. Raises VERSION_CONFLICT."""
        _refuse_long(kind, name)
        await self._store.remove_item(principal.organisation_id, kind, name, expected)

    # --- keys

    async def rotate(self, principal: Principal) -> Rotated:
        """Seal all items of the organisation with the newest key, so that older ones can be dropped.

        Raises SECRET_UNREADABLE when an older key is missing already.
        """
        items = await self._store.items(principal.organisation_id)
        old = [item for item in items if not self._sealer.is_current(item.sealed)]
        return Rotated(sum([await self._reseal(item) for item in old]), len(items) - len(old))

    # --- parts

    async def _add(
        self, principal: Principal, kind: Kind, name: str, contents: Login | Card, origins: Sequence[str]
    ) -> Item:
        item_id = f"vi_{secrets.token_hex(16)}"
        item = Item(
            id=item_id,
            organisation_id=principal.organisation_id,
            kind=kind,
            name=name,
            **_shown(contents),
            origins=tuple(_origins(origins)),
            sealed=seal_contents(self._sealer, item_id, contents),
            created_at=datetime.now(UTC),
        )
        await self._store.add_item(item, limit=ITEMS)
        return item

    async def _reseal(self, item: Item) -> bool:
        """False for an item that somebody else has changed or removed meanwhile: then it bears the newest key."""
        contents = open_item(self._sealer, item, _CONTENTS[item.kind])
        try:
            await self._store.change_item(item, {"sealed": seal_contents(self._sealer, item.id, contents)})
        except OutriderError as problem:
            if problem.code not in ("VAULT_ITEM_CHANGED", "VAULT_ITEM_NOT_FOUND"):
                raise
            return False
        return True


def _refuse_long(kind: Kind, name: str) -> None:
    """No item has such a name, and an error repeats it."""
    if len(name) > _NAME_CHARACTERS:
        raise OutriderError("VAULT_ITEM_NOT_FOUND", kind=kind.value, name=f"{name[:_NAME_CHARACTERS]}…")


def _login(values: Mapping[str, Any]) -> Login:
    try:
        totp_secret = parse_totp_secret(values["totp_secret"]) if values["totp_secret"] else ""
    except ValueError as error:
        raise OutriderError("CREDENTIAL_INVALID", reason="The secret of the one-time codes is not Base32.") from error
    return Login(values["user_name"], values["password"], totp_secret)


def _card(values: Mapping[str, Any]) -> Card:
    return check_card(**values, today=_today())


def _today() -> date:
    """Where it is still yesterday, a card may be good for another day."""
    return datetime.now(UTC).date()


_CHECKS: Final[Mapping[Kind, Callable[[Mapping[str, Any]], Login | Card]]] = {
    Kind.CREDENTIAL: _login,
    Kind.CARD: _card,
}


def _shown(contents: Login | Card) -> dict[str, Any]:
    """The columns that may be shown."""
    if isinstance(contents, Login):
        return {"label": contents.user_name, "has_totp": bool(contents.totp_secret)}
    return {"label": contents.number[-_TAIL_CHARACTERS:], "has_totp": False}


def _origins(origins: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(map(parse_origin, origins)))
