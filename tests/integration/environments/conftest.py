"""Environments with everything real: Chromium, SQLite, sealed files, and a site that keeps all kinds of state."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from outrider.browsers.browser import Browser
from outrider.browsers.pool import BrowserPool
from outrider.config import Settings, load_settings
from outrider.environments.blobs import FolderBlobs
from outrider.environments.environments import Environments, Opened
from outrider.identities.sealing import Sealer
from outrider.interfaces.actions import Navigate
from outrider.interfaces.environments import BlobStore, Snapshot, SnapshotMode
from outrider.interfaces.sessions import SessionSpec
from outrider.storage import Database, SqlSnapshotStore

PAGE = "<!doctype html><title>Site</title><h1>Site</h1>"
WORKER = """self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(clients.claim()));
self.addEventListener('fetch', (event) => {
  if (event.request.url.endsWith('/from-worker')) event.respondWith(new Response('made by the worker'));
});"""
COOKIES = (
    "kept=1; Max-Age=3600; HttpOnly; SameSite=Strict",
    "session=2; HttpOnly",
    "secure=3; Secure; SameSite=None",
    "__Host-own=4; Secure; Path=/",
    "split=5; Secure; SameSite=None; Path=/; Partitioned",
)


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        worker = self.path == "/worker.js"
        body = (WORKER if worker else PAGE + self._frame()).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if worker else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for cookie in COOKIES if self.path == "/cookies" else ():
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(body)

    def _frame(self) -> str:
        """What the page embeds: ``/around/…`` has a frame of the machine's other name, which is another site."""
        around, _, inner = self.path.removeprefix("/").partition("/")
        if around != "around":
            return ""
        name, port = str(self.headers["Host"]).split(":")
        other = {"localhost": "127.0.0.1", "127.0.0.1": "localhost"}[name]
        return f'<iframe src="http://{other}:{port}/{inner}"></iframe>'

    def log_message(self, *arguments: Any) -> None:
        del arguments


@pytest.fixture
def site() -> Iterator[str]:
    """On the name ``localhost``, where browsers give a page all that needs a secure origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class House:
    """Open environments, and what a session does with them."""

    environments: Environments
    store: SqlSnapshotStore
    settings: Settings
    pool: BrowserPool

    def session(self, environment_id: str | None = None, restore: SnapshotMode | None = None) -> SessionSpec:
        environment_id = environment_id or str(uuid4())
        return SessionSpec(str(uuid4()), "o-1", environment_id, "scout", "scout", max_steps=9, restore=restore)

    async def open(self, session: SessionSpec) -> Opened:
        async with asyncio.timeout(30):
            return await self.environments.open(session)

    async def save(self, opened: Opened, session: SessionSpec, mode: SnapshotMode) -> Snapshot:
        async with asyncio.timeout(30):
            return await self.environments.save(opened.browser, session, mode, is_default=False)

    async def again(self, session: SessionSpec, mode: SnapshotMode) -> tuple[SessionSpec, Opened]:
        """A new session that restores the environment of another."""
        later = replace(session, id=str(uuid4()), restore=mode)
        return later, await self.open(later)


OpenHouse = Callable[..., AbstractAsyncContextManager[House]]


@pytest.fixture
def house(tmp_path: Path) -> OpenHouse:
    """``async with house(**settings) as opened``; ``key`` seals the snapshots."""

    @asynccontextmanager
    async def open_house(
        *, key: bytes = b"k" * 32, make_blobs: Callable[[Path], BlobStore] = FolderBlobs, **given: Any
    ) -> AsyncIterator[House]:
        defaults: dict[str, Any] = {"data_dir": tmp_path, "warm_browsers": 0, "parked_free_bytes": 0}
        settings = load_settings(**(defaults | given))
        async with await Database.open(settings.database_path) as database, BrowserPool(settings) as pool:
            store = SqlSnapshotStore(database)
            blobs = make_blobs(settings.snapshots_dir)
            async with Environments(pool, store, blobs, Sealer([key]), settings) as environments:
                yield House(environments, store, settings, pool)

    return open_house


async def visit(opened: Opened, url: str) -> None:
    await opened.browser.page.act(Navigate(url))


async def evaluate(opened: Opened, script: str) -> Any:
    """The value of an expression, or of its promise, in the page's own world."""
    assert isinstance(opened.browser, Browser)
    tab = await opened.browser._tabs.current()
    answer = await tab.session.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
    assert "exceptionDetails" not in answer, answer
    return answer["result"].get("value")
