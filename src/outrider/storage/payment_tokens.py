"""Payment tokens, within a transaction. There is one writer, so what a transaction checks stays true to its end."""

import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, insert, select, tuple_, update

from outrider.interfaces.vault import Card, Claim, Item, Kind, PaymentToken, TokenState
from outrider.problems import OutriderError
from outrider.storage.schema import payment_tokens
from outrider.storage.vault_items import find_item, note_use
from outrider.vault.origins import covers

__all__ = ["add_token", "get_token", "list_tokens", "redeem_token", "revoke_token", "settle_token"]

_BY_ID: Final = select(payment_tokens).where(payment_tokens.c.id == bindparam("id"))


def token_of(row: Row[Any]) -> PaymentToken:
    return PaymentToken(
        id=row.id,
        organisation_id=row.organisation_id,
        session_id=row.session_id,
        card_id=row.card_id,
        card=row.card,
        origin=row.origin,
        max_amount=Decimal(row.max_amount),
        currency=row.currency,
        state=TokenState(row.state),
        created_at=row.created_at,
        expires_at=row.expires_at,
        redeemed_at=row.redeemed_at,
        settled_at=row.settled_at,
        amount=None if row.amount is None else Decimal(row.amount),
    )


def add_token(connection: Connection, token: PaymentToken, digest: str) -> None:
    row = {
        "id": token.id,
        "digest": digest,
        "organisation_id": token.organisation_id,
        "session_id": token.session_id,
        "card_id": token.card_id,
        "card": token.card,
        "origin": token.origin,
        "max_amount": str(token.max_amount),
        "currency": token.currency,
        "state": token.state.value,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
    }
    connection.execute(insert(payment_tokens), row)


def list_tokens(
    connection: Connection, organisation_id: str, session_id: str | None, before: str | None, limit: int
) -> tuple[PaymentToken, ...]:
    order = payment_tokens.c.created_at.desc(), payment_tokens.c.id.desc()
    wanted = select(payment_tokens).where(payment_tokens.c.organisation_id == organisation_id)
    if session_id is not None:
        wanted = wanted.where(payment_tokens.c.session_id == session_id)
    if before is not None:
        last = get_token(connection, organisation_id, before)
        place = tuple_(payment_tokens.c.created_at, payment_tokens.c.id)
        wanted = wanted.where(place < tuple_(last.created_at, last.id))
    return tuple(map(token_of, connection.execute(wanted.order_by(*order).limit(limit))))


def get_token(connection: Connection, organisation_id: str, token_id: str) -> PaymentToken:
    return token_of(_row(connection, organisation_id, token_id))


def redeem_token(connection: Connection, claim: Claim, opened: Callable[[Item], Card]) -> Card:
    row = _row(connection, claim.organisation_id, claim.id)
    if not hmac.compare_digest(row.digest, claim.digest):
        raise OutriderError("PAYMENT_TOKEN_NOT_FOUND", token=claim.id)
    token = token_of(row)
    if token.session_id != claim.session_id:
        raise OutriderError("PAYMENT_TOKEN_FOREIGN", token=token.id)
    _refuse_spent(token)
    card = find_item(connection, token.card_id)
    if card is None:
        raise OutriderError("VAULT_ITEM_NOT_FOUND", kind=Kind.CARD.value, name=token.card)
    _refuse_other_terms(token, card, claim)
    values = opened(card)  # a token is not used up for a card that nobody can read
    redeemed = {"state": TokenState.REDEEMED.value, "redeemed_at": datetime.now(UTC), "amount": str(claim.amount)}
    _update(connection, token.id, redeemed)
    note_use(connection, card.id)
    return values


def settle_token(connection: Connection, organisation_id: str, token_id: str) -> PaymentToken:
    if get_token(connection, organisation_id, token_id).state is TokenState.REDEEMED:
        _update(connection, token_id, {"state": TokenState.SETTLED.value, "settled_at": datetime.now(UTC)})
    return get_token(connection, organisation_id, token_id)


def revoke_token(connection: Connection, organisation_id: str, token_id: str) -> PaymentToken:
    token = get_token(connection, organisation_id, token_id)
    if token.redeemed_at is not None:
        raise _used(token)
    _update(connection, token_id, {"state": TokenState.REVOKED.value})
    return get_token(connection, organisation_id, token_id)


def _refuse_spent(token: PaymentToken) -> None:
    """Raise what keeps a token from being used at all."""
    if token.redeemed_at is not None:
        raise _used(token)
    if token.state is TokenState.REVOKED:
        raise OutriderError("PAYMENT_TOKEN_REVOKED", token=token.id)
    if token.expires_at <= datetime.now(UTC):
        raise OutriderError("PAYMENT_TOKEN_EXPIRED", token=token.id, expires_at=_moment(token.expires_at))


def _refuse_other_terms(token: PaymentToken, card: Item, claim: Claim) -> None:
    """Raise what keeps it from being used for this."""
    if claim.origin != token.origin or not covers(card.origins, claim.origin):
        raise OutriderError("PAYMENT_ORIGIN_REFUSED", token=token.id, origin=claim.origin)
    if claim.currencies and token.currency not in claim.currencies:
        shown = " or ".join(sorted(claim.currencies))
        raise OutriderError("PAYMENT_CURRENCY_REFUSED", token=token.id, shown=shown, currency=token.currency)
    if claim.amount > token.max_amount:
        amounts = {"amount": str(claim.amount), "max_amount": str(token.max_amount), "currency": token.currency}
        raise OutriderError("PAYMENT_AMOUNT_REFUSED", token=token.id, **amounts)


def _used(token: PaymentToken) -> OutriderError:
    settled = token.state is TokenState.SETTLED
    outcome = (
        "The card was put into the page and the payment was sent."
        if settled
        else "What became of the payment then is not known: the page failed or the server ended."
    )
    redeemed_at = _moment(token.redeemed_at) if token.redeemed_at else ""
    return OutriderError("PAYMENT_TOKEN_USED", token=token.id, redeemed_at=redeemed_at, outcome=outcome)


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _row(connection: Connection, organisation_id: str, token_id: str) -> Row[Any]:
    row = connection.execute(_BY_ID, {"id": token_id}).one_or_none()
    if row is None or row.organisation_id != organisation_id:
        raise OutriderError("PAYMENT_TOKEN_NOT_FOUND", token=token_id)
    return row


def _update(connection: Connection, token_id: str, changes: dict[str, Any]) -> None:
    connection.execute(update(payment_tokens).where(payment_tokens.c.id == token_id).values(**changes))
