"""A program for the kill test: holds and ends credits without end, and says what was acknowledged.

``spender.py <database> <round>``; each line is ``<what was done> <reference> <amount>``, written once it is durable.
Before a step a line says that it is ``about`` to be taken.
"""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from outrider.problems import OutriderError
from outrider.storage import Database, SqlCreditStore

ORGANISATION = "org"


def say(*words: object) -> None:
    os.write(sys.stdout.fileno(), f"{' '.join(map(str, words))}\n".encode())


async def spend(store: SqlCreditStore, name: str) -> None:
    number = 0
    while True:
        number += 1
        reference = f"{name}-{number}"
        try:
            say("about-hold", reference, 7)
            await store.hold(ORGANISATION, 7, reference, datetime.now(UTC) + timedelta(hours=1))
            say("hold", reference, 7)
        except OutriderError:
            say("about-grant", f"{reference}-grant", 100)
            await store.grant(ORGANISATION, 100, f"{reference}-grant", "")
            say("grant", f"{reference}-grant", 100)
            continue
        if number % 3 == 0:
            say("about-release", reference, 0)
            await store.release(ORGANISATION, reference)
            say("release", reference, 0)
        else:
            say("about-settle", reference, 5)
            await store.settle(ORGANISATION, reference, 5)
            say("settle", reference, 5)


async def main(path: Path, turn: int) -> None:
    async with await Database.open(path) as database, asyncio.TaskGroup() as group:
        store = SqlCreditStore(database)
        for number in range(4):
            group.create_task(spend(store, f"{turn}-{number}"))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
