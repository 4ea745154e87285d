"""The bare browser: a process and its DevTools pipe, with nothing of Outrider in between.

This is the floor that the other candidates are compared with, so it does the least that can work.
"""

import asyncio
import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final, Self

__all__ = ["FLAGS", "BareBrowser", "BarePage", "bare_page", "find_binary"]

#: Given to every candidate that takes flags: quiet, and able to run as root.
FLAGS: Final = (
    "--no-sandbox",
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,800",
)
_BOX: Final = "(({x, y, width, height}) => [x, y, width, height])(document.querySelector(%s).getBoundingClientRect())"
_DEADLINE_SECONDS: Final = 30.0
_MESSAGE_LIMIT: Final = 1 << 28
_BINARIES: Final = (
    "/usr/lib/chromium/chromium-headless-shell",
    "chromium-headless-shell",
    "chromium",
    "google-chrome",
)


def find_binary() -> Path | None:
    """The browser to measure; the file behind Debian's start script where there is one."""
    found = (shutil.which(name) for name in _BINARIES)
    return next((Path(path) for path in found if path), None)


class BareBrowser:
    """A browser process and its DevTools pipe."""

    def __init__(self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = pid
        self._reader = reader
        self._writer = writer
        self._last_id = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._events: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def launch(cls, binary: Path, profile: Path, flags: Sequence[str] = ()) -> Self:
        """Start the process, with ``flags`` besides ``FLAGS``; it is not asked anything yet."""
        with _pipe() as (ours, theirs):
            pid = _spawn(binary, profile, theirs, flags)
            reader, writer = await asyncio.open_connection(sock=ours, limit=_MESSAGE_LIMIT)
        return cls(pid, reader, writer)

    async def call(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        """Send a command and return its result."""
        self._last_id += 1
        answer = self._answers[self._last_id] = asyncio.get_running_loop().create_future()
        command: dict[str, Any] = {"id": self._last_id, "method": method, "params": params}
        if session:
            command["sessionId"] = session
        self._writer.write(json.dumps(command).encode() + b"\0")
        async with asyncio.timeout(_DEADLINE_SECONDS):
            message = await answer
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']['message']}")
        result: dict[str, Any] = message["result"]
        return result

    def event(self, method: str) -> asyncio.Future[dict[str, Any]]:
        """The next event of this name, from any page; ask for it before you cause it."""
        return self._events.setdefault(method, asyncio.get_running_loop().create_future())

    async def attach(self) -> "BarePage":
        """The page that the browser opened at its start."""
        targets = (await self.call("Target.getTargets"))["targetInfos"]
        target = next(info["targetId"] for info in targets if info["type"] == "page")
        session = (await self.call("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
        return BarePage(self, session)

    async def close(self) -> None:
        """Kill the process group and wait for its end."""
        self._reading.cancel()
        self._writer.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        await asyncio.to_thread(os.waitpid, self.pid, 0)

    async def _read(self) -> None:
        while True:
            message = json.loads((await self._reader.readuntil(b"\0"))[:-1])
            if "id" in message:
                waiting = self._answers.pop(message["id"], None)
            else:
                waiting = self._events.pop(message["method"], None)
            if waiting is not None and not waiting.done():
                waiting.set_result(message)


class BarePage:
    """The page of a bare browser, by raw commands."""

    def __init__(self, browser: BareBrowser, session: str) -> None:
        self._browser = browser
        self._session = session
        self._world = 0

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command to the page."""
        return await self._browser.call(method, self._session, **params)

    async def evaluate(self, expression: str) -> Any:
        """The JSON value of an expression, or of its promise, in the page's own world."""
        answer = await self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        return answer["result"].get("value")

    async def goto(self, url: str) -> None:
        """Open an address, wait for its load event and make an isolated world in it."""
        await self.call("Page.enable")
        loaded = self._browser.event("Page.loadEventFired")
        frame = (await self.call("Page.navigate", url=url))["frameId"]
        async with asyncio.timeout(_DEADLINE_SECONDS):
            await loaded
        self._world = (await self.call("Page.createIsolatedWorld", frameId=frame))["executionContextId"]

    async def evaluate_isolated(self, expression: str) -> Any:
        """The JSON value of an expression, in the isolated world of the last ``goto``."""
        answer = await self.call("Runtime.evaluate", expression=expression, contextId=self._world, returnByValue=True)
        return answer["result"].get("value")

    async def centre_of(self, selector: str) -> tuple[float, float]:
        """The middle of an element's box."""
        x, y, width, height = await self.evaluate(_BOX % json.dumps(selector))
        return x + width / 2, y + height / 2

    async def click(self, x: float, y: float) -> None:
        """Move, press and release at a point, without looking what is there."""
        for kind, buttons in (("mouseMoved", 0), ("mousePressed", 1), ("mouseReleased", 0)):
            await self.call(
                "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=buttons, clickCount=1
            )


@asynccontextmanager
async def bare_page(binary: Path, profile: Path, flags: Sequence[str] = ()) -> AsyncIterator[BarePage]:
    """A page of a browser of its own."""
    browser = await BareBrowser.launch(binary, profile, flags)
    try:
        yield await browser.attach()
    finally:
        await browser.close()


@contextmanager
def _pipe() -> Iterator[tuple[socket.socket, int]]:
    """Our end, and a descriptor of the browser's end above 9, clear of the numbers that it is copied to."""
    ours, theirs = socket.socketpair()
    copy = fcntl.fcntl(theirs.fileno(), fcntl.F_DUPFD_CLOEXEC, 10)
    theirs.close()
    try:
        yield ours, copy
    finally:
        os.close(copy)


def _spawn(binary: Path, profile: Path, pipe: int, more: Sequence[str]) -> int:
    null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    copies = [(os.POSIX_SPAWN_DUP2, null, number) for number in (0, 1, 2)]
    copies += [(os.POSIX_SPAWN_DUP2, pipe, number) for number in (3, 4)]
    flags = ("--headless", "--remote-debugging-pipe", *FLAGS, *more, f"--user-data-dir={profile}")
    try:
        return os.posix_spawn(
            binary, (str(binary), *flags, "about:blank"), dict(os.environ), file_actions=copies, setpgroup=0
        )
    finally:
        os.close(null)
