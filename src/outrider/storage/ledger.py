"""The entries of the ledger of credits: how they are made, and the proof that they add up."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, insert, select

from outrider.storage.schema import credit_entries, credit_holds, credit_transactions

__all__ = ["GRANTED", "REVENUE", "available_to", "balance_of", "faults", "held_for", "post"]

#: Where credits come from: the only account below 0.
GRANTED: Final = "granted"
REVENUE: Final = "revenue"

_LAST: Final = (
    select(credit_entries.c.sequence, credit_entries.c.balance)
    .where(credit_entries.c.account == bindparam("account"))
    .order_by(credit_entries.c.sequence.desc())
    .limit(1)
)
_ADD_TRANSACTION: Final = insert(credit_transactions)
_ADD_ENTRIES: Final = insert(credit_entries)


def available_to(organisation_id: str) -> str:
    """The account of what an organisation may spend."""
    return f"available:{organisation_id}"


def held_for(organisation_id: str) -> str:
    """The account of what is held for calls under way."""
    return f"held:{organisation_id}"


def balance_of(connection: Connection, account: str) -> int:
    """The sum of an account's entries, as the last one bears it."""
    return _last(connection, account)[1]


def post(connection: Connection, transaction: Mapping[str, Any], changes: Mapping[str, int]) -> int:
    """Add a transaction (a row without id and time) that changes these accounts; its id.

    The database refuses a balance below 0, and a second transaction with the same part under one reference.
    """
    if sum(changes.values()):
        raise AssertionError("the entries of a transaction have to add up to 0")
    row = {"memo": "", "closes": False, "created_at": datetime.now(UTC), **transaction}
    key = connection.execute(_ADD_TRANSACTION, row).inserted_primary_key
    transaction_id = int(key[0]) if key is not None else 0
    entries = [_entry(connection, account, change, transaction_id) for account, change in changes.items()]
    connection.execute(_ADD_ENTRIES, entries)
    return transaction_id


def faults(connection: Connection) -> tuple[str, ...]:
    """What does not add up, for people. Looks at every entry."""
    entries = credit_entries.c
    unbalanced = select(entries.transaction_id).group_by(entries.transaction_id).having(func.sum(entries.amount) != 0)
    running = func.sum(entries.amount).over(partition_by=entries.account, order_by=entries.sequence)
    number = func.row_number().over(partition_by=entries.account, order_by=entries.sequence)
    counted = select(
        entries.account, entries.sequence, entries.balance, running.label("sum"), number.label("number")
    ).subquery()
    drifted = select(counted.c.account, counted.c.sequence).where(
        (counted.c.balance != counted.c.sum) | (counted.c.sequence != counted.c.number)
    )
    return (
        *(f"the entries of transaction {row[0]} do not add up to 0" for row in connection.execute(unbalanced)),
        *(f"entry {row.sequence} of “{row.account}” bears another sum" for row in connection.execute(drifted)),
        *_faults_of_holds(connection),
    )


def _faults_of_holds(connection: Connection) -> list[str]:
    """Accounts of held credits that hold other than what is open."""
    open_holds = select(credit_holds.c.organisation_id, func.sum(credit_holds.c.amount).label("amount"))
    expected = {
        held_for(row.organisation_id): row.amount
        for row in connection.execute(open_holds.group_by(credit_holds.c.organisation_id))
    }
    entries = credit_entries.c
    sums = select(entries.account, func.sum(entries.amount).label("amount")).where(
        entries.account.startswith(held_for(""), autoescape=True)
    )
    actual = {row.account: row.amount for row in connection.execute(sums.group_by(entries.account))}
    return [
        f"“{account}” has {actual.get(account, 0)}, its open holds {expected.get(account, 0)}"
        for account in sorted({*expected, *actual})
        if actual.get(account, 0) != expected.get(account, 0)
    ]


def _last(connection: Connection, account: str) -> tuple[int, int]:
    """Number and balance of an account's last entry."""
    row = connection.execute(_LAST, {"account": account}).one_or_none()
    return (0, 0) if row is None else (row.sequence, row.balance)


def _entry(connection: Connection, account: str, change: int, transaction_id: int) -> dict[str, Any]:
    sequence, balance = _last(connection, account)
    return {
        "account": account,
        "sequence": sequence + 1,
        "transaction_id": transaction_id,
        "amount": change,
        "balance": balance + change,
    }
