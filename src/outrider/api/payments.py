"""The payments API: tokens that let a session pay once."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from pydantic import Field

from outrider.api.dependencies import Absent, Caller, Wiring
from outrider.api.errors import documented
from outrider.api.gate import KEY_SCHEMES, GuardedRoute
from outrider.api.paging import Limit
from outrider.interfaces.vault import PaymentToken, TokenState
from outrider.protocol.schemas import Text
from outrider.protocol.vault import CreatedPaymentToken, CreatePaymentToken, PaymentTokenBody, PaymentTokenPage

__all__ = ["router"]

_Id = Annotated[Text, Field(max_length=100)]
_ON_A_TOKEN: Final = ("UNAUTHORIZED", "PAYMENT_TOKEN_NOT_FOUND")

router = APIRouter(prefix="/v1/payment_tokens", tags=["vault"], route_class=GuardedRoute, dependencies=KEY_SCHEMES)


@router.post(
    "",
    responses=documented(
        "UNAUTHORIZED",
        "MALFORMED_JSON",
        "PAYLOAD_TOO_LARGE",
        "UNSUPPORTED_MEDIA_TYPE",
        "UNPROCESSABLE",
        "SESSION_NOT_FOUND",
        "SESSION_EXPIRED",
        "VAULT_ITEM_NOT_FOUND",
        "ORIGIN_INVALID",
        "CARD_ORIGIN_REFUSED",
    ),
)
async def create_payment_token(wiring: Wiring, caller: Caller, body: CreatePaymentToken) -> CreatedPaymentToken:
    """Let a session pay once, up to an amount, on one origin, for a while. The token is in this answer only."""
    token, text = await wiring.payments.create(
        caller,
        session_id=body.session_id,
        card=body.card,
        origin=body.origin,
        max_amount=Decimal(body.max_amount),
        currency=body.currency,
        expires_in=timedelta(seconds=body.expires_in),
    )
    return CreatedPaymentToken(**_fields(token), token=text)


@router.get("", responses=documented("UNAUTHORIZED", "UNPROCESSABLE", "LIMIT_OUT_OF_RANGE", "PAYMENT_TOKEN_NOT_FOUND"))
async def list_payment_tokens(
    wiring: Wiring,
    caller: Caller,
    session_id: Annotated[_Id | Absent, Query(description="Only of this session.")] = None,
    before: Annotated[_Id | Absent, Query(description="Only what is older than the token with this id.")] = None,
    limit: Limit = 100,
) -> PaymentTokenPage:
    """Tokens, the newest first, and what became of them. They go with their session, when its retention is over."""
    found = await wiring.payments.all(caller, session_id=session_id, before=before, limit=limit)
    next_before = found[-1].id if len(found) == limit else None
    return PaymentTokenPage(payment_tokens=tuple(map(_body, found)), next_before=next_before)


@router.get("/{token_id}", responses=documented(*_ON_A_TOKEN))
async def get_payment_token(token_id: str, wiring: Wiring, caller: Caller) -> PaymentTokenBody:
    """One of them."""
    return _body(await wiring.payments.get(caller, token_id))


@router.delete("/{token_id}", responses=documented(*_ON_A_TOKEN, "PAYMENT_TOKEN_USED"))
async def revoke_payment_token(token_id: str, wiring: Wiring, caller: Caller) -> PaymentTokenBody:
    """Make a token useless; its record stays."""
    return _body(await wiring.payments.revoke(caller, token_id))


def _body(token: PaymentToken) -> PaymentTokenBody:
    return PaymentTokenBody(**_fields(token))


def _fields(token: PaymentToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "session_id": token.session_id,
        "card": token.card,
        "origin": token.origin,
        "max_amount": str(token.max_amount),
        "currency": token.currency,
        "state": _state(token),
        "amount": None if token.amount is None else str(token.amount),
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "redeemed_at": token.redeemed_at,
        "settled_at": token.settled_at,
    }


def _state(token: PaymentToken) -> str:
    over = token.state is TokenState.ACTIVE and token.expires_at <= datetime.now(UTC)
    return "expired" if over else token.state.value
