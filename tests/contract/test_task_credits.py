"""Tasks and the ledger: whatever becomes of a session, what goes on has its hold, and what has ended was paid for."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.contract.builders import spec

from outrider.interfaces.credits import Balance, Line, Price
from outrider.interfaces.sessions import Change, Entry, MessageType, State
from outrider.problems import OutriderError
from outrider.sessions.lifecycle import TRANSITIONS
from outrider.storage import Database, SqlCreditStore, SqlSessionStore

SESSION, ORGANISATION = "s-1", "org-1"
TASK = Change(event="message", entries=(Entry(MessageType.USER, "Read it."),))
THOUGHT = Change(entries=(Entry(MessageType.THOUGHT, "I look."),))


def task(price: Price | None) -> Change:
    return Change(TASK.event, TASK.entries, price=price)


@dataclass
class Books:
    """A session that is ready, and the ledger of its organisation."""

    sessions: SqlSessionStore
    ledger: SqlCreditStore

    async def newest(self, count: int) -> list[Line]:
        return list(await self.ledger.statement(ORGANISATION, None, count))

    async def apply(self, *changes: Change) -> None:
        for change in changes:
            await self.sessions.apply(SESSION, change)


async def open_books(database: Database, granted: int) -> Books:
    books = Books(SqlSessionStore(database), SqlCreditStore(database))
    await books.sessions.insert(spec(SESSION, ORGANISATION))
    await books.apply(Change(event="started"))
    await books.ledger.grant(ORGANISATION, granted, "grant", "")
    return books


@pytest.fixture
async def books(tmp_path: Path) -> AsyncIterator[Books]:
    async with await Database.open(tmp_path / "outrider.db") as database:
        yield await open_books(database, 100)
        assert await SqlCreditStore(database).faults() == ()


async def test_the_statement_tells_which_task_it_was(books: Books) -> None:
    await books.apply(THOUGHT, task(Price(10, 2, 25)), THOUGHT, THOUGHT)
    assert await books.ledger.balance(ORGANISATION) == Balance(40, 60)
    await books.apply(Change("finished"))
    await books.apply(task(Price(10, 0, 25)), Change("failed"))

    assert await books.ledger.balance(ORGANISATION) == Balance(86, 0)
    lines = await books.newest(4)
    assert [(line.kind, line.amount, line.task_id, line.reference) for line in lines] == [
        ("release", 10, 5, "task:s-1:5"),
        ("hold", 10, 5, "task:s-1:5"),
        ("settle", 14, 2, "task:s-1:2"),
        ("hold", 60, 2, "task:s-1:2"),
    ]
    assert {line.session_id for line in lines} == {SESSION}
    assert [line.memo for line in lines] == ["", "agi-0", "", "agi-0"]
    (grant,) = await books.ledger.statement(ORGANISATION, lines[-1].id, 9)
    assert (grant.session_id, grant.task_id) == (None, None)


async def test_a_task_that_nobody_can_pay_does_not_begin(books: Books) -> None:
    before = await books.sessions.get(SESSION)
    with pytest.raises(OutriderError) as caught:
        await books.sessions.apply(SESSION, Change("message", TASK.entries, ("message", {}), price=Price(101)))

    assert (caught.value.code, caught.value.facts) == ("INSUFFICIENT_CREDITS", {"needed": 101, "available": 100})
    assert await books.sessions.get(SESSION) == before
    assert await books.sessions.messages(SESSION) == ()
    assert await books.sessions.inbox(SESSION) == ()
    await books.apply(task(Price(100)))


async def test_what_is_said_to_a_task_that_goes_on_costs_nothing(books: Books) -> None:
    await books.apply(task(Price(10)), task(Price(10)), Change("asked"), task(Price(99)), Change("finished"))
    assert await books.ledger.balance(ORGANISATION) == Balance(90, 0)


async def test_the_hold_of_a_task_lasts_as_long_as_the_task(books: Books) -> None:
    await books.apply(task(Price(10)))
    assert await books.ledger.expire(datetime.now(UTC) + timedelta(days=10_000)) == 0
    assert await books.ledger.balance(ORGANISATION) == Balance(90, 10)


PRICES = st.sampled_from([None, Price(5, 0, 9), Price(0, 2, 3), Price(4, 1, 2)])
EVENTS = sorted({event for _, event in TRANSITIONS} - {"message"})
UNDER_WAY = (State.RUNNING, State.PAUSED, State.WAITING)


class Machine(RuleBasedStateMachine):
    """Drives a session, and keeps beside it what its tasks must have cost."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.available = 40
        self.price: Price | None = None
        self.steps = 0

    @initialize()
    def open(self) -> None:
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))

        async def opened() -> Books:
            database = await self.stack.enter_async_context(await Database.open(folder / "outrider.db"))
            return await open_books(database, self.available)

        self.books = self.runner.run(opened())

    def teardown(self) -> None:
        self.runner.run(self.stack.aclose())
        self.runner.close()

    @property
    def state(self) -> State:
        return self.runner.run(self.books.sessions.get(SESSION)).state

    @rule(price=PRICES)
    def say(self, price: Price | None) -> None:
        before = self.state
        starts = before not in UNDER_WAY
        refused = self.refused(task(price))
        if (before, "message") not in TRANSITIONS:
            assert refused == "INVALID_STATE"
        elif starts and price is not None and price.most > self.available:
            assert refused == "INSUFFICIENT_CREDITS"
        else:
            assert refused == ""
            if starts:
                self.price, self.steps = price, 0
                self.available -= price.most if price else 0

    @rule()
    def step(self) -> None:
        if self.state in UNDER_WAY:
            self.steps += 1
        self.runner.run(self.books.apply(THOUGHT))

    @rule(event=st.sampled_from(EVENTS))
    def happen(self, event: str) -> None:
        before = self.state
        refused = self.refused(Change(event))
        assert refused == ("" if (before, event) in TRANSITIONS else "INVALID_STATE")
        if before in UNDER_WAY and self.state not in UNDER_WAY and self.price is not None:
            charged = min(self.price.charge(event, self.steps), self.price.most)
            self.available += self.price.most - charged
            self.price = None

    @invariant()
    def the_books_are_right(self) -> None:
        held = self.price.most if self.price is not None and self.state in UNDER_WAY else 0
        assert self.runner.run(self.books.ledger.balance(ORGANISATION)) == Balance(self.available, held)
        assert self.runner.run(self.books.ledger.faults()) == ()

    def refused(self, change: Change) -> str:
        try:
            self.runner.run(self.books.apply(change))
        except OutriderError as problem:
            return problem.code
        return ""


def test_any_sequence_of_changes() -> None:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Machine, settings=settings(max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=checks)
    )
