"""The vault API: credentials and cards are stored, changed and removed; their secrets never come back."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter, Response
from pydantic import BaseModel, SecretStr

from outrider.api.conditional import VERSIONED, Expected
from outrider.api.dependencies import Caller, Wiring
from outrider.api.errors import documented
from outrider.api.gate import KEY_SCHEMES, GuardedRoute
from outrider.interfaces.vault import Item, Kind
from outrider.protocol.schemas import Deletion
from outrider.protocol.vault import (
    CardBody,
    Cards,
    CreateCard,
    CreateCredential,
    CredentialBody,
    Credentials,
    RotationBody,
    UpdateCard,
    UpdateCredential,
)

__all__ = ["router"]

_WITH_A_BODY: Final = ("MALFORMED_JSON", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "UNPROCESSABLE")
_ON_AN_ITEM: Final = ("UNAUTHORIZED", "VAULT_ITEM_NOT_FOUND")
_IF_SAME: Final = ("PRECONDITION_INVALID", "VERSION_CONFLICT")
_NEW: Final = ("UNAUTHORIZED", *_WITH_A_BODY, "ORIGIN_INVALID", "VAULT_ITEM_EXISTS", "VAULT_LIMIT_REACHED")
_CHANGED: Final = (*_ON_AN_ITEM, *_WITH_A_BODY, *_IF_SAME, "ORIGIN_INVALID", "VAULT_ITEM_CHANGED", "SECRET_UNREADABLE")

router = APIRouter(prefix="/v1/vault", tags=["vault"], route_class=GuardedRoute, dependencies=KEY_SCHEMES)


# --- credentials


@router.post("/credentials", responses=documented(*_NEW, "CREDENTIAL_INVALID"))
async def create_credential(wiring: Wiring, caller: Caller, body: CreateCredential, answer: Response) -> CredentialBody:
    """Store a log-in. Tasks use it by its name, on the origins that it is bound to."""
    login = _given(body, leave_out={"name", "origins"})
    item = await wiring.vault.add_credential(caller, body.name, login, body.origins)
    return _credential_body(_tagged(item, answer))


@router.get("/credentials", responses=documented("UNAUTHORIZED"))
async def list_credentials(wiring: Wiring, caller: Caller) -> Credentials:
    """The stored log-ins by name, without their secrets."""
    return Credentials(credentials=tuple(map(_credential_body, await wiring.vault.all(caller, Kind.CREDENTIAL))))


@router.get("/credentials/{name}", responses=documented(*_ON_AN_ITEM) | VERSIONED)
async def get_credential(name: str, wiring: Wiring, caller: Caller, answer: Response) -> CredentialBody:
    """One of them."""
    return _credential_body(_tagged(await wiring.vault.get(caller, Kind.CREDENTIAL, name), answer))


@router.patch("/credentials/{name}", responses=documented(*_CHANGED, "CREDENTIAL_INVALID"))
async def update_credential(
    name: str, wiring: Wiring, caller: Caller, expected: Expected, body: UpdateCredential, answer: Response
) -> CredentialBody:
    """Change what is given."""
    item = await wiring.vault.change(caller, Kind.CREDENTIAL, name, _given(body), expected)
    return _credential_body(_tagged(item, answer))


@router.delete("/credentials/{name}", responses=documented(*_ON_AN_ITEM, *_IF_SAME))
async def delete_credential(name: str, wiring: Wiring, caller: Caller, expected: Expected) -> Deletion:
    """Remove a log-in with its secrets."""
    await wiring.vault.delete(caller, Kind.CREDENTIAL, name, expected)
    return Deletion(deleted=True, message="Credential deleted successfully")


# --- cards


@router.post("/cards", responses=documented(*_NEW, "CARD_INVALID"))
async def create_card(wiring: Wiring, caller: Caller, body: CreateCard, answer: Response) -> CardBody:
    """Store a card. It is used with payment tokens only."""
    card = {"holder": body.holder, **_given(body, leave_out={"name", "origins"})}
    item = await wiring.vault.add_card(caller, body.name, card, body.origins)
    return _card_body(_tagged(item, answer))


@router.get("/cards", responses=documented("UNAUTHORIZED"))
async def list_cards(wiring: Wiring, caller: Caller) -> Cards:
    """The stored cards by name, with the last four digits of their numbers."""
    return Cards(cards=tuple(map(_card_body, await wiring.vault.all(caller, Kind.CARD))))


@router.get("/cards/{name}", responses=documented(*_ON_AN_ITEM) | VERSIONED)
async def get_card(name: str, wiring: Wiring, caller: Caller, answer: Response) -> CardBody:
    """One of them."""
    return _card_body(_tagged(await wiring.vault.get(caller, Kind.CARD, name), answer))


@router.patch("/cards/{name}", responses=documented(*_CHANGED, "CARD_INVALID"))
async def update_card(
    name: str, wiring: Wiring, caller: Caller, expected: Expected, body: UpdateCard, answer: Response
) -> CardBody:
    """Change what is given. Payment tokens pay with what the card is when they are redeemed."""
    item = await wiring.vault.change(caller, Kind.CARD, name, _given(body), expected)
    return _card_body(_tagged(item, answer))


@router.delete("/cards/{name}", responses=documented(*_ON_AN_ITEM, *_IF_SAME))
async def delete_card(name: str, wiring: Wiring, caller: Caller, expected: Expected) -> Deletion:
    """Remove a card with its number. Payment tokens for it can't be redeemed any more."""
    await wiring.vault.delete(caller, Kind.CARD, name, expected)
    return Deletion(deleted=True, message="Card deleted successfully")


# --- keys


@router.post("/rotate", responses=documented("UNAUTHORIZED", "SECRET_UNREADABLE"))
async def rotate(wiring: Wiring, caller: Caller) -> RotationBody:
    """Seal everything in the vault with the newest sealing key, so that older keys can be dropped."""
    rotated = await wiring.vault.rotate(caller)
    return RotationBody(resealed=rotated.resealed, current=rotated.current)


def _given(body: BaseModel, leave_out: set[str] | None = None) -> Mapping[str, Any]:
    """The fields that were sent, secrets in the clear."""
    sent = body.model_dump(exclude_unset=True, exclude=leave_out)
    return {name: value.get_secret_value() if isinstance(value, SecretStr) else value for name, value in sent.items()}


def _tagged(item: Item, answer: Response) -> Item:
    """The item, whose version the answer tells."""
    answer.headers["ETag"] = item.etag
    return item


def _credential_body(item: Item) -> CredentialBody:
    return CredentialBody(
        name=item.name,
        user_name=item.label,
        has_totp=item.has_totp,
        origins=item.origins,
        created_at=item.created_at,
        last_used_at=item.last_used_at,
    )


def _card_body(item: Item) -> CardBody:
    return CardBody(
        name=item.name,
        last_four=item.label,
        origins=item.origins,
        created_at=item.created_at,
        last_used_at=item.last_used_at,
    )
