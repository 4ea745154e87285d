"""What it costs to watch a session: pictures and their size, processor time, and the time to the first picture."""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from websockets.asyncio.client import ClientConnection, connect

from benchmarks.measure import Figure, Series, stopwatch
from benchmarks.pages.serve import serving
from benchmarks.plan import Plan
from benchmarks.sides.processes import descendants
from benchmarks.sides.server import Server

__all__ = ["run"]

_FOLDER: Final = Path(__file__).parents[1] / "pages" / "local"
_PAGES: Final = {"still page": "form.html", "scrolling page": "scrolling.html"}
_VIEWERS: Final = (0, 1, 4)
_TICKS_PER_SECOND: Final = os.sysconf("SC_CLK_TCK")


async def run(plan: Plan) -> list[Figure]:
    """Processor time is that of the server and of all processes of the browser, in per cent of one core."""
    found: list[Figure] = []
    async with Server.start(plan, warm_browsers=0) as server, serving({"local": _FOLDER}) as base:
        session = await server.make({})
        for case, page in _PAGES.items():
            await server.navigate(session["session_id"], f"{base}/local/{page}")
            found.append(await _first_picture(plan, case, session["vnc_url"]))
            for viewers in _VIEWERS:
                found += await _watched(plan, case, session["vnc_url"], viewers)
    return sorted(found, key=lambda figure: (figure.benchmark, figure.case))


async def _first_picture(plan: Plan, case: str, url: str) -> Figure:
    taken: list[float] = []
    for _ in range(plan.rounds(20, 5)):
        with stopwatch() as took:
            async with _viewer(url) as viewer:
                while not isinstance(await viewer.recv(), bytes):
                    continue
        taken.append(took.milliseconds)
    return Figure("live view", case, "connect to first picture", Series(tuple(taken)))


async def _watched(plan: Plan, case: str, url: str, viewers: int) -> list[Figure]:
    seconds = plan.rounds(5, 2)
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(_viewer(url)) for _ in range(viewers)]
        counts = [[0, 0] for _ in sockets]
        readers = [asyncio.create_task(_read(*pair)) for pair in zip(sockets, counts, strict=True)]
        await asyncio.sleep(1)  # the first pictures, and the start of the screencast
        before, started, seen = _processor_seconds(), time.perf_counter(), [tuple(count) for count in counts]
        await asyncio.sleep(seconds)
        took = time.perf_counter() - started
        after, now = _processor_seconds(), [tuple(count) for count in counts]
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)
    name = f"{viewers} viewer{'s' * (viewers != 1)}"
    figures = [
        Figure("processor time", case, f"{name}, {part}", Series((100 * (after[part] - before[part]) / took,)), "%")
        for part in after
    ]
    if sockets:
        pictures = [(new[0] - old[0]) / took for new, old in zip(now, seen, strict=True)]
        sent = sum(new[1] - old[1] for new, old in zip(now, seen, strict=True)) / took / len(sockets) / 1024
        remark = f"{sent:.0f} KiB/s each"
        figures.append(Figure("pictures", case, name, Series(tuple(pictures)), "per s", remark))
    return figures


@asynccontextmanager
async def _viewer(url: str) -> AsyncIterator[ClientConnection]:
    page, _, token = url.partition("#")
    address = f"ws{quote(page, safe='/:').removeprefix('http')}/socket"
    async with connect(address, proxy=None, max_size=None, compression=None) as socket:
        await socket.send(json.dumps({"type": "token", "token": token}))
        yield socket


async def _read(socket: ClientConnection, count: list[int]) -> None:
    """Take pictures as the page does; ``count`` is their number and bytes."""
    async for message in socket:
        if isinstance(message, bytes):
            count[0] += 1
            count[1] += len(message)
            await socket.send('{"type":"shown"}')


def _processor_seconds() -> dict[str, float]:
    """Of the server and of its browsers' processes so far."""
    spent = {"server": 0.0, "browser": 0.0}
    for pid in descendants(os.getpid()):
        folder = Path(f"/proc/{pid}")
        try:
            line, stat = (folder / "cmdline").read_bytes(), (folder / "stat").read_text()
        except OSError:
            continue  # it has ended
        part = "server" if b"serve" in line.split(b"\0") else "browser" if b"chrom" in line else ""
        if part:
            user, system = stat.rpartition(")")[2].split()[11:13]
            spent[part] += (int(user) + int(system)) / _TICKS_PER_SECOND
    return spent
