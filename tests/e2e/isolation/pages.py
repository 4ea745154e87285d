"""A site that plants something in a browser, and looks for what others have planted; what it finds it is sent."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from tests.e2e.api.serving import SECONDS

#: Every place where a page can keep something.
_PLANT: Final = """
document.cookie = 'planted=1; max-age=9999';
localStorage.planted = sessionStorage.planted = '1';
await new Promise(end => { const open = indexedDB.open('planted', 1);
    open.onupgradeneeded = () => open.result.createObjectStore('planted'); open.onsuccess = end; });
await (await caches.open('planted')).put('/kept', new Response('1'));
const root = await navigator.storage.getDirectory();
await root.getFileHandle('planted', {create: true});
await navigator.serviceWorker.register('/worker.js'); await navigator.serviceWorker.ready;
const channel = new BroadcastChannel('planted'); channel.onmessage = () => channel.postMessage('heard');
"""
_LOOK: Final = """
const found = {cookies: document.cookie, local: localStorage.planted ?? null};
found.databases = (await indexedDB.databases()).map(each => each.name);
found.caches = await caches.keys();
found.files = []; for await (const name of (await navigator.storage.getDirectory()).keys()) found.files.push(name);
found.workers = (await navigator.serviceWorker.getRegistrations()).length;
found.heard = await new Promise(end => { const channel = new BroadcastChannel('planted');
    channel.onmessage = () => end(true); channel.postMessage('anybody?');
    fetch('/moment').then(() => fetch('/moment')).then(() => end(false)); });
"""
_CACHED: Final = "const found = await fetch('/cached').then(answer => answer.text());"
_REACH: Final = """
const tries = TARGETS.map(target => fetch(target, {mode: 'no-cors'}).then(got => got.type, () => 'failed'));
const sockets = TARGETS.map(target => new Promise(end => { try {
    const socket = new WebSocket(target.replace('http', 'ws')); socket.onopen = () => end('open');
    socket.onclose = () => end('closed'); } catch { end('refused'); } }));
const found = [await Promise.all(tries), await Promise.all(sockets)];
"""
_READ: Final = """
const found = await Promise.all(TARGETS.map(target => fetch(target).then(got => got.text(), () => 'refused')));
"""
_SCRIPTS: Final = {"/plant": _PLANT + "const found = 'planted';", "/look": _LOOK, "/cache": _CACHED}
_SCRIPTS_WITH_TARGETS: Final = {"/reach": _REACH, "/read": _READ}


class Lair(ThreadingHTTPServer):
    """The site; ``report`` waits for what its pages have found."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.targets: list[str] = []
        #: How often ``/cached`` was asked for.
        self.fetched = 0
        self._reports: queue.Queue[tuple[str, Any]] = queue.Queue()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def put(self, path: str, report: Any) -> None:
        self._reports.put((path, report))

    def report(self, path: str) -> Any:
        """The next thing that the page of this path reports."""
        while True:
            reporter, report = self._reports.get(timeout=SECONDS)
            if reporter == path:
                return report

    def handle_error(self, *_: object) -> None:
        """Silent: browsers go away when they like."""


class _Handler(BaseHTTPRequestHandler):
    server: Lair
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/cached":
            self.server.fetched += 1
            self._answer(str(self.server.fetched), "text/plain", **{"Cache-Control": "max-age=9999"})
        elif self.path == "/worker.js":
            self._answer("", "text/javascript")
        elif self.path == "/file":
            self._answer("secret", "application/octet-stream", **{"Content-Disposition": "attachment; filename=f.txt"})
        else:
            script = _SCRIPTS.get(self.path) or _SCRIPTS_WITH_TARGETS.get(self.path, "const found = 0;")
            script = script.replace("TARGETS", json.dumps(self.server.targets))
            send = "await fetch('/report' + location.pathname, {method: 'POST', body: JSON.stringify(found)});"
            self._answer(
                f"<!doctype html><title>{self.path}</title><h1>Page</h1><a href=/file>File</a>"
                f"<script type=module>{script}{send}</script>"
            )

    def do_POST(self) -> None:
        self.server.put(
            self.path.removeprefix("/report"), json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        )
        self._answer("")

    def _answer(self, body: str, kind: str = "text/html", **headers: str) -> None:
        self.send_response(200)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body.encode())), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Silent."""


@contextmanager
def lair() -> Iterator[Lair]:
    """The site, for as long as the block runs."""
    with Lair() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(SECONDS)
