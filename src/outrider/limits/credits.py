"""Credits of organisations: held before a call, settled or released after it."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from outrider.interfaces.credits import Balance, CreditStore, Hold, Line
from outrider.interfaces.identities import KeyStore
from outrider.problems import OutriderError

__all__ = ["Credits", "Reservation"]


class Reservation:
    """Credits that a request may rely on, while the hold is being written."""

    def __init__(self, hold: "asyncio.Future[Hold]") -> None:
        self._hold = hold

    async def placed(self) -> Hold:
        """Wait until the hold is durable: nothing that costs may begin before.

        Raises STORAGE_FAILED, and what ``CreditStore.hold`` does: the ledger has the last word.
        """
        return await asyncio.shield(self._hold)


class Credits:
    """The ledger, and what it last said about each balance: most requests need not wait for the disk to be admitted.

    What is remembered only ever spares a wait: whoever it would refuse asks the ledger, and whomever it lets pass by
    mistake the ledger refuses before anything is done.
    """

    def __init__(
        self, store: CreditStore, organisations: KeyStore, *, hold_seconds: float, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._organisations = organisations
        self._hold_time = timedelta(seconds=hold_seconds)
        self._now = now
        #: What was available to an organisation after the last change that was made here.
        self._available: dict[str, int] = {}
        #: What is being held and not yet subtracted from it.
        self._promised: Counter[str] = Counter()

    async def reserve(self, organisation_id: str, amount: int, reference: str) -> Reservation:
        """Begin to hold credits; returns at once if there are enough.

        Raises what ``CreditStore.hold`` does, if that is known by then.
        """
        known = self._available.get(organisation_id, 0) - self._promised[organisation_id]
        self._promised[organisation_id] += amount
        hold = asyncio.ensure_future(self._hold(organisation_id, amount, reference))
        hold.add_done_callback(_heard)
        reservation = Reservation(hold)
        if known < amount:
            await reservation.placed()
        return reservation

    async def check(self, organisation_id: str, amount: int) -> None:
        """Raises INSUFFICIENT_CREDITS unless there are so many now. Holds nothing."""
        available = (await self._store.balance(organisation_id)).available
        if available < amount:
            raise OutriderError("INSUFFICIENT_CREDITS", needed=amount, available=available)

    async def settle(self, organisation_id: str, reference: str, amount: int | None = None) -> Hold:
        """Charge all or so much of a hold, and give back the rest. Raises as ``CreditStore.settle``."""
        return self._noted(await self._store.settle(organisation_id, reference, amount))

    async def release(self, organisation_id: str, reference: str) -> Hold:
        """Give a hold back. Raises as ``CreditStore.release``."""
        return self._noted(await self._store.release(organisation_id, reference))

    async def grant(self, organisation: str, amount: int, reference: str, memo: str) -> Line:
        """Give credits. Raises ORGANISATION_NOT_FOUND, CREDIT_REFERENCE_TAKEN."""
        organisation_id = await self.account_of(organisation)
        line = await self._store.grant(organisation_id, amount, reference, memo)
        self._available.pop(organisation_id, None)  # a repeated grant tells what was available back then
        return line

    async def account_of(self, organisation: str) -> str:
        """The id of an organisation that is named by it or by its short name. Raises ORGANISATION_NOT_FOUND."""
        return (await self._organisations.organisation(organisation)).id

    async def balance(self, organisation_id: str) -> Balance:
        """What an organisation has."""
        return await self._store.balance(organisation_id)

    async def statement(self, organisation_id: str, before: int | None, limit: int) -> tuple[Line, ...]:
        """Transactions with ids below ``before``, the newest first."""
        return await self._store.statement(organisation_id, before, limit)

    async def _hold(self, organisation_id: str, amount: int, reference: str) -> Hold:
        try:
            return self._noted(
                await self._store.hold(organisation_id, amount, reference, self._now() + self._hold_time)
            )
        finally:
            self._promised[organisation_id] -= amount
            if not self._promised[organisation_id]:
                del self._promised[organisation_id]

    def _noted(self, hold: Hold) -> Hold:
        self._available[hold.organisation_id] = hold.available
        return hold


def _heard(hold: "asyncio.Future[Hold]") -> None:
    """A failure is for whoever asks whether the hold was placed; nobody has to."""
    if not hold.cancelled():
        hold.exception()
