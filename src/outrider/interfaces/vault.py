"""Site credentials, cards and payment tokens: values, and the contracts of their store and of their use by a session.

Secrets are in the clear only in ``Login``, ``Card`` and ``Redemption``, which are never stored, logged or shown: their
``repr`` tells nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from outrider.interfaces.actions import Pay
from outrider.protocol.conditional import UNCONDITIONAL, Precondition, etag_of


class Kind(StrEnum):
    """What an item of the vault is."""

    CREDENTIAL = "credential"
    CARD = "card"


class Part(StrEnum):
    """What a saved log-in can put into a page: ``shop-login.password``."""

    USER_NAME = "username"
    PASSWORD = "password"  # noqa: S105 - the name of a part
    #: The one-time code of this moment (RFC 6238).
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Login:
    """The values of a credential."""

    user_name: str
    password: str = field(repr=False)
    #: Base32, or "" without one-time codes.
    totp_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Card:
    """The values of a card."""

    holder: str
    #: Digits only.
    number: str = field(repr=False)
    expiry_month: int
    expiry_year: int
    cvc: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Item:
    """A stored credential or card: what may be shown, and the sealed rest."""

    id: str
    organisation_id: str
    kind: Kind
    name: str
    #: User name, or the last four digits of the number.
    label: str
    #: A credential that has one-time codes.
    has_totp: bool
    #: As ``vault.origins`` writes them.
    origins: tuple[str, ...]
    sealed: bytes = field(repr=False)
    created_at: datetime
    last_used_at: datetime | None = None

    @property
    def etag(self) -> str:
        """The version that it is in, to which its last use belongs."""
        return etag_of(self.id, self.label, self.has_totp, self.origins, self.sealed, self.last_used_at)


class TokenState(StrEnum):
    """Where a payment token is; an active one may have run out of time."""

    ACTIVE = "active"
    #: Used up: the card was about to be put into the page. It stays so when the server dies or the page fails then.
    REDEEMED = "redeemed"
    #: The card is in the page, and the button was pressed where one was named.
    SETTLED = "settled"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class PaymentToken:
    """Leave to pay once. The token itself is not stored, only its digest."""

    #: The public part of the token's text.
    id: str
    organisation_id: str
    session_id: str
    #: Id and name of the card.
    card_id: str
    card: str
    origin: str
    max_amount: Decimal
    #: ISO 4217.
    currency: str
    state: TokenState
    created_at: datetime
    expires_at: datetime
    redeemed_at: datetime | None = None
    settled_at: datetime | None = None
    #: What it was redeemed for.
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a token is presented for."""

    id: str
    #: SHA-256 of the token's text, hexadecimal.
    digest: str
    organisation_id: str
    session_id: str
    #: Of the frames that hold the fields.
    origin: str
    amount: Decimal
    #: Currencies that the page may mean; empty when it names none.
    currencies: frozenset[str]


@dataclass(frozen=True, slots=True)
class SavedLogin:
    """A credential as a model may know it."""

    name: str
    parts: tuple[Part, ...]
    origins: tuple[str, ...]
    #: To tell which one is meant; for no text that somebody reads.
    user_name: str = field(default="", repr=False)


class VaultStore(Protocol):
    """The record of items and tokens. Every method is one transaction, durable when it returns.

    Raises STORAGE_FAILED, VAULT_ITEM_NOT_FOUND and PAYMENT_TOKEN_NOT_FOUND, also for what belongs to another
    organisation.
    """

    async def add_item(self, item: Item, *, limit: int) -> None:
        """Raises VAULT_ITEM_EXISTS, and VAULT_LIMIT_REACHED when the organisation has ``limit`` of the kind."""
        ...

    async def items(self, organisation_id: str, kind: Kind | None = None) -> tuple[Item, ...]:
        """By name."""
        ...

    async def item(self, organisation_id: str, kind: Kind, name: str) -> Item: ...

    async def change_item(self, item: Item, changes: Mapping[str, Any], expected: Precondition = UNCONDITIONAL) -> Item:
        """Set columns of an item; only if its sealed bytes are still those of ``item``, else VAULT_ITEM_CHANGED.

        Raises VERSION_CONFLICT.
        """
        ...

    async def remove_item(self, organisation_id: str, kind: Kind, name: str, expected: Precondition) -> None:
        """Raises VERSION_CONFLICT."""
        ...

    async def note_use(self, item: Item) -> None:
        """It was used just now."""
        ...

    async def add_token(self, token: PaymentToken, digest: str) -> None: ...

    async def tokens(
        self, organisation_id: str, session_id: str | None, before: str | None, limit: int
    ) -> tuple[PaymentToken, ...]:
        """The newest first; with ``before``, only those that come after the token of that id."""
        ...

    async def token(self, organisation_id: str, token_id: str) -> PaymentToken: ...

    async def redeem(self, claim: Claim, opened: Callable[[Item], Card]) -> Card:
        """Use a token up, exactly once, and return its card, marked as used, as ``opened`` makes it of the item.

        Raises PAYMENT_TOKEN_NOT_FOUND, PAYMENT_TOKEN_FOREIGN, PAYMENT_TOKEN_USED, PAYMENT_TOKEN_REVOKED,
        PAYMENT_TOKEN_EXPIRED, PAYMENT_ORIGIN_REFUSED, PAYMENT_CURRENCY_REFUSED, PAYMENT_AMOUNT_REFUSED, and
        VAULT_ITEM_NOT_FOUND when the card is gone, and what ``opened`` does; the token stays as it was then.
        """
        ...

    async def settle(self, organisation_id: str, token_id: str) -> PaymentToken:
        """A redeemed token's card went into the page."""
        ...

    async def revoke(self, organisation_id: str, token_id: str) -> PaymentToken:
        """Raises PAYMENT_TOKEN_USED. Idempotent."""
        ...


class SessionVault(Protocol):
    """What the actions of one session may take out of its organisation's vault."""

    async def reveal(self, secret: str, origin: str) -> str:
        """The value of ``name.part``, for a field in a frame of that origin.

        Raises SECRET_NOT_FOUND, SECRET_ORIGIN_REFUSED, SECRET_UNREADABLE.
        """
        ...

    async def redeem(self, payment: Pay, origin: str) -> Card:
        """The card, for fields in frames of that origin; from now on the token is used up.

        Raises what ``VaultStore.redeem`` does, PAYMENT_AMOUNT_UNREADABLE and SECRET_UNREADABLE; then it is not.
        """
        ...

    async def settle(self, payment: Pay) -> None:
        """The card is in the page, and the button was pressed."""
        ...


class Vault(Protocol):
    """The vault, for those who run sessions."""

    async def logins(self, organisation_id: str) -> Sequence[SavedLogin]:
        """What a session of the organisation may put into pages."""
        ...

    def of_session(self, organisation_id: str, session_id: str) -> SessionVault: ...
