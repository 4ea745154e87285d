"""Credits: whole numbers that an organisation is granted, that are held for a call, then settled or released.

The ledger is double-entry: each transaction moves credits between accounts, so that its entries add up to 0, and a
balance is the sum of an account's entries. Nothing in it is ever changed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

__all__ = ["Balance", "CreditStore", "Hold", "HoldState", "Kind", "Line", "Price"]

Kind = Literal["grant", "hold", "settle", "release", "expire"]
HoldState = Literal["held", "settled", "released", "expired"]


@dataclass(frozen=True, slots=True)
class Balance:
    """What an organisation has. ``held`` is for calls under way, and no part of ``available``."""

    available: int
    held: int


@dataclass(frozen=True, slots=True)
class Hold:
    """Credits that are kept for one call."""

    organisation_id: str
    #: Chosen by whoever holds; one per organisation.
    reference: str
    amount: int
    state: HoldState
    #: What was settled of it.
    charged: int
    #: Of the organisation, after the change that led here.
    available: int


@dataclass(frozen=True, slots=True)
class Price:
    """What a task costs."""

    #: For its answer.
    task: int = 0
    #: For each step that it has taken.
    step: int = 0
    #: Steps that it may take.
    max_steps: int = 0

    @property
    def most(self) -> int:
        """What is held for it."""
        return self.task + self.step * self.max_steps

    def charge(self, event: str, steps: int) -> int:
        """What it has cost when it was ended by that event of the lifecycle.

        An answer is paid for when there is one, work when it was done; what the server itself has cut off is free.
        """
        if event == "interrupted":
            return 0
        return self.step * steps + (self.task if event == "finished" else 0)


@dataclass(frozen=True, slots=True)
class Line:
    """One transaction in an organisation's statement. Ids rise."""

    id: int
    kind: Kind
    reference: str
    #: Granted, held, charged, or given back.
    amount: int
    #: What it changed in what is available, and what that then was.
    change: int
    available: int
    memo: str
    #: Aware UTC.
    at: datetime
    #: Of the task that it is for, if any.
    session_id: str | None = None
    task_id: int | None = None


class CreditStore(Protocol):
    """The ledger. Each method is one transaction, durable when it returns; a repeated one changes nothing."""

    async def grant(self, organisation_id: str, amount: int, reference: str, memo: str) -> Line:
        """Give credits. Raises CREDIT_REFERENCE_TAKEN."""
        ...

    async def hold(self, organisation_id: str, amount: int, reference: str, expires_at: datetime) -> Hold:
        """Keep credits for a call.

        Raises INSUFFICIENT_CREDITS, CREDIT_REFERENCE_TAKEN, and CREDIT_HOLD_CLOSED for one that was closed meanwhile.
        """
        ...

    async def settle(self, organisation_id: str, reference: str, amount: int | None) -> Hold:
        """Charge so much of a hold, all if None, and give back the rest.

        Raises CREDIT_HOLD_NOT_FOUND, CREDIT_HOLD_CLOSED, CREDIT_AMOUNT_INVALID.
        """
        ...

    async def release(self, organisation_id: str, reference: str) -> Hold:
        """Give a hold back. Raises CREDIT_HOLD_NOT_FOUND, and CREDIT_HOLD_CLOSED if it was settled."""
        ...

    async def expire(self, now: datetime) -> int:
        """Give back what was held until a moment before, and say how many holds that were."""
        ...

    async def balance(self, organisation_id: str) -> Balance: ...

    async def statement(self, organisation_id: str, before: int | None, limit: int) -> tuple[Line, ...]:
        """Transactions with ids below ``before``, the newest first."""
        ...

    async def faults(self) -> tuple[str, ...]:
        """What does not add up: reads the whole ledger. Empty, or the ledger was tampered with."""
        ...
