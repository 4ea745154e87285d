"""Credits of organisations on the ledger."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from outrider.interfaces.credits import Balance, Hold, HoldState, Kind, Line
from outrider.problems import OutriderError
from outrider.storage.database import Database
from outrider.storage.ledger import GRANTED, REVENUE, available_to, balance_of, faults, held_for, post
from outrider.storage.schema import credit_entries, credit_holds, credit_transactions

__all__ = ["SqlCreditStore", "close_hold", "place_hold"]

#: Holds that are given back per transaction, so that nobody waits for long.
_EXPIRE_GROUP: Final = 200

#: What became of a hold, by the kind of what closed it.
_STATES: Final[Mapping[str, HoldState]] = {"settle": "settled", "release": "released", "expire": "expired"}

_OF_REFERENCE: Final = select(credit_transactions).where(
    credit_transactions.c.organisation_id == bindparam("organisation_id"),
    credit_transactions.c.reference == bindparam("reference"),
    credit_transactions.c.closes == bindparam("closes"),
)
_END_HOLD: Final = delete(credit_holds).where(
    credit_holds.c.organisation_id == bindparam("organisation"), credit_holds.c.reference == bindparam("name")
)


class SqlCreditStore:
    """``interfaces.credits.CreditStore`` on a ``Database``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def grant(self, organisation_id: str, amount: int, reference: str, memo: str) -> Line:
        return await self._database.write(
            lambda connection: _grant(connection, organisation_id, amount, reference, memo)
        )

    async def hold(self, organisation_id: str, amount: int, reference: str, expires_at: datetime) -> Hold:
        return await self._database.write(
            lambda connection: place_hold(connection, organisation_id, amount, reference, expires_at)
        )

    async def settle(self, organisation_id: str, reference: str, amount: int | None) -> Hold:
        return await self._database.write(
            lambda connection: close_hold(connection, organisation_id, reference, "settle", amount)
        )

    async def release(self, organisation_id: str, reference: str) -> Hold:
        return await self._database.write(
            lambda connection: close_hold(connection, organisation_id, reference, "release", 0)
        )

    async def expire(self, now: datetime) -> int:
        expired = 0
        while group := await self._database.write(lambda connection: _expire(connection, now)):
            expired += group
        return expired

    async def balance(self, organisation_id: str) -> Balance:
        return await self._database.read(lambda connection: _balance(connection, organisation_id))

    async def statement(self, organisation_id: str, before: int | None, limit: int) -> tuple[Line, ...]:
        return await self._database.read(lambda connection: _statement(connection, organisation_id, before, limit))

    async def faults(self) -> tuple[str, ...]:
        return await self._database.read(faults)


def _grant(connection: Connection, organisation_id: str, amount: int, reference: str, memo: str) -> Line:
    known = _find(connection, organisation_id, reference)
    if known is not None and (known.kind, known.amount) != ("grant", amount):
        raise OutriderError("CREDIT_REFERENCE_TAKEN", reference=reference)
    row = _row(organisation_id, reference, "grant", amount) | {"memo": memo}
    changes = {GRANTED: -amount, available_to(organisation_id): amount}
    transaction_id = post(connection, row, changes) if known is None else known.id
    [line] = _lines(connection, organisation_id, credit_transactions.c.id == transaction_id, 1)
    return line


def place_hold(
    connection: Connection,
    organisation_id: str,
    amount: int,
    reference: str,
    expires_at: datetime | None,
    described: Mapping[str, Any] = MappingProxyType({}),
    terms: Mapping[str, Any] = MappingProxyType({}),
) -> Hold:
    """``CreditStore.hold`` within a transaction.

    ``described`` are further columns of its transactions, ``terms`` of the hold itself.
    """
    known = _find(connection, organisation_id, reference)
    if known is not None:
        return _held_again(connection, known, amount)
    available = balance_of(connection, available_to(organisation_id))
    if available < amount:
        raise OutriderError("INSUFFICIENT_CREDITS", needed=amount, available=available)
    post(
        connection,
        _row(organisation_id, reference, "hold", amount) | dict(described),
        {available_to(organisation_id): -amount, held_for(organisation_id): amount},
    )
    row = {"organisation_id": organisation_id, "reference": reference, "amount": amount, "expires_at": expires_at}
    connection.execute(insert(credit_holds), row | dict(terms))
    return Hold(organisation_id, reference, amount, "held", 0, available - amount)


def _held_again(connection: Connection, known: Row[Any], amount: int) -> Hold:
    """A hold that is asked for again. One that was closed is none any more: a call under it would be free."""
    if (known.kind, known.amount) != ("hold", amount):
        raise OutriderError("CREDIT_REFERENCE_TAKEN", reference=known.reference)
    closed = _find(connection, known.organisation_id, known.reference, closes=True)
    if closed is not None:
        raise OutriderError("CREDIT_HOLD_CLOSED", reference=known.reference, outcome=_STATES[closed.kind])
    return _as_hold(connection, known, None)


def close_hold(connection: Connection, organisation_id: str, reference: str, kind: Kind, charged: int | None) -> Hold:
    """End a hold within a transaction: so much of it is charged (all if None), the rest is given back."""
    opened = _find(connection, organisation_id, reference)
    if opened is None or opened.kind != "hold":
        raise OutriderError("CREDIT_HOLD_NOT_FOUND", reference=reference)
    charged = opened.amount if charged is None else charged
    if not 0 <= charged <= opened.amount:
        raise OutriderError("CREDIT_AMOUNT_INVALID", amount=charged, held=opened.amount)
    closed = _find(connection, organisation_id, reference, closes=True)
    if closed is not None:
        if _is_repeated(closed, kind, charged):
            return _as_hold(connection, opened, closed)
        raise OutriderError("CREDIT_HOLD_CLOSED", reference=reference, outcome=_STATES[closed.kind])
    back = opened.amount - charged
    changes = {held_for(organisation_id): -opened.amount, available_to(organisation_id): back}
    if charged:
        changes[REVENUE] = charged
    row = _row(organisation_id, reference, kind, charged if kind == "settle" else back)
    row |= {"closes": True, "session_id": opened.session_id, "task_id": opened.task_id}
    post(connection, row, changes)
    connection.execute(_END_HOLD, {"organisation": organisation_id, "name": reference})
    available = balance_of(connection, available_to(organisation_id))
    return Hold(organisation_id, reference, opened.amount, _STATES[kind], charged, available)


def _is_repeated(closed: Row[Any], kind: Kind, charged: int) -> bool:
    """Whether a hold that was closed was closed in this very way; one that expired has been released."""
    return closed.kind in ("release", "expire") if kind != "settle" else (closed.kind, closed.amount) == (kind, charged)


def _expire(connection: Connection, now: datetime) -> int:
    due = select(credit_holds).where(credit_holds.c.expires_at < now).limit(_EXPIRE_GROUP)
    holds = connection.execute(due).all()
    for hold in holds:
        close_hold(connection, hold.organisation_id, hold.reference, "expire", 0)
    return len(holds)


def _balance(connection: Connection, organisation_id: str) -> Balance:
    return Balance(
        balance_of(connection, available_to(organisation_id)), balance_of(connection, held_for(organisation_id))
    )


def _statement(connection: Connection, organisation_id: str, before: int | None, limit: int) -> tuple[Line, ...]:
    below = credit_transactions.c.id < before if before is not None else credit_transactions.c.id > 0
    return _lines(connection, organisation_id, below, limit)


def _lines(connection: Connection, organisation_id: str, which: Any, limit: int) -> tuple[Line, ...]:
    """Every transaction of an organisation has one entry in the account of what is available, if only of 0."""
    query = (
        select(credit_transactions, credit_entries.c.amount.label("change"), credit_entries.c.balance)
        .join(credit_entries, credit_entries.c.transaction_id == credit_transactions.c.id)
        .where(credit_entries.c.account == available_to(organisation_id), which)
        .order_by(credit_entries.c.sequence.desc())
        .limit(limit)
    )
    return tuple(
        Line(
            id=row.id,
            kind=row.kind,
            reference=row.reference,
            amount=row.amount,
            change=row.change,
            available=row.balance,
            memo=row.memo,
            at=row.created_at,
            session_id=row.session_id,
            task_id=row.task_id,
        )
        for row in connection.execute(query)
    )


def _find(connection: Connection, organisation_id: str, reference: str, *, closes: bool = False) -> Row[Any] | None:
    given = {"organisation_id": organisation_id, "reference": reference, "closes": closes}
    return connection.execute(_OF_REFERENCE, given).one_or_none()


def _as_hold(connection: Connection, opened: Row[Any], closed: Row[Any] | None) -> Hold:
    state = "held" if closed is None else _STATES[closed.kind]
    charged = closed.amount if closed is not None and closed.kind == "settle" else 0
    available = balance_of(connection, available_to(opened.organisation_id))
    return Hold(opened.organisation_id, opened.reference, opened.amount, state, charged, available)


def _row(organisation_id: str, reference: str, kind: Kind, amount: int) -> dict[str, Any]:
    return {"organisation_id": organisation_id, "reference": reference, "kind": kind, "amount": amount}
