"""A program for the kill test: appends without end, and says on standard output what was acknowledged.

``appender.py <database> <writers>``; each line is ``<session id> <message id>``, written once the store has returned.
"""

import asyncio
import os
import sys
from pathlib import Path

from outrider.interfaces.sessions import Change, Entry, MessageType, SessionSpec
from outrider.storage import Database, SqlSessionStore


async def append(store: SqlSessionStore, session_id: str) -> None:
    spec = SessionSpec(session_id, "org", f"env-{session_id}", "agi-0", "scout", max_steps=1)
    await store.insert(spec)
    while True:
        _, messages = await store.apply(
            session_id, Change(entries=tuple(Entry(MessageType.LOG, f"{session_id}:{n}") for n in range(2)))
        )
        for message in messages:
            os.write(sys.stdout.fileno(), f"{session_id} {message.id}\n".encode())


async def main(path: Path, writers: int) -> None:
    async with await Database.open(path) as database, asyncio.TaskGroup() as group:
        store = SqlSessionStore(database)
        for number in range(writers):
            group.create_task(append(store, f"s-{number}"))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
