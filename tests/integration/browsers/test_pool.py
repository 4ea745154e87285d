"""Browsers come and go without a trace."""

import asyncio
import signal
import sys
import threading
from pathlib import Path

import pytest

from outrider.browsers.pool import BrowserPool
from outrider.config import Settings
from outrider.interfaces import pages as contracts
from outrider.problems import OutriderError

pytestmark = pytest.mark.browser

_PARENT = """
import asyncio, sys
from pathlib import Path
from outrider.browsers.pool import BrowserPool
from outrider.config import Settings

async def main() -> None:
    async with BrowserPool(Settings(data_dir=Path(sys.argv[1]), warm_browsers=1)) as pool:
        browser = await pool.acquire()
        await pool.ready()
        print(browser.pid, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def processes_of(folder: Path) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            line = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if entry.name.isdecimal() and f"{folder}/browsers/".encode() in line and alive(int(entry.name)):
            found.append(int(entry.name))
    return found


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_the_contracts_are_kept(settings: Settings) -> None:
    async with BrowserPool(settings) as pool:
        kept: contracts.BrowserPool = pool
        browser: contracts.Browser = await kept.acquire()
        assert (await browser.page.screenshot()).url == "about:blank"


async def test_a_warm_browser_is_there_at_once(settings: Settings) -> None:
    async with BrowserPool(settings.model_copy(update={"warm_browsers": 1})) as pool:
        await pool.ready()
        first = await pool.acquire()
        second = await pool.acquire()
        assert first.folder != second.folder
        assert (await first.page.observe()).url == "about:blank"


async def test_cycles_leave_nothing(settings: Settings, tmp_path: Path) -> None:
    async with BrowserPool(settings.model_copy(update={"warm_browsers": 1})) as pool:
        await (await pool.acquire()).close()
        await pool.ready()
        before = open_descriptors()
        for _ in range(20):
            await (await pool.acquire()).close()
        await pool.ready()
        assert open_descriptors() <= before
        assert len(list(settings.browsers_dir.iterdir())) == 1
    assert processes_of(tmp_path) == []
    assert list(settings.browsers_dir.iterdir()) == []


async def test_a_closed_pool_closes_its_browsers_and_gives_no_more(settings: Settings, tmp_path: Path) -> None:
    async with BrowserPool(settings) as pool:
        browsers = await asyncio.gather(pool.acquire(), pool.acquire())
    assert all(browser.has_ended for browser in browsers)
    assert processes_of(tmp_path) == []
    await browsers[0].close()
    with pytest.raises(OutriderError) as caught:
        await pool.acquire()
    assert caught.value.code == "SERVER_STOPPING"


async def test_a_cancelled_acquire_keeps_the_browser_for_the_next(settings: Settings) -> None:
    async with BrowserPool(settings.model_copy(update={"warm_browsers": 1})) as pool:
        first = asyncio.create_task(pool.acquire())
        await asyncio.wait([first], timeout=0.01)
        first.cancel()
        await asyncio.wait([first])
        assert (await pool.acquire()).pid


async def test_no_browser_on_the_machine(settings: Settings) -> None:
    async with BrowserPool(settings.model_copy(update={"browser_binary": Path("/nowhere/chromium")})) as pool:
        with pytest.raises(OutriderError) as caught:
            await pool.acquire()
    assert caught.value.code == "BROWSER_NOT_INSTALLED"


async def test_a_program_that_is_no_browser(settings: Settings) -> None:
    async with BrowserPool(settings.model_copy(update={"browser_binary": Path(sys.executable)})) as pool:
        with pytest.raises(OutriderError) as caught:
            await pool.acquire()
    assert caught.value.code == "BROWSER_START_FAILED"
    assert "unknown option" in caught.value.cause
    assert list(settings.browsers_dir.iterdir()) == []


async def test_what_a_killed_server_left_is_swept(settings: Settings, tmp_path: Path) -> None:
    program = (sys.executable, "-c", _PARENT, str(tmp_path))
    parent = await asyncio.create_subprocess_exec(*program, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    pid = int(await parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    await parent.communicate()
    assert list(settings.browsers_dir.iterdir())
    async with BrowserPool(settings):
        assert list(settings.browsers_dir.iterdir()) == []
        await asyncio.to_thread(_until_gone, pid)
    assert processes_of(tmp_path) == []


def _until_gone(pid: int) -> None:
    ended = threading.Event()
    for _ in range(500):
        if not alive(pid):
            return
        ended.wait(0.01)
    pytest.fail(f"{pid} is still there")
