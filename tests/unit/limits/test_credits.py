"""Credits that are promised before they are held: the ledger has the last word."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from tests.contract.builders import SECONDS
from tests.unit.limits.gates import Clock

from outrider.interfaces.credits import Balance
from outrider.interfaces.identities import Organisation
from outrider.interfaces.sessions import Engine
from outrider.limits.credit_jobs import EXPIRE_CREDITS, PROVE_CREDITS, CreditJobs
from outrider.limits.credits import Credits
from outrider.problems import OutriderError
from outrider.storage import Database, SqlCreditStore, SqlKeyStore


@dataclass
class Bank:
    database: Database
    store: SqlCreditStore
    credits: Credits
    clock: Clock


@pytest.fixture
async def bank(tmp_path: Path) -> AsyncIterator[Bank]:
    async with await Database.open(tmp_path / "outrider.db") as database:
        clock, store, keys = Clock(), SqlCreditStore(database), SqlKeyStore(database)
        await keys.add_organisation(Organisation(id="o", short_name="o"))
        yield Bank(database, store, Credits(store, keys, hold_seconds=60, now=clock.now), clock)
        assert await store.faults() == ()


async def test_the_whole_way_of_a_call(bank: Bank) -> None:
    await bank.credits.grant("o", 10, "g", "")
    reservation = await bank.credits.reserve("o", 6, "call")
    assert (await reservation.placed()).available == 4
    assert await bank.credits.balance("o") == Balance(4, 6)
    assert (await bank.credits.settle("o", "call", 5)).charged == 5
    assert [line.kind for line in await bank.credits.statement("o", None, 9)] == ["settle", "hold", "grant"]
    await (await bank.credits.reserve("o", 5, "other")).placed()
    await bank.credits.release("o", "other")
    assert await bank.credits.balance("o") == Balance(5, 0)


async def test_a_promise_does_not_wait_for_the_disk_and_no_more_is_promised_than_there_is(bank: Bank) -> None:
    await bank.credits.grant("o", 10, "g", "")
    await (await bank.credits.reserve("o", 1, "first")).placed()  # from now on the balance is known
    writing = threading.Event()
    busy = asyncio.ensure_future(bank.database.write(lambda _: writing.wait(SECONDS)))
    reservations = [await bank.credits.reserve("o", 4, reference) for reference in ("a", "b")]
    assert await bank.store.balance("o") == Balance(9, 1)  # both are still to be written
    writing.set()
    assert await busy
    with pytest.raises(OutriderError) as caught:
        await bank.credits.reserve("o", 4, "c")
    assert (caught.value.code, caught.value.facts["available"]) == ("INSUFFICIENT_CREDITS", 1)
    for reservation in reservations:
        await reservation.placed()
    assert await bank.store.balance("o") == Balance(1, 9)


async def test_it_is_looked_whether_there_are_enough_and_nothing_is_held(bank: Bank) -> None:
    await bank.credits.grant("o", 5, "g", "")
    await bank.credits.check("o", 5)
    with pytest.raises(OutriderError) as caught:
        await bank.credits.check("o", 6)
    assert (caught.value.code, caught.value.facts) == ("INSUFFICIENT_CREDITS", {"needed": 6, "available": 5})
    assert await bank.store.balance("o") == Balance(5, 0)


async def test_what_others_have_spent_is_found_out_before_anything_is_done(bank: Bank) -> None:
    await bank.credits.grant("o", 10, "g", "")
    await (await bank.credits.reserve("o", 1, "first")).placed()
    await bank.store.hold("o", 8, "by another process", bank.clock.now() + timedelta(minutes=1))
    promised = await bank.credits.reserve("o", 5, "a")  # what is remembered would suffice
    with pytest.raises(OutriderError, match="costs 5 credits, and your organisation has 1"):
        await promised.placed()
    await bank.store.release("o", "by another process")
    await (await bank.credits.reserve("o", 9, "b")).placed()  # what is remembered would not


async def test_many_that_want_the_same_credits_get_them_once(bank: Bank) -> None:
    await bank.credits.grant("o", 20, "g", "")

    async def spend(number: int) -> int:
        try:
            await (await bank.credits.reserve("o", 3, f"r{number}")).placed()
        except OutriderError as problem:
            assert problem.code == "INSUFFICIENT_CREDITS"
            return 0
        return (await bank.credits.settle("o", f"r{number}")).charged

    assert sum(await asyncio.gather(*(spend(number) for number in range(30)))) == 18
    assert await bank.store.balance("o") == Balance(2, 0)


async def test_a_promise_that_nobody_asks_about_is_no_defect(bank: Bank) -> None:
    await bank.credits.grant("o", 5, "g", "")
    await (await bank.credits.reserve("o", 1, "a")).placed()
    await bank.store.hold("o", 4, "by another process", bank.clock.now())
    await bank.credits.reserve("o", 4, "b")  # the ledger will refuse it
    await bank.store.balance("o")


async def test_only_organisations_that_are_there_get_credits(bank: Bank) -> None:
    with pytest.raises(OutriderError) as caught:
        await bank.credits.grant("nobody", 5, "g", "")
    assert caught.value.code == "ORGANISATION_NOT_FOUND"
    assert await bank.store.statement("nobody", None, 5) == ()


class Jobs:
    def __init__(self) -> None:
        self.queued: list[tuple[str, Any]] = []

    async def enqueue(self, kind: str, body: Any, *, at: Any, key: str) -> None:
        assert (body, key) == ({}, kind)
        self.queued.append((kind, at))


async def test_what_is_held_for_too_long_is_given_back_and_the_ledger_is_proved(bank: Bank) -> None:
    jobs = Jobs()
    handlers = CreditJobs(cast(Engine, jobs), bank.store, bank.clock.now)
    await bank.credits.grant("o", 10, "g", "")
    await (await bank.credits.reserve("o", 6, "lost")).placed()
    bank.clock.seconds += 60
    await handlers.expire({})
    assert await bank.store.balance("o") == Balance(4, 6)
    bank.clock.seconds += 1
    await handlers.expire({})
    await handlers.prove({})
    assert await bank.store.balance("o") == Balance(10, 0)
    assert [kind for kind, _ in jobs.queued] == [EXPIRE_CREDITS, EXPIRE_CREDITS, PROVE_CREDITS]
    assert all(at > bank.clock.now() for _, at in jobs.queued[1:])
