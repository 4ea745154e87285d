"""Which parked browsers stay, which go, and what serves when one has gone."""

import asyncio
import os
import signal
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.integration.agents.worker import browsers_of
from tests.integration.environments.conftest import House, OpenHouse, evaluate, visit

from outrider.browsers.browser import Browser
from outrider.environments.memory import MemoryReserve, available_memory
from outrider.environments.parking import Parking
from outrider.interfaces.environments import BrowserState, Snapshot, SnapshotMode
from outrider.interfaces.sessions import SessionSpec

pytestmark = pytest.mark.browser

SECONDS = 20.0


async def parked(opened: House, site: str) -> SessionSpec:
    """A session whose browser was frozen at its end."""
    session = opened.session()
    first = await opened.open(session)
    await visit(first, site)
    await evaluate(first, "localStorage.token = 'l-1'")
    await opened.save(first, session, SnapshotMode.MEMORY)
    return session


async def mode_of(opened: House, session: SessionSpec) -> str:
    """How the session's environment comes back."""
    _, again = await opened.again(session, SnapshotMode.MEMORY)
    assert again.report is not None
    assert await evaluate(again, "localStorage.token") == "l-1"
    await again.browser.close()
    return again.report.mode


async def until(count: int, opened: House) -> None:
    """Wait until so many browsers are open; closing one sends no event."""
    async with asyncio.timeout(SECONDS):
        while opened.pool.open_browsers != count:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_the_oldest_goes_when_the_parking_is_full(house: OpenHouse, site: str) -> None:
    async with house(parked_browsers=1) as opened:
        older, newer = await parked(opened, site), await parked(opened, site)

        assert opened.pool.open_browsers == 1
        assert [await mode_of(opened, session) for session in (newer, older)] == ["memory", "filesystem"]


async def test_a_parked_browser_makes_room_for_a_session(house: OpenHouse, site: str) -> None:
    async with house(max_sessions=2, warm_browsers=0) as opened:
        session = await parked(opened, site)
        for _ in range(2):
            await opened.open(opened.session())

        assert opened.pool.open_browsers == 2
        assert len(opened.environments._parking) == 0
        assert await mode_of(opened, session) == "filesystem"


async def test_its_time_ends(house: OpenHouse, site: str) -> None:
    async with house(parked_seconds=0.2) as opened:
        session = await parked(opened, site)
        await until(0, opened)

        assert await mode_of(opened, session) == "filesystem"


async def test_none_is_kept_without_memory(house: OpenHouse, site: str) -> None:
    async with house(parked_free_bytes=2**60) as opened:
        session = await parked(opened, site)

        assert opened.pool.open_browsers == 0
        assert await mode_of(opened, session) == "filesystem"


async def test_all_go_when_memory_gets_short(house: OpenHouse, site: str) -> None:
    available = [2**40]
    async with house() as opened:
        session = opened.session()
        first = await opened.open(session)
        async with Parking(limit=3, seconds=0.1, free_bytes=2**30, available=lambda: available[0]) as parking:
            await first.browser.freeze()
            snapshot = Snapshot("e", "o", "s", "b", 1, SnapshotMode.MEMORY, datetime.now(UTC))
            await parking.park(first.browser, snapshot, BrowserState())
            available[0] = 0
            await until(0, opened)
            assert len(parking) == 0


async def test_a_session_does_not_drive_out_the_browser_that_it_restores(house: OpenHouse, site: str) -> None:
    async with house(max_sessions=1) as opened:
        session = await parked(opened, site)

        assert await mode_of(opened, session) == "memory"


async def test_parked_browsers_make_way_when_a_session_needs_the_memory(house: OpenHouse, site: str) -> None:
    async with house() as opened:
        sessions = [await parked(opened, site) for _ in range(3)]
        parking = opened.environments._parking
        opened.environments.reserve = MemoryReserve(2, lambda: 3 - len(parking))
        back = replace(sessions[0], restore=SnapshotMode.MEMORY)
        await opened.environments.make_room(back)
        assert len(parking) == 3  # it is parked itself
        await opened.environments.make_room(opened.session())

        assert opened.pool.open_browsers == len(parking) == 1
        assert [await mode_of(opened, session) for session in sessions] == ["filesystem", "filesystem", "memory"]


DOWNLOAD = """(() => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(['private']));
  link.download = 'report.txt';
  link.click();
})()"""


async def test_files_of_the_session_that_ended_are_not_there_for_the_next(house: OpenHouse, site: str) -> None:
    async with house() as opened:
        session = opened.session()
        first = await opened.open(session)
        browser = first.browser
        assert isinstance(browser, Browser)
        await visit(first, site)
        await evaluate(first, DOWNLOAD)
        assert await browser._downloads.until_finished(0, SECONDS)
        assert [path.name for path in browser.downloaded] == ["report.txt"]
        await asyncio.to_thread((browser.uploads / "offered.txt").write_text, "private")
        await opened.save(first, session, SnapshotMode.MEMORY)

        _, again = await opened.again(session, SnapshotMode.MEMORY)
        assert again.browser is browser
        assert browser.downloaded == ()
        assert await asyncio.to_thread(os.listdir, browser._downloads.folder) == []
        assert await asyncio.to_thread(os.listdir, browser.uploads) == []


async def test_one_that_was_killed_is_replaced_by_its_files(house: OpenHouse, site: str) -> None:
    async with house() as opened:
        session = await parked(opened, site)
        (process,) = browsers_of(opened.settings.browsers_dir)
        os.kill(process, signal.SIGKILL)

        assert await mode_of(opened, session) == "filesystem"


async def test_a_new_snapshot_of_the_environment_replaces_the_parked_browser(house: OpenHouse, site: str) -> None:
    async with house() as opened:
        session = await parked(opened, site)
        later, second = await opened.again(session, SnapshotMode.FILESYSTEM)
        await evaluate(second, "localStorage.other = 'l-2'")
        await opened.save(second, later, SnapshotMode.FILESYSTEM)

        assert opened.pool.open_browsers == 0
        assert await mode_of(opened, later) == "filesystem"


async def test_nothing_is_left_when_the_server_stops(house: OpenHouse, site: str) -> None:
    async with house() as opened:
        await parked(opened, site)
        folder = opened.settings.browsers_dir

    assert browsers_of(folder) == []
    assert list(folder.iterdir()) == []


def test_available_memory_is_some_of_the_machine() -> None:
    assert 2**20 < available_memory() < os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
