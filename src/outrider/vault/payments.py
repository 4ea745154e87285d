"""What clients can do with payment tokens: create, look, revoke.

Every operation takes the principal, and answers PAYMENT_TOKEN_NOT_FOUND for what belongs to another organisation, as
for what does not exist.
"""

import hashlib
import re
import secrets
import string
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from outrider.interfaces.identities import Principal
from outrider.interfaces.vault import Kind, PaymentToken, TokenState, VaultStore
from outrider.problems import OutriderError
from outrider.vault.origins import covers, parse_origin

__all__ = ["PaymentOperations", "digest_of", "id_of"]

_PREFIX: Final = "pt_live_"
_PUBLIC_CHARACTERS: Final = 8
_SECRET_CHARACTERS: Final = 32
_ALPHABET: Final = string.ascii_letters + string.digits
_ID: Final = re.compile(rf"{_PREFIX}[A-Za-z0-9]{{{_PUBLIC_CHARACTERS}}}")
_TEXT: Final = re.compile(rf"({_ID.pattern})[A-Za-z0-9]{{{_SECRET_CHARACTERS}}}")
_SHOWN_CHARACTERS: Final = 16


def id_of(text: str) -> str:
    """The public part of a token. Raises PAYMENT_TOKEN_NOT_FOUND for what is none, and repeats little of it."""
    found = _TEXT.fullmatch(text)
    if found is None:
        raise OutriderError("PAYMENT_TOKEN_NOT_FOUND", token=f"{text[:_PUBLIC_CHARACTERS]}…")
    return found[1]


def digest_of(text: str) -> str:
    """What is stored of a token. It is random and long, so that one round of SHA-256 is enough."""
    return hashlib.sha256(text.encode()).hexdigest()


class PaymentOperations:
    """The operations of the payments API. Stateless; one instance serves all requests."""

    def __init__(self, store: VaultStore, check_session: Callable[[Principal, str], Awaitable[object]]) -> None:
        """``check_session`` raises SESSION_NOT_FOUND or SESSION_EXPIRED."""
        self._store = store
        self._check_session = check_session

    async def create(
        self,
        principal: Principal,
        *,
        session_id: str,
        card: str,
        origin: str,
        max_amount: Decimal,
        currency: str,
        expires_in: timedelta,
    ) -> tuple[PaymentToken, str]:
        """A token for one payment, and its text, which is never shown again.

        Raises SESSION_NOT_FOUND, SESSION_EXPIRED, VAULT_ITEM_NOT_FOUND, ORIGIN_INVALID, and CARD_ORIGIN_REFUSED for an
        origin that the card is not bound to.
        """
        await self._check_session(principal, session_id)
        site = parse_origin(origin, wildcard=False)
        item = await self._store.item(principal.organisation_id, Kind.CARD, card)
        text = _PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(_PUBLIC_CHARACTERS + _SECRET_CHARACTERS))
        if not covers(item.origins, site):
            raise OutriderError("CARD_ORIGIN_REFUSED", card=item.name, origin=site)
        now = datetime.now(UTC)
        token = PaymentToken(
            id=id_of(text),
            organisation_id=principal.organisation_id,
            session_id=session_id,
            card_id=item.id,
            card=item.name,
            origin=site,
            max_amount=max_amount,
            currency=currency,
            state=TokenState.ACTIVE,
            created_at=now,
            expires_at=now + expires_in,
        )
        await self._store.add_token(token, digest_of(text))
        return token, text

    async def all(
        self, principal: Principal, *, session_id: str | None, before: str | None, limit: int
    ) -> tuple[PaymentToken, ...]:
        """The organisation's tokens, the newest first."""
        before = None if before is None else _checked(before)
        return await self._store.tokens(principal.organisation_id, session_id, before, limit)

    async def get(self, principal: Principal, token_id: str) -> PaymentToken:
        """What became of a token."""
        return await self._store.token(principal.organisation_id, _checked(token_id))

    async def revoke(self, principal: Principal, token_id: str) -> PaymentToken:
        """Make a token useless. Idempotent. Raises PAYMENT_TOKEN_USED."""
        return await self._store.revoke(principal.organisation_id, _checked(token_id))


def _checked(token_id: str) -> str:
    """The id; an error does not repeat what is longer, such as a whole token."""
    if not _ID.fullmatch(token_id):
        raise OutriderError("PAYMENT_TOKEN_NOT_FOUND", token=f"{token_id[:_SHOWN_CHARACTERS]}…")
    return token_id
