"""The files of snapshots: sealed, swept, removed when their time or their organisation is over."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
from tests.integration.environments.conftest import House, OpenHouse, evaluate, visit

from outrider.environments.blobs import FolderBlobs
from outrider.interfaces.environments import SnapshotMode
from outrider.interfaces.sessions import SessionSpec
from outrider.problems import OutriderError

pytestmark = pytest.mark.browser

SECRET = "a-secret-of-the-page"


async def saved(opened: House, site: str, mode: SnapshotMode = SnapshotMode.FILESYSTEM) -> SessionSpec:
    session = opened.session()
    first = await opened.open(session)
    await visit(first, site)
    await evaluate(first, f"document.cookie = 'token={SECRET}'; localStorage.token = '{SECRET}'")
    await opened.save(first, session, mode)
    return session


def files(opened: House) -> list[Path]:
    return sorted(opened.settings.snapshots_dir.iterdir())


async def test_a_file_shows_nothing_and_opens_with_no_other_key(house: OpenHouse, site: str) -> None:
    async with house() as opened:
        session = await saved(opened, site)
        (file,) = files(opened)
        content = await asyncio.to_thread(file.read_bytes)
        assert SECRET.encode() not in content

    async with house(key=b"x" * 32) as opened:
        with pytest.raises(OutriderError) as raised:
            await opened.again(session, SnapshotMode.FILESYSTEM)
        assert raised.value.code == "SNAPSHOT_UNREADABLE"
        assert "key" in raised.value.cause
        assert opened.pool.open_browsers == 0
        assert list(opened.settings.browsers_dir.iterdir()) == []


async def test_a_file_in_anothers_place_is_not_opened(house: OpenHouse, site: str) -> None:
    async with house() as opened:
        mine, theirs = await saved(opened, site), await saved(opened, site)
        first, second = files(opened)
        content = await asyncio.to_thread(first.read_bytes)
        await asyncio.to_thread(second.write_bytes, content)

        codes = []
        for session in (mine, theirs):
            try:
                await opened.again(session, SnapshotMode.FILESYSTEM)
            except OutriderError as problem:
                codes.append(problem.code)
        assert codes == ["SNAPSHOT_UNREADABLE"]


async def test_what_a_killed_server_left_is_swept(house: OpenHouse, site: str) -> None:
    async with house() as opened:
        session = await saved(opened, site)
        kept = files(opened)
        for name in ("0" * 32, f"{'1' * 32}.draft"):
            await asyncio.to_thread((opened.settings.snapshots_dir / name).write_bytes, b"half")

    async with house() as opened:
        assert files(opened) == kept
        await opened.again(session, SnapshotMode.FILESYSTEM)


@pytest.mark.parametrize("mode", list(SnapshotMode))
async def test_removal_leaves_neither_file_nor_browser(house: OpenHouse, site: str, mode: SnapshotMode) -> None:
    async with house() as opened:
        await saved(opened, site, mode)
        now = datetime.now(UTC)
        assert await opened.environments.remove_before(now - timedelta(days=1)) == 0
        assert await opened.environments.remove_before(now + timedelta(days=1)) == 1
        await saved(opened, site, mode)
        assert await opened.environments.remove_organisation("o-2") == 0
        assert await opened.environments.remove_organisation("o-1") == 1

        assert files(opened) == []
        assert opened.pool.open_browsers == 0


async def test_the_last_snapshot_counts_when_saving_fails(house: OpenHouse, site: str) -> None:
    async with house() as opened:
        session = await saved(opened, site)
        kept = files(opened)
        later, second = await opened.again(session, SnapshotMode.FILESYSTEM)
        await second.browser.close()
        with pytest.raises(OutriderError) as raised:
            await opened.save(second, later, SnapshotMode.FILESYSTEM)

        assert raised.value.code == "BROWSER_CRASHED"
        assert files(opened) == kept
        await opened.again(session, SnapshotMode.FILESYSTEM)


class SlowBlobs(FolderBlobs):
    """Opens a file only when it is told to."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.asked, self.go = threading.Event(), threading.Event()

    @contextmanager
    def reading(self, name: str) -> Iterator[BinaryIO]:
        self.asked.set()
        assert self.go.wait(20)
        with super().reading(name) as file:
            yield file


async def test_an_environment_that_is_saved_while_it_is_restored_comes_back_as_saved_last(
    house: OpenHouse, site: str
) -> None:
    made: list[SlowBlobs] = []

    def slow(folder: Path) -> SlowBlobs:
        made.append(SlowBlobs(folder))
        return made[-1]

    async with house(make_blobs=slow) as opened:
        session = await saved(opened, site)
        other = await opened.open(replace(session, restore=None))
        await visit(other, f"{site}/later")
        restoring = asyncio.create_task(opened.again(session, SnapshotMode.FILESYSTEM))
        await asyncio.to_thread(made[0].asked.wait, 20)
        await opened.save(other, session, SnapshotMode.FILESYSTEM)
        made[0].go.set()
        _, second = await restoring

        assert await evaluate(second, "location.pathname") == "/later"
