"""When a task goes on by itself whose viewer has left, and when it stays as it is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.unit.sessions.test_operations import ME, House, house, idling

from outrider.interfaces.sessions import Change, State
from outrider.sessions.takeovers import Takeovers, given_back, taken_over

PAUSED = Change("pause", (taken_over("Anna"),), ("pause", {}))
RESUMED = Change("resume", (given_back("Anna"),), ("resume", {}))


async def paused(opened: House, *changes: Change) -> str:
    """A session whose task a viewer took over, and what came after."""
    session_id = await opened.session()
    await opened.operations.send_message(ME, session_id, "Read it.")
    for change in (PAUSED, *changes):
        await opened.engine.send(session_id, change)
    return session_id


async def settled(opened: House, session_id: str, *, is_held: bool = False) -> State:
    takeovers = Takeovers(
        opened.engine,
        opened.store,
        grace=timedelta(seconds=1),
        is_held=lambda _: is_held,
        now=lambda: datetime.now(UTC),
    )
    await takeovers.settle({"session_id": session_id, "holder": "Anna"})
    return (await opened.store.get(session_id)).state


async def test_it_goes_on_when_nobody_holds_it(tmp_path: Path) -> None:
    async with house(tmp_path, idling) as opened:
        session_id = await paused(opened)
        assert await settled(opened, session_id) is State.RUNNING
        last = (await opened.store.messages(session_id))[-1]
        assert (last.content, last.metadata["event"]) == (
            "“Anna” left without giving mouse and keyboard back; the task goes on.",
            "resumed",
        )


async def test_it_stays_when_somebody_has_it_again(tmp_path: Path) -> None:
    async with house(tmp_path, idling) as opened:
        assert await settled(opened, await paused(opened), is_held=True) is State.PAUSED


async def test_it_stays_when_it_was_paused_by_other_means_since(tmp_path: Path) -> None:
    async with house(tmp_path, idling) as opened:
        session_id = await paused(opened, RESUMED)
        await opened.operations.pause(ME, session_id)
        assert await settled(opened, session_id) is State.PAUSED


@pytest.mark.parametrize(("event", "state"), [("resume", State.RUNNING), ("cancel", State.CANCELLED)])
async def test_nothing_is_left_to_do(tmp_path: Path, event: str, state: State) -> None:
    async with house(tmp_path, idling) as opened:
        session_id = await paused(opened, Change(event, (), (event, {})))
        before = await opened.store.messages(session_id)
        assert await settled(opened, session_id) is state
        assert await opened.store.messages(session_id) == before


async def test_a_session_that_is_gone(tmp_path: Path) -> None:
    async with house(tmp_path, idling) as opened:
        takeovers = Takeovers(
            opened.engine, opened.store, grace=timedelta(0), is_held=lambda _: False, now=lambda: datetime.now(UTC)
        )
        await takeovers.settle({"session_id": "purged long ago", "holder": ""})
