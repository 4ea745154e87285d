"""The credits API: what an organisation may spend, and what the operator grants."""

from typing import Annotated, Final

from fastapi import APIRouter, Query

from outrider.api.dependencies import Absent, Caller, Dependencies, Wiring
from outrider.api.errors import documented
from outrider.api.gate import KEY_SCHEMES, GuardedRoute
from outrider.api.paging import Before, Limit
from outrider.interfaces.credits import Line
from outrider.protocol.credits import BalanceBody, GrantCredits, LineBody, StatementPage

__all__ = ["router"]

_Before = Annotated[Before | Absent, Query(description="Only transactions with ids below.")]

_ASKED: Final = ("UNAUTHORIZED", "SCOPE_MISSING", "RATE_LIMITED")
_OF_OTHERS: Final = (*_ASKED, "ORGANISATION_NOT_FOUND")

own = APIRouter(prefix="/v1/credits", tags=["credits"], route_class=GuardedRoute, dependencies=KEY_SCHEMES)
# The first tag names the scopes: who could grant credits to their own organisation would need none.
of_others = APIRouter(
    prefix="/v1/admin/credits", tags=["organisations", "credits"], route_class=GuardedRoute, dependencies=KEY_SCHEMES
)


@own.get("", responses=documented(*_ASKED))
async def get_balance(wiring: Wiring, caller: Caller) -> BalanceBody:
    """What the organisation has."""
    return await _balance(wiring, caller.organisation_id)


@own.get("/statement", responses=documented(*_ASKED, "UNPROCESSABLE", "LIMIT_OUT_OF_RANGE"))
async def get_statement(wiring: Wiring, caller: Caller, before: _Before = None, limit: Limit = 20) -> StatementPage:
    """What was granted, held, charged and given back, the newest first."""
    return await _statement(wiring, caller.organisation_id, before, limit)


@of_others.post(
    "/grants",
    status_code=201,
    responses=documented(
        *_OF_OTHERS,
        "MALFORMED_JSON",
        "PAYLOAD_TOO_LARGE",
        "UNSUPPORTED_MEDIA_TYPE",
        "UNPROCESSABLE",
        "CREDIT_REFERENCE_TAKEN",
    ),
)
async def grant_credits(wiring: Wiring, body: GrantCredits) -> LineBody:
    """Give an organisation credits. Repeated with the same reference and amount, it tells of that grant."""
    return _line(await wiring.credits.grant(body.organisation_id, body.amount, body.reference, body.memo))


@of_others.get("/{organisation_id}", responses=documented(*_OF_OTHERS))
async def get_balance_of(organisation_id: str, wiring: Wiring) -> BalanceBody:
    """What an organisation has."""
    return await _balance(wiring, await wiring.credits.account_of(organisation_id))


@of_others.get("/{organisation_id}/statement", responses=documented(*_OF_OTHERS, "UNPROCESSABLE", "LIMIT_OUT_OF_RANGE"))
async def get_statement_of(
    organisation_id: str, wiring: Wiring, before: _Before = None, limit: Limit = 20
) -> StatementPage:
    """What an organisation was granted, held, charged and given back, the newest first."""
    return await _statement(wiring, await wiring.credits.account_of(organisation_id), before, limit)


async def _balance(wiring: Dependencies, organisation_id: str) -> BalanceBody:
    balance = await wiring.credits.balance(organisation_id)
    return BalanceBody(organisation_id=organisation_id, available=balance.available, held=balance.held)


async def _statement(wiring: Dependencies, organisation_id: str, before: int | None, limit: int) -> StatementPage:
    lines = await wiring.credits.statement(organisation_id, before, limit)
    next_before = lines[-1].id if len(lines) == limit else None
    return StatementPage(lines=tuple(map(_line, lines)), next_before=next_before)


def _line(line: Line) -> LineBody:
    return LineBody(
        id=line.id,
        kind=line.kind,
        reference=line.reference,
        amount=line.amount,
        change=line.change,
        available=line.available,
        memo=line.memo,
        at=line.at,
        session_id=line.session_id,
        task_id=line.task_id,
    )


router = APIRouter()
router.include_router(own)
router.include_router(of_others)
