"""Windows that outlive a restart."""

import asyncio
import threading
import time
from pathlib import Path

import pytest
from tests.unit.limits.gates import Clock

from outrider.limits.window_file import kept_in
from outrider.limits.windows import Limit, RollingWindows, Verdict

LIMITS = (Limit("key", "key:1", 3),)


def wait_for(file: Path) -> None:
    deadline = time.monotonic() + 20
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.01)


async def restarted(file: Path, after: float, clock: Clock) -> RollingWindows:
    """A new process, whose clock began anew, so many seconds after the last writing."""
    windows = RollingWindows(60, Clock(7).monotonic)
    async with kept_in(file, windows, wall=lambda: clock.wall() + after):
        return windows


async def test_a_restart_gives_no_slot_back_and_ends_no_block(tmp_path: Path) -> None:
    file, clock = tmp_path / "windows.state", Clock(0)
    before = RollingWindows(60, clock.monotonic)
    async with kept_in(file, before, wall=clock.wall):
        await before.take("caller", LIMITS)
        clock.seconds = 10
        for _ in range(2 + 11 + 1):
            last = await before.take("caller", LIMITS)
        assert last.verdict is Verdict.BLOCKED
        clock.seconds = 15

    found = (await restarted(file, 5, clock)).keep()
    assert [found.at - used for used in found.slots["key:1"]] == [20, 10, 10]
    assert found.refusals == {"caller": (11, found.at + 50)}
    assert (await restarted(file, 60, clock)).keep().slots == {}


async def test_it_is_written_while_the_server_runs(tmp_path: Path) -> None:
    file, windows = tmp_path / "windows.state", RollingWindows(60)
    async with kept_in(file, windows, seconds=0.01):
        await windows.take("caller", LIMITS)
        await asyncio.to_thread(wait_for, file)
        copy = file.read_bytes()
    file.write_bytes(copy)  # what a crash would have left
    after = RollingWindows(60)
    async with kept_in(file, after):
        assert (await after.look(LIMITS))[0].remaining == 2


async def test_the_last_writing_waits_for_the_one_under_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, windows, begun, go_on = tmp_path / "windows.state", RollingWindows(60), threading.Event(), threading.Event()
    written: list[int] = []

    def slow(self: Path, data: bytes) -> int:
        begun.set()
        assert go_on.wait(20)
        written.append(len(data))
        with self.open("wb") as opened:
            return opened.write(data)

    monkeypatch.setattr(Path, "write_bytes", slow)
    async with kept_in(file, windows, seconds=0.01):
        await windows.take("caller", LIMITS)
        await asyncio.to_thread(begun.wait, 20)
        await windows.take("caller", LIMITS)
        asyncio.get_running_loop().call_later(0.1, go_on.set)
    assert sorted(written) == written
    assert len(written) == 2
    async with kept_in(file, after := RollingWindows(60)):
        assert (await after.look(LIMITS))[0].remaining == 1


async def test_a_damaged_file_or_a_clock_that_was_set_back_does_no_harm(tmp_path: Path) -> None:
    file, clock = tmp_path / "windows.state", Clock(0)
    windows = RollingWindows(60, clock.monotonic)
    file.write_bytes(b"no state")
    async with kept_in(file, windows, wall=clock.wall):
        await windows.take("caller", LIMITS)
    found = (await restarted(file, -3600, clock)).keep()
    assert found.slots == {"key:1": [found.at]}


async def test_a_folder_that_can_not_be_written_does_not_stop_the_server(tmp_path: Path) -> None:
    async with kept_in(tmp_path / "none" / "windows.state", RollingWindows(60)):
        pass
    assert not (tmp_path / "none").exists()
