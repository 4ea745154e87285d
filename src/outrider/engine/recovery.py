"""Bringing sessions to rest whose owner is gone: at an owner's release, when the server stops, when it starts."""

import asyncio
from dataclasses import replace

from outrider.engine.journal import Journal
from outrider.engine.settlement import BROWSER_LOST, INTERRUPTED, after_restart, settlement
from outrider.interfaces.sessions import SessionInboxError, SessionRecord, SessionStore
from outrider.problems import OutriderError
from outrider.sessions.lifecycle import ENDED

__all__ = ["recover", "settle"]


async def settle(
    store: SessionStore,
    journal: Journal,
    session_id: str,
    epoch: int,
    reason: str,
    *,
    spare_commands: bool,
    code: str = INTERRUPTED,
) -> bool:
    """Apply the session's ``settlement``. False when commands wait that are to be spared for the next owner.

    What clients send meanwhile is never overlooked. Raises SessionFencedError when ``epoch`` has passed.
    """
    while True:
        commands = await store.inbox(session_id)
        record = await store.get(session_id)
        if record.state in ENDED:
            return True
        if commands and spare_commands:
            return False
        change = settlement(record, commands, reason, code)
        if change is None:
            return True
        try:
            await journal.apply(session_id, replace(change, epoch=epoch, inbox_empty=True))
        except SessionInboxError:
            continue  # a command came in between
        except OutriderError as problem:
            if problem.code != "INVALID_STATE":
                raise  # else: the state changed in between
        else:
            return True


async def recover(store: SessionStore, journal: Journal) -> int:
    """Bring all sessions to rest that the last process left, and fence that process; returns how many."""
    left = await store.unfinished()
    await asyncio.gather(*(_recover(store, journal, record.id) for record in left))
    return len(left)


async def _recover(store: SessionStore, journal: Journal, session_id: str) -> None:
    record = await store.raise_epoch(session_id)
    if record.state in ENDED:
        return
    change = after_restart(record, await store.inbox(session_id))
    if change.entries == (BROWSER_LOST,) and await _said_already(store, record):
        change = replace(change, entries=())
    await journal.apply(session_id, replace(change, epoch=record.epoch))


async def _said_already(store: SessionStore, record: SessionRecord) -> bool:
    """Nothing has happened since the last restart either."""
    last = await store.messages(record.id, record.last_message_id - 1, 1)
    return bool(last) and last[0].metadata.get("reason") == BROWSER_LOST.metadata["reason"]
