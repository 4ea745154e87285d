"""Any sequence of what can be done with credits, several things at once: nothing is lost, and nothing taken twice."""

import asyncio
import tempfile
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from outrider.interfaces.credits import Balance
from outrider.problems import OutriderError
from outrider.storage import Database, SqlCreditStore

START = datetime(2026, 11, 29, tzinfo=UTC)
ORGANISATIONS = st.sampled_from(["o1", "o2"])
REFERENCES = st.sampled_from([f"r{number}" for number in range(6)])
AMOUNTS = st.integers(min_value=1, max_value=20)


@dataclass
class Opened:
    """What the machine knows of a reference."""

    kind: str
    amount: int
    expires: int = 0
    state: str = "held"
    charged: int = 0


class LedgerMachine(RuleBasedStateMachine):
    """Drives a ledger, and keeps beside it what must have become of each reference."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.known: dict[tuple[str, str], Opened] = {}
        self.now = 0

    @initialize()
    def open(self) -> None:
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))

        async def opened() -> Database:
            return await self.stack.enter_async_context(await Database.open(folder / "outrider.db"))

        self.store = SqlCreditStore(self.runner.run(opened()))

    def teardown(self) -> None:
        self.runner.run(self.stack.aclose())
        self.runner.close()

    # --- what happens

    @rule(organisation=ORGANISATIONS, reference=REFERENCES, amount=AMOUNTS)
    def grant(self, organisation: str, reference: str, amount: int) -> None:
        opened = self.known.get((organisation, reference))
        outcome = self.outcome(self.store.grant(organisation, amount, reference, ""))
        if opened is None:
            assert outcome == ""
            self.known[organisation, reference] = Opened("grant", amount)
        else:
            same = (opened.kind, opened.amount) == ("grant", amount)
            assert outcome == ("" if same else "CREDIT_REFERENCE_TAKEN")

    @rule(organisation=ORGANISATIONS, reference=REFERENCES, amount=AMOUNTS, seconds=st.integers(0, 5))
    def hold(self, organisation: str, reference: str, amount: int, seconds: int) -> None:
        opened = self.known.get((organisation, reference))
        outcome = self.outcome(self.store.hold(organisation, amount, reference, self.at(self.now + seconds)))
        if opened is None:
            enough = self.expected(organisation).available >= amount
            assert outcome == ("" if enough else "INSUFFICIENT_CREDITS")
            if enough:
                self.known[organisation, reference] = Opened("hold", amount, self.now + seconds)
        elif (opened.kind, opened.amount) != ("hold", amount):
            assert outcome == "CREDIT_REFERENCE_TAKEN"
        else:
            assert outcome == ("" if opened.state == "held" else "CREDIT_HOLD_CLOSED")

    @rule(organisation=ORGANISATIONS, reference=REFERENCES, amount=st.none() | st.integers(-1, 21))
    def settle(self, organisation: str, reference: str, amount: int | None) -> None:
        opened = self.known.get((organisation, reference))
        outcome = self.outcome(self.store.settle(organisation, reference, amount))
        if opened is None or opened.kind != "hold":
            assert outcome == "CREDIT_HOLD_NOT_FOUND"
            return
        charged = opened.amount if amount is None else amount
        if not 0 <= charged <= opened.amount:
            assert outcome == "CREDIT_AMOUNT_INVALID"
        elif opened.state == "held":
            assert outcome == ""
            opened.state, opened.charged = "settled", charged
        else:
            same = (opened.state, opened.charged) == ("settled", charged)
            assert outcome == ("" if same else "CREDIT_HOLD_CLOSED")

    @rule(organisation=ORGANISATIONS, reference=REFERENCES)
    def release(self, organisation: str, reference: str) -> None:
        opened = self.known.get((organisation, reference))
        outcome = self.outcome(self.store.release(organisation, reference))
        if opened is None or opened.kind != "hold":
            assert outcome == "CREDIT_HOLD_NOT_FOUND"
            return
        assert outcome == ("CREDIT_HOLD_CLOSED" if opened.state == "settled" else "")
        opened.state = "released" if opened.state == "held" else opened.state

    @rule(seconds=st.integers(1, 4))
    def expire(self, seconds: int) -> None:
        self.now += seconds
        due = [one for one in self.holds() if one.state == "held" and one.expires < self.now]
        assert self.runner.run(self.store.expire(self.at(self.now))) == len(due)
        for one in due:
            one.state = "expired"

    @rule(organisation=ORGANISATIONS, reference=REFERENCES, others=st.integers(1, 6), amount=AMOUNTS)
    def many_at_once(self, organisation: str, reference: str, others: int, amount: int) -> None:
        """The same hold and, at the same time, the same end of it, from several sides: it happens once."""
        opened = self.known.get((organisation, reference))
        enough = self.expected(organisation).available >= amount
        calls: list[Any] = []
        for number in range(others):
            calls.append(self.store.hold(organisation, amount, reference, self.at(self.now + 100)))
            settles = self.store.settle(organisation, reference, None) if number % 2 else None
            calls.append(settles or self.store.release(organisation, reference))
        outcomes = self.runner.run(self.together(calls))
        if opened is None and enough:
            # Holds and ends are carried out in the order in which they came: held, then released, then refused.
            assert outcomes[:2] == ["", ""]
            self.known[organisation, reference] = Opened("hold", amount, self.now + 100, "released")
        elif opened is not None and (opened.kind, opened.state) == ("hold", "held"):
            opened.state = "released"

    # --- what must follow

    @invariant()
    def balances_are_what_is_known(self) -> None:
        for organisation in ("o1", "o2"):
            assert self.runner.run(self.store.balance(organisation)) == self.expected(organisation)

    @invariant()
    def everything_adds_up(self) -> None:
        assert self.runner.run(self.store.faults()) == ()

    def expected(self, organisation: str) -> Balance:
        mine = [one for (name, _), one in self.known.items() if name == organisation]
        granted = sum(one.amount for one in mine if one.kind == "grant")
        held = sum(one.amount for one in mine if (one.kind, one.state) == ("hold", "held"))
        return Balance(granted - held - sum(one.charged for one in mine), held)

    def holds(self) -> list[Opened]:
        return [one for one in self.known.values() if one.kind == "hold"]

    def outcome(self, call: Awaitable[object]) -> str:
        return self.runner.run(self.together([call]))[0]

    async def together(self, calls: list[Awaitable[object]]) -> list[str]:
        answers = await asyncio.gather(*calls, return_exceptions=True)
        for answer in answers:
            if isinstance(answer, BaseException) and not isinstance(answer, OutriderError):
                raise answer
        return [answer.code if isinstance(answer, OutriderError) else "" for answer in answers]

    @staticmethod
    def at(seconds: int) -> datetime:
        return START + timedelta(seconds=seconds)


def test_any_sequence_of_changes() -> None:
    limits = settings(
        max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    run_state_machine_as_test(LedgerMachine, settings=limits)
