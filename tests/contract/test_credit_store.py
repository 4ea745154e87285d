"""The ledger of credits: what it promises, whoever calls it, and however often."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from outrider.interfaces.credits import Balance
from outrider.problems import OutriderError
from outrider.storage import Database, SqlCreditStore

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlCreditStore]:
    async with await Database.open(tmp_path / "outrider.db") as database:
        yield SqlCreditStore(database)
        assert await SqlCreditStore(database).faults() == ()


async def refused(call: object) -> str:
    try:
        await call  # type: ignore[misc] # a coroutine
    except OutriderError as problem:
        return problem.code
    return "done"


async def test_credits_go_from_a_grant_through_holds_to_what_was_charged(store: SqlCreditStore) -> None:
    await store.grant("o", 100, "g", "for a start")
    assert (await store.hold("o", 30, "a", LATER)).available == 70
    await store.hold("o", 20, "b", LATER)
    await store.hold("o", 50, "c", LATER)
    assert await store.balance("o") == Balance(available=0, held=100)

    assert (await store.settle("o", "a", None)).charged == 30
    part = await store.settle("o", "b", 5)
    assert (part.state, part.charged, part.available) == ("settled", 5, 15)
    assert (await store.release("o", "c")).available == 65
    assert await store.balance("o") == Balance(available=65, held=0)

    lines = await store.statement("o", None, 10)
    assert [(line.kind, line.reference, line.amount, line.change, line.available) for line in lines] == [
        ("release", "c", 50, 50, 65),
        ("settle", "b", 5, 15, 15),
        ("settle", "a", 30, 0, 0),
        ("hold", "c", 50, -50, 0),
        ("hold", "b", 20, -20, 50),
        ("hold", "a", 30, -30, 70),
        ("grant", "g", 100, 100, 100),
    ]
    assert lines[-1].memo == "for a start"
    assert await store.statement("o", lines[2].id, 2) == lines[3:5]
    assert await store.balance("nobody") == Balance(0, 0)
    assert await store.statement("nobody", None, 10) == ()


async def test_the_whole_balance_may_be_held_and_not_one_more(store: SqlCreditStore) -> None:
    await store.grant("o", 10, "g", "")
    with pytest.raises(OutriderError) as caught:
        await store.hold("o", 11, "a", LATER)
    assert caught.value.code == "INSUFFICIENT_CREDITS"
    assert (caught.value.facts["needed"], caught.value.facts["available"]) == (11, 10)
    assert caught.value.problem.status == 402
    assert (await store.hold("o", 10, "a", LATER)).available == 0
    assert await refused(store.hold("o", 1, "b", LATER)) == "INSUFFICIENT_CREDITS"


async def test_what_is_repeated_is_done_once(store: SqlCreditStore) -> None:
    first = await store.grant("o", 10, "g", "")
    assert await store.grant("o", 10, "g", "again") == first
    held = await store.hold("o", 4, "a", LATER)
    assert await store.hold("o", 4, "a", LATER) == held
    settled = await store.settle("o", "a", 3)
    assert await store.settle("o", "a", 3) == settled
    await store.hold("o", 4, "b", LATER)
    released = await store.release("o", "b")
    assert await store.release("o", "b") == released
    assert await store.balance("o") == Balance(7, 0)


async def test_a_reference_stands_for_one_thing(store: SqlCreditStore) -> None:
    await store.grant("o", 100, "g", "")
    await store.grant("other", 100, "g", "")
    await store.hold("o", 4, "a", LATER)
    assert await refused(store.grant("o", 99, "g", "")) == "CREDIT_REFERENCE_TAKEN"
    assert await refused(store.grant("o", 4, "a", "")) == "CREDIT_REFERENCE_TAKEN"
    assert await refused(store.hold("o", 5, "a", LATER)) == "CREDIT_REFERENCE_TAKEN"
    assert await refused(store.hold("o", 100, "g", LATER)) == "CREDIT_REFERENCE_TAKEN"
    assert await refused(store.settle("o", "g", None)) == "CREDIT_HOLD_NOT_FOUND"
    assert await refused(store.release("o", "none")) == "CREDIT_HOLD_NOT_FOUND"
    assert await refused(store.settle("other", "a", None)) == "CREDIT_HOLD_NOT_FOUND"
    assert [await refused(store.settle("o", "a", amount)) for amount in (-1, 5)] == ["CREDIT_AMOUNT_INVALID"] * 2
    await store.settle("o", "a", 4)
    assert await refused(store.settle("o", "a", 3)) == "CREDIT_HOLD_CLOSED"
    assert await refused(store.release("o", "a")) == "CREDIT_HOLD_CLOSED"
    assert await refused(store.hold("o", 4, "a", LATER)) == "CREDIT_HOLD_CLOSED"
    assert await store.balance("o") == Balance(96, 0)


async def test_a_hold_expires_by_itself_and_not_before(store: SqlCreditStore) -> None:
    await store.grant("o", 1000, "g", "")
    for number in range(450):  # more than are given back in one go
        await store.hold("o", 1, f"old-{number}", NOW)
    await store.hold("o", 7, "new", LATER)
    assert await store.expire(NOW) == 0
    assert await store.expire(NOW + timedelta(microseconds=1)) == 450
    assert await store.balance("o") == Balance(993, 7)
    assert await refused(store.settle("o", "old-3", None)) == "CREDIT_HOLD_CLOSED"
    assert (await store.release("o", "old-3")).state == "expired"
    assert (await store.statement("o", None, 1))[0].kind == "expire"


async def test_many_at_once_never_hold_more_than_there_is(store: SqlCreditStore) -> None:
    await store.grant("o", 50, "g", "")
    answers = await asyncio.gather(*(refused(store.hold("o", 3, f"r{n}", LATER)) for n in range(40)))
    assert sorted(answers) == ["INSUFFICIENT_CREDITS"] * 24 + ["done"] * 16
    ends = [(store.settle("o", f"r{n}", 2), store.release("o", f"r{n}")) for n in range(40)]
    outcomes = await asyncio.gather(*(refused(end) for pair in ends for end in pair))
    assert outcomes.count("done") == 16  # one of the two, for each hold
    balance = await store.balance("o")
    charged = sum(line.amount for line in await store.statement("o", None, 200) if line.kind == "settle")
    assert (balance.held, balance.available + charged) == (0, 50)


async def test_a_ledger_that_was_tampered_with_is_found_out(tmp_path: Path) -> None:
    async with await Database.open(tmp_path / "outrider.db") as database:
        store = SqlCreditStore(database)
        await store.grant("o", 50, "g", "")
        await store.hold("o", 5, "a", LATER)
        for statement in (
            "UPDATE credit_entries SET balance = balance + 1 WHERE account = 'available:o' AND sequence = 1",
            "UPDATE credit_entries SET amount = amount - 1 WHERE account = 'granted'",
            "UPDATE credit_holds SET amount = 4",
        ):
            before = len(await store.faults())
            await database.write(lambda connection, text=statement: connection.exec_driver_sql(text))  # type: ignore[misc]
            assert len(await store.faults()) > before
        below_zero = "INSERT INTO credit_entries VALUES ('available:o', 9, 1, -1, -1)"
        with pytest.raises(OutriderError, match="could not write"):
            await database.write(lambda connection: connection.exec_driver_sql(below_zero))
