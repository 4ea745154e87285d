"""Who holds a browser that is parked: it is never lost, whoever comes at once."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from outrider.environments.parking import Parking
from outrider.interfaces.environments import BrowserState, Snapshot, SnapshotMode
from outrider.interfaces.pages import Browser


@dataclass
class SlowBrowser:
    """Takes its time to close."""

    may_close: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False

    async def close(self) -> None:
        await self.may_close.wait()
        self.closed = True


def snapshot(blob: str) -> Snapshot:
    return Snapshot("e-1", "o-1", "s-1", blob, 1, SnapshotMode.MEMORY, datetime.now(UTC))


async def test_of_two_parked_at_once_over_a_third_the_last_stays_and_the_others_are_closed() -> None:
    browsers = [SlowBrowser() for _ in range(3)]
    async with Parking(limit=3, seconds=60, free_bytes=0) as parking:
        first, *others = [
            asyncio.create_task(parking.park(cast("Browser", browser), snapshot(str(number)), BrowserState()))
            for number, browser in enumerate(browsers)
        ]
        await first
        for browser in browsers:
            browser.may_close.set()
        await asyncio.gather(*others)

        assert [browser.closed for browser in browsers] == [True, True, False]
        assert parking.take(snapshot("2")) is not None
